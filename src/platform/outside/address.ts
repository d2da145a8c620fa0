/** Addresses that people name must not be a way into the network that the server stands in. */
import { lookup, type LookupAddress } from 'node:dns'
import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'
import { invalid } from '../errors.ts'

/** All that is given out to the public internet; what else begins otherwise leads to other networks, or to IPv4 addresses in disguise. */
const globalIpv6 = ipaddr.IPv6.parseCIDR('2000::/3')

/** Whether it is anything but a globally reachable address of one machine. What is no address at all is not reachable either. */
export function isPrivate(address: string): boolean {
  if (!ipaddr.isValid(address)) return true
  const parsed = ipaddr.parse(address)
  if (parsed.range() !== 'unicast') return true
  return parsed instanceof ipaddr.IPv6 && !parsed.match(globalIpv6)
}

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
