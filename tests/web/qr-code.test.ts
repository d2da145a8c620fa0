import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { qrCode } from '../../web/ui/qr-code.ts'

// Every one of these was read back by a decoder when it was written; a change that moves a module shows here.
test.each([
  ['short', 21, 'c6a29dbc76688e3c'],
  [
    `otpauth://totp/Throughline:robin%40example.com?secret=${'ABCD'.repeat(13)}&issuer=Throughline`,
    49,
    'a12d25e94c8d1ccd',
  ],
  [`otpauth://totp/${'long'.repeat(90)}`, 77, 'c93be4fdf4ad7bde'],
])('%s', (text, size, hash) => {
  const modules = qrCode(text)
  expect(modules).toHaveLength(size)
  const bits = modules.flat().map(Number).join('')
  expect(createHash('sha256').update(bits).digest('hex').slice(0, 16)).toBe(hash)
})

test('what no code of this size holds is refused', () => {
  expect(() => qrCode('x'.repeat(700))).toThrow('too long')
})
