import { expect, test } from 'vitest'
import { isPrivate } from './address.ts'

test.each([
  '127.0.0.1',
  '10.1.2.3',
  '172.16.0.1',
  '192.168.1.1',
  '169.254.169.254',
  '0.0.0.0',
  '100.64.1.1',
  '::1',
  '::',
  'fd00::1',
  'fe80::1',
  '::ffff:10.0.0.1',
  '224.0.0.1',
  '255.255.255.255',
])('%s lies within the own network', (address) => {
  expect(isPrivate(address)).toBe(true)
})
test.each(['8.8.8.8', '172.32.0.1', '193.0.0.1', '2606:4700::1111'])('%s does not', (address) => {
  expect(isPrivate(address)).toBe(false)
})
