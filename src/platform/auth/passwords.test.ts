import { expect, test } from 'vitest'
import { piecesOf, refuseCommonPassword } from './passwords.ts'

test.each([
  'password123',
  'Passw0rd2024!',
  '1234567890',
  'qwertyuiop',
  'qwerty12345',
  '1q2w3e4r5t',
  '1qaz2wsx3edc',
  'aaaaaaaaaaaa',
  'iloveyou2020',
  'abcabcabcabc',
  'throughline1',
  'Throughline2026!',
  'P@$$w0rd1234',
])('%s is among the first that are guessed', (password) => {
  expect(() => refuseCommonPassword(password)).toThrow('among the first')
})

test.each(['a long password', 'correct horse battery staple', '7391046258', 'kjqzwvpxtm', 'übernächste Woche'])(
  '%s is taken',
  (password) => {
    expect(() => refuseCommonPassword(password)).not.toThrow()
  },
)

test('what is known of the person counts as no choice', () => {
  expect(piecesOf('robinexample1')).toBeGreaterThan(3)
  expect(() => refuseCommonPassword('RobinExample1', ['Robin Example', 'robin@acme.example'])).toThrow(
    'among the first',
  )
})
