import { expect, test } from 'vitest'
import { readConfig } from './config.ts'

test('a setting that is no number, or too small, is named with what would do; an empty one is as if it were absent', () => {
  const read = (env: Record<string, string>) => () => readConfig({}, env)
  expect(read({ THROUGHLINE_ANSWERS_MB: 'lots' })).toThrow(
    'THROUGHLINE_ANSWERS_MB must be a number of at least 0, not “lots”.',
  )
  expect(read({ THROUGHLINE_WAREHOUSE_THREADS: '0' })).toThrow(
    'THROUGHLINE_WAREHOUSE_THREADS must be a number of at least 1',
  )
  expect(read({ THROUGHLINE_WAREHOUSE_MEMORY_MB: '-5' })).toThrow('at least 1, not “-5”')
  expect(readConfig({}, { THROUGHLINE_ANSWERS_MB: '0' }).answersMb).toBe(0)
  expect(readConfig({}, { THROUGHLINE_ANSWERS_MB: '' }).answersMb).toBe(16)
})

test('the sign-on is whole or it is refused with what is missing, and passwords are turned off only beside it', () => {
  const issuer = { THROUGHLINE_OIDC_ISSUER: 'https://id.example.com/', THROUGHLINE_OIDC_CLIENT_ID: 'throughline' }
  const read = (env: Record<string, string>) => () => readConfig({}, env)
  expect(readConfig({}, {})).toMatchObject({ signOn: null, hasPasswords: true })
  expect(readConfig({}, { ...issuer, THROUGHLINE_PASSWORDS: 'off' })).toMatchObject({
    hasPasswords: false,
    signOn: {
      name: 'id.example.com',
      issuer: 'https://id.example.com',
      clientSecret: null,
      scopes: ['openid', 'email', 'profile'],
      groupsClaim: 'groups',
      roles: [],
      joinsByGroup: false,
      trustsEmail: false,
    },
  })
  const roles = '[{"group":"CN=PMs,OU=Product","workspace":"acme","role":"product-manager"}]'
  expect(readConfig({}, { ...issuer, THROUGHLINE_OIDC_ROLES: roles }).signOn!.roles).toEqual([
    { group: 'CN=PMs,OU=Product', workspace: 'acme', role: 'product-manager' },
  ])
  expect(read({ THROUGHLINE_PASSWORDS: 'off' })).toThrow('nobody could sign in')
  expect(read({ THROUGHLINE_OIDC_ISSUER: 'http://id.example.com' })).toThrow('begins with https://')
  expect(read({ THROUGHLINE_OIDC_ISSUER: 'https://id.example.com' })).toThrow('THROUGHLINE_OIDC_CLIENT_ID is needed')
  expect(read({ ...issuer, THROUGHLINE_PASSWORDS: 'no' })).toThrow('must be on or off, not “no”')
  for (const wrong of ['x', '{}', '[{"group":"x","workspace":"acme","role":"boss"}]'])
    expect(read({ ...issuer, THROUGHLINE_OIDC_ROLES: wrong })).toThrow('THROUGHLINE_OIDC_ROLES must be a list such as')
})
