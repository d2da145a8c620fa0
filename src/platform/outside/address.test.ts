import ipaddr from 'ipaddr.js'
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
  '192.0.0.8',
  '192.0.2.1',
  '192.88.99.1',
  '198.18.0.1',
  '198.51.100.1',
  '203.0.113.1',
  '240.0.0.1',
  '::10.0.0.1',
  '::7f00:1',
  '::ffff:8.8.8.8',
  '::ffff:0:10.0.0.1',
  '64:ff9b::a00:1',
  '64:ff9b:1::a00:1',
  '100::1',
  '2001::1',
  '2001:0:53aa::1',
  '2001:db8::1',
  '2002:a00:1::1',
  '2002:7f00:1::1',
  '3fff::1',
  '5f00::1',
  'fec0::1',
  'fe80::1%eth0',
  'ff02::1',
  '4000::1',
  'no address',
])('%s is no address of the public internet', (address) => {
  expect(isPrivate(address)).toBe(true)
})
test.each(['8.8.8.8', '172.32.0.1', '193.0.0.1', '192.0.1.1', '223.255.255.1', '2606:4700::1111', '2a00:1450:4001::1'])(
  '%s is one',
  (address) => {
    expect(isPrivate(address)).toBe(false)
  },
)

/** One address of every network that IANA's registries of special-purpose addresses call not globally reachable (RFC 6890 and its updates). */
test('every block that is not globally reachable is refused at its first and its last address', () => {
  const blocks = [
    '0.0.0.0/8',
    '10.0.0.0/8',
    '100.64.0.0/10',
    '127.0.0.0/8',
    '169.254.0.0/16',
    '172.16.0.0/12',
    '192.0.0.0/24',
    '192.0.2.0/24',
    '192.168.0.0/16',
    '198.18.0.0/15',
    '198.51.100.0/24',
    '203.0.113.0/24',
    '224.0.0.0/4',
    '240.0.0.0/4',
    '::/96',
    '::ffff:0:0/96',
    '::ffff:0:0:0/96',
    '64:ff9b::/96',
    '64:ff9b:1::/48',
    '100::/64',
    '2001::/32',
    '2001:2::/48',
    '2001:db8::/32',
    '2002::/16',
    '3fff::/20',
    '5f00::/16',
    'fc00::/7',
    'fe80::/10',
    'fec0::/10',
    'ff00::/8',
  ]
  const reached = blocks.flatMap((block) => {
    const [first, bits] = ipaddr.parseCIDR(block)
    const bytes = first.toByteArray()
    const last = ipaddr.fromByteArray(bytes.map((byte, i) => byte | (0xff >> Math.min(8, Math.max(0, bits - 8 * i)))))
    return [first, last].map((one) => one.toString()).filter((one) => !isPrivate(one))
  })
  expect(reached).toEqual([])
})
