/** A file fetched from an address that a person named: the same guard as webhooks, no surprise on the way. */
import type { IncomingMessage } from 'node:http'
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { isProductError, outside } from '../errors.ts'
import { guardedLookup, parseOutsideUrl } from './address.ts'

export interface DownloadAsk {
  header?: { name: string; value: string } | null
  etag?: string | null
  lastModified?: string | null
  signal?: AbortSignal
}
/** What the address holds: the same as before, or a file whose bytes are yet to be read. */
export type Download =
  | { kind: 'unchanged' }
  | { kind: 'file'; name: string; etag: string | null; lastModified: string | null; bytes: AsyncIterable<Uint8Array> }
export interface Downloads {
  readonly mayReachPrivate: boolean
  open(url: string, ask: DownloadAsk): Promise<Download>
}

/** @throws invalid for what is no address to fetch from */
export const parseDownloadUrl = (text: string, mayReachPrivate: boolean): URL =>
  parseOutsideUrl(text, mayReachPrivate, 'a secret goes into a header, which is kept encrypted')

const silenceMs = 60_000
const mostRedirects = 3

export function openDownloads({ mayReachPrivate }: { mayReachPrivate: boolean }): Downloads {
  const guarded = guardedLookup(mayReachPrivate)
  const get = (url: URL, headers: Record<string, string>, signal: AbortSignal | undefined) =>
    new Promise<IncomingMessage>((resolve, reject) => {
      const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(
        url,
        { method: 'GET', lookup: guarded, timeout: silenceMs, headers, ...(signal ? { signal } : {}) },
        resolve,
      )
      request.on('timeout', () => request.destroy(new Error('no answer in time')))
      request.on('error', reject)
      request.end()
    }).catch((error: unknown) => {
      throw signal?.aborted
        ? signal.reason
        : isProductError(error)
          ? error
          : outside(`${url.host} could not be reached: ${wordsOf(error)}.`, error)
    })
  return {
    mayReachPrivate,
    async open(text, { header, etag, lastModified, signal }) {
      const first = parseDownloadUrl(text, mayReachPrivate)
      const plain = {
        'user-agent': 'Throughline',
        'accept-encoding': 'identity',
        ...(etag ? { 'if-none-match': etag } : lastModified ? { 'if-modified-since': lastModified } : {}),
      }
      let url = first
      let response = await get(url, { ...plain, ...(header ? { [header.name]: header.value } : {}) }, signal)
      for (
        let redirects = 0;
        [301, 302, 303, 307, 308].includes(response.statusCode ?? 0) && response.headers.location;
        redirects += 1
      ) {
        response.resume()
        if (redirects === mostRedirects)
          throw outside(`${first.host} sends on more than ${mostRedirects} times; name the address of the file itself.`)
        if (!URL.canParse(response.headers.location, url)) throw outside(`${url.host} sends on to no address.`)
        url = parseDownloadUrl(new URL(response.headers.location, url).href, mayReachPrivate)
        // The secret is for the address that was named, and for no other.
        response = await get(
          url,
          { ...plain, ...(header && url.origin === first.origin ? { [header.name]: header.value } : {}) },
          signal,
        )
      }
      const status = response.statusCode ?? 0
      if (status === 304) {
        response.resume()
        return { kind: 'unchanged' }
      }
      const problem = problemOf(status, response, url.host)
      if (problem) {
        response.on('error', () => undefined).destroy()
        throw outside(problem)
      }
      return {
        kind: 'file',
        name: nameOf(response, first),
        etag: response.headers.etag ?? null,
        lastModified: response.headers['last-modified'] ?? null,
        bytes: bytesOf(response, url.host, signal),
      }
    },
  }
}

function problemOf(status: number, response: IncomingMessage, host: string): string | null {
  if (status === 401 || status === 403)
    return `${host} answered ${status}: it does not let us in. Check the secret header.`
  if (status === 404 || status === 410) return `${host} answered ${status}: there is no such file. Check the address.`
  if (status !== 200) return `${host} answered ${status}; no file came.`
  if (/^text\/html\b/i.test(response.headers['content-type'] ?? ''))
    return `${host} answered with a web page instead of a file, which is often a page to sign in. Check the address and the secret header.`
  const encoding = response.headers['content-encoding']
  return encoding && encoding !== 'identity'
    ? `${host} answered with a packed file (${encoding}), though a plain one was asked for.`
    : null
}

function nameOf(response: IncomingMessage, url: URL): string {
  const told = /filename="?([^";]+)"?/i.exec(response.headers['content-disposition'] ?? '')?.[1]
  let name = told ?? url.pathname.split('/').at(-1) ?? ''
  try {
    name = decodeURIComponent(name)
  } catch {
    /* it stays as it came */
  }
  return name.replaceAll(/[\p{Cc}/\\]/gu, '_').slice(0, 200) || 'file'
}

async function* bytesOf(
  response: IncomingMessage,
  host: string,
  signal: AbortSignal | undefined,
): AsyncIterable<Uint8Array> {
  try {
    for await (const chunk of response) yield chunk as Uint8Array
  } catch (error) {
    throw signal?.aborted
      ? signal.reason
      : outside(`${host} broke off before the file was whole: ${wordsOf(error)}.`, error)
  }
}

const wordsOf = (error: unknown) => (error instanceof Error ? error.message : 'unknown')
