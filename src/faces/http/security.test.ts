import { Hono } from 'hono'
import { expect, test } from 'vitest'
import { clientAddress, refuseForeignWrites, securityHeaders, type Env } from './security.ts'

const from = (remoteAddress: string) => ({ incoming: { socket: { remoteAddress } } })

test('the client is who holds the socket; only a trusted proxy is believed about somebody else', async () => {
  const app = new Hono<Env>().use(clientAddress(['10.0.0.1'])).get('/', (c) => c.text(c.get('client')))
  const ask = async (remoteAddress: string | null, forwarded?: string) =>
    (
      await app.request(
        '/',
        { headers: forwarded ? { 'x-forwarded-for': forwarded } : {} },
        remoteAddress ? from(remoteAddress) : undefined,
      )
    ).text()
  expect(await ask('203.0.113.7')).toBe('203.0.113.7')
  expect(await ask('203.0.113.7', '198.51.100.9')).toBe('203.0.113.7')
  expect(await ask('10.0.0.1', 'spoofed, 198.51.100.9')).toBe('198.51.100.9')
  expect(await ask('10.0.0.1')).toBe('10.0.0.1')
  expect(await ask('::ffff:10.0.0.1', '198.51.100.9')).toBe('198.51.100.9')
  expect(await ask('2001:db8::1')).toBe('2001:db8::1')
  expect(await ask(null)).toBe('127.0.0.1')
})

test('a write comes from our own pages, under the host that was asked or the address that people use', async () => {
  const app = new Hono<Env>()
    .use(refuseForeignWrites(() => 'https://throughline.example.com'))
    .all('/', (c) => c.text('done'))
  app.onError((error, c) => c.text(error.message, 403))
  const send = async (headers: Record<string, string>, method = 'POST') =>
    (await app.request('/', { method, headers: { host: '127.0.0.1:4400', ...headers } })).status
  expect(await send({ origin: 'http://127.0.0.1:4400' })).toBe(200)
  expect(await send({ origin: 'https://throughline.example.com' })).toBe(200)
  expect(await send({ origin: 'https://throughline.example.com.evil.example' })).toBe(403)
  expect(await send({ origin: 'http://127.0.0.1:4401' })).toBe(403)
  expect(await send({ origin: 'null' })).toBe(403)
  expect(await send({ 'sec-fetch-site': 'same-origin' })).toBe(200)
  expect(await send({ 'sec-fetch-site': 'same-site' })).toBe(403)
  expect(await send({})).toBe(403)
  expect(await send({ origin: 'https://evil.example', authorization: 'Bearer x' })).toBe(403)
  expect(
    await Promise.all(
      ['PUT', 'PATCH', 'DELETE', 'OPTIONS'].map((method) => send({ origin: 'https://evil.example' }, method)),
    ),
  ).toEqual([403, 403, 403, 403])
  expect(await send({ origin: 'https://evil.example' }, 'GET')).toBe(200)
})

test('browsers are told to stay on https where people use it', async () => {
  const told = async (address: string) =>
    (
      await new Hono<Env>()
        .use(securityHeaders(() => address))
        .get('/', (c) => c.text(''))
        .request('/')
    ).headers.get('strict-transport-security')
  expect(await told('https://throughline.example.com')).toBe('max-age=31536000')
  expect(await told('http://localhost:4400')).toBeNull()
})
