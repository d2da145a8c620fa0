import { expect, test } from 'vitest'
import { bug, conflict, invalid, limit } from '../../platform/errors.ts'
import { errorBody } from './errors.ts'

test('what a person can act on is told with its details; what is our own fault stays in the log under the request’s id', () => {
  expect(errorBody(invalid('“name”: too long', { issues: [] }), 'r1')).toEqual({
    status: 400,
    isOurs: false,
    body: { error: { code: 'invalid', message: '“name”: too long', details: { issues: [] } } },
  })
  expect(errorBody(conflict('Changed meanwhile.'), 'r1')).toMatchObject({ status: 409, isOurs: false })
  expect(errorBody(limit('Too large.'), 'r1')).toMatchObject({ status: 413 })
  for (const error of [
    bug('select * from member'),
    new Error('relation "member" does not exist'),
    'thrown text',
    undefined,
  ]) {
    expect(errorBody(error, 'r1')).toEqual({
      status: 500,
      isOurs: true,
      body: { error: { code: 'bug', message: "Something went wrong on our side. The server's log has it under r1." } },
    })
  }
})
