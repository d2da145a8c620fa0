/** Addresses that people name must not be a way into the network that the server stands in. */
import { lookup, type LookupAddress } from 'node:dns'
import { BlockList, isIP } from 'node:net'
import { invalid } from '../errors.ts'

const privateNets = new BlockList()
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const)
  privateNets.addSubnet(net, bits)
for (const [net, bits] of [
  ['::', 127],
  ['64:ff9b::', 96],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const)
  privateNets.addSubnet(net, bits, 'ipv6')
export const isPrivate = (address: string): boolean => privateNets.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')

/**
 * @param instead what serves in place of a name and a password in the address
 * @throws invalid for what is no address to speak to
 */
export function parseOutsideUrl(text: string, mayReachPrivate: boolean, instead: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null
  if (!url || !['https:', 'http:'].includes(url.protocol))
    throw invalid('“url”: an address that begins with https:// is needed.')
  if (url.username || url.password) throw invalid(`“url”: leave name and password out; ${instead}.`)
  if (url.protocol === 'http:' && !mayReachPrivate)
    throw invalid('“url”: only https:// is allowed, so that nobody reads along.')
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (!mayReachPrivate && (isIP(host) !== 0 ? isPrivate(host) : /(^|\.)localhost$/i.test(host))) throw refused()
  return url
}

const refused = () =>
  invalid(
    '“url”: this address lies within the server’s own network. Whoever runs the server can allow that by THROUGHLINE_ALLOW_PRIVATE_WEBHOOKS.',
  )

/** The check is made on the address that is connected to, so that a name cannot be turned elsewhere in between. */
export const guardedLookup = (mayReachPrivate: boolean): typeof lookup =>
  ((
    host: string,
    options: object,
    done: (error: Error | null, address?: string | LookupAddress[], family?: number) => void,
  ) => {
    lookup(host, { ...options, all: true }, (error, found) => {
      if (error) {
        done(error)
        return
      }
      const list = found as LookupAddress[]
      if (!mayReachPrivate && list.some((one) => isPrivate(one.address))) {
        done(refused())
        return
      }
      if ('all' in options && options.all) done(null, list)
      else done(null, list[0]!.address, list[0]!.family)
    })
  }) as typeof lookup
