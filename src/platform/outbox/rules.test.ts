import { expect, test } from 'vitest'
import { outside, precondition, invalid } from '../errors.ts'
import { chatBody, failureOf, nextTryAt } from './rules.ts'

const now = new Date('2026-03-01T09:00:00Z')

test('it is tried again after longer and longer pauses, for a day and a half, and then no more', () => {
  expect([1, 2, 3, 4, 5, 6, 7].map((n) => nextTryAt(n, now)?.toISOString() ?? null)).toEqual([
    '2026-03-01T09:01:00.000Z',
    '2026-03-01T09:05:00.000Z',
    '2026-03-01T09:30:00.000Z',
    '2026-03-01T11:00:00.000Z',
    '2026-03-01T17:00:00.000Z',
    '2026-03-02T09:00:00.000Z',
    null,
  ])
})

const cause = (fields: object) => outside('x', Object.assign(new Error('x'), fields))
test.each([
  ['a mailbox that does not exist', cause({ responseCode: 550, code: 'EENVELOPE' }), 'never'],
  ['a mailbox that is busy', cause({ responseCode: 451, code: 'EMESSAGE' }), 'again'],
  ['what is no address', cause({ code: 'EENVELOPE' }), 'never'],
  ['a mail server that cannot be reached', cause({ code: 'ESOCKET', syscall: 'connect' }), 'again'],
  ['a password that the mail server refuses', cause({ code: 'EAUTH', responseCode: 535 }), 'again'],
  ['a mail server that cannot look the password up', cause({ code: 'EAUTH', responseCode: 454 }), 'again'],
  ['a connection that broke off', cause({ code: 'ECONNECTION' }), 'unsure'],
  ['no answer in time', outside('x', new Error('no answer in time')), 'unsure'],
  ['a receiver in trouble', outside('x', null, { status: 503 }), 'again'],
  ['a gateway whose receiver may have taken it', outside('x', null, { status: 504 }), 'unsure'],
  ['a gateway that read nonsense', outside('x', null, { status: 502 }), 'unsure'],
  ['a receiver that is asked too often', outside('x', null, { status: 429 }), 'again'],
  ['a receiver that does not want it', outside('x', null, { status: 404 }), 'never'],
  ['no mail server', precondition('x'), 'again'],
  ['an address in the own network', invalid('x'), 'never'],
  ['a fault of ours', new Error('x'), 'unsure'],
] as const)('%s', (_, error, failure) => {
  expect(failureOf(error)).toBe(failure)
})

test('chat systems get a text and a link in the form that each takes, and nothing in the text is markup', () => {
  expect(
    JSON.parse(chatBody('slack', { text: 'a <b> & c', link: { title: 'Open | it', url: 'https://x.example' } })),
  ).toEqual({
    text: 'a &lt;b&gt; &amp; c\n<https://x.example|Open / it>',
  })
  expect(chatBody('teams', { text: 'a', link: { title: 'Open', url: 'https://x.example' } })).toContain(
    '"actions":[{"type":"Action.OpenUrl","title":"Open","url":"https://x.example"}]',
  )
})
