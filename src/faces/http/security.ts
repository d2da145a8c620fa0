import { randomBytes } from 'node:crypto'
import type { Context, Next } from 'hono'
import { forbidden } from '../../platform/errors.ts'

export interface Variables {
  nonce: string
  requestId: string
  client: string
}
export type Env = { Variables: Variables; Bindings: { incoming?: { socket?: { remoteAddress?: string } } } }

export const securityHeaders =
  (baseUrl: () => string) =>
  async (c: Context<Env>, next: Next): Promise<void> => {
    const nonce = randomBytes(16).toString('base64')
    c.set('nonce', nonce)
    await next()
    const headers = c.res.headers
    if (!headers.has('content-security-policy')) headers.set('content-security-policy', contentSecurityPolicy(nonce))
    headers.set('x-content-type-options', 'nosniff')
    headers.set('x-frame-options', 'DENY')
    if (!headers.has('referrer-policy')) headers.set('referrer-policy', 'same-origin')
    headers.set('permissions-policy', 'camera=(), geolocation=(), microphone=()')
    headers.set('cross-origin-opener-policy', 'same-origin')
    headers.set('cross-origin-resource-policy', 'same-origin')
    // By the address people use: behind a proxy the request itself comes over http.
    if (baseUrl().startsWith('https:')) headers.set('strict-transport-security', 'max-age=31536000')
  }

const contentSecurityPolicy = (nonce: string) =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "font-src 'self'",
    "img-src 'self' data: blob:",
    "connect-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')

/**
 * What a browser does by itself must come from our own pages, also where a proxy renames the host. Asked where the
 * caller is found out (callers.ts), unless a token signed them in, and of every route that signs in or joins.
 */
export function refuseForeignWrite(c: Context<Env>, baseUrl: () => string): void {
  if (c.req.method === 'GET' || c.req.method === 'HEAD') return
  const origin = c.req.header('origin')
  const isOwn = origin
    ? [c.req.header('host'), hostOf(baseUrl())].includes(hostOf(origin) ?? '')
    : c.req.header('sec-fetch-site') === 'same-origin'
  if (!isOwn)
    throw forbidden('This write came from another site, so it was refused. Open Throughline itself and repeat it.')
}

/** For routes that look at no token. */
export const refuseForeignWrites =
  (baseUrl: () => string) =>
  async (c: Context<Env>, next: Next): Promise<void> => {
    refuseForeignWrite(c, baseUrl)
    await next()
  }

function hostOf(origin: string): string | null {
  try {
    return new URL(origin).host
  } catch {
    return null
  }
}

/** The address of who asks: the socket's, or what a trusted proxy says of it; a header from anybody else is dropped. */
export const clientAddress =
  (trustedProxies: readonly string[]) =>
  async (c: Context<Env>, next: Next): Promise<void> => {
    // A socket that listens on IPv6 names IPv4 clients by their mapped address; without a socket the call came from this process.
    const socket = c.env?.incoming?.socket?.remoteAddress?.replace(/^::ffff:(?=\d+\.)/, '') ?? '127.0.0.1'
    const forwarded = c.req.header('x-forwarded-for')?.split(',').at(-1)?.trim()
    c.set('client', trustedProxies.includes(socket) && forwarded ? forwarded : socket)
    await next()
  }
