import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { Hono } from 'hono'
import { afterAll, expect, test } from 'vitest'
import { errorBody } from './errors.ts'
import { securityHeaders, type Env } from './security.ts'
import { mountWeb } from './web.ts'

const folder = mkdtempSync(join(tmpdir(), 'web-'))
const dist = join(folder, 'dist')
mkdirSync(join(dist, 'assets'), { recursive: true })
writeFileSync(join(dist, 'index.html'), '<meta name="csp-nonce" content="__NONCE__">')
writeFileSync(join(dist, 'link.html'), '<meta name="csp-nonce" content="__NONCE__"><p>a link</p>')
writeFileSync(join(dist, 'assets', 'main-abc.js'), 'start()')
writeFileSync(join(folder, 'secret.key'), 'secret')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const app = new Hono<Env>().use(securityHeaders(() => 'http://localhost'))
app.onError((error, c) => {
  const { status, body } = errorBody(error, 'x')
  return c.json(body, status)
})
mountWeb(app, dist)

test('every address of the web is the one page, with the nonce of this answer’s policy, and never kept', async () => {
  const [one, two] = [await app.request('/w/insights/adoption?month=2025-12'), await app.request('/')]
  const nonce = /content="([^"]+)"/.exec(await one.text())![1]!
  expect(one.headers.get('content-security-policy')).toContain(`'nonce-${nonce}'`)
  expect(two.headers.get('content-security-policy')).not.toContain(nonce)
  expect(one.headers.get('cache-control')).toBe('no-store')
})

test('a link opens a page of its own, that is not kept and tells nobody where it was, and old invitations lead to it', async () => {
  const page = await app.request('/l/abcdefghijklmnopqrstuv')
  const html = await page.text()
  expect(html).toContain('a link')
  expect(page.headers.get('content-security-policy')).toContain(`'nonce-${/content="([^"]+)"/.exec(html)![1]!}'`)
  expect([page.headers.get('cache-control'), page.headers.get('referrer-policy')]).toEqual(['no-store', 'no-referrer'])
  const old = await app.request('/invitation?token=an-old_token%0d%0a//evil.example')
  expect([old.status, old.headers.get('location')]).toEqual([302, '/l/an-old_tokenevilexample'])
})

test('a hashed file is kept for a year and goes over the line packed', async () => {
  const plain = await app.request('/assets/main-abc.js')
  const packed = await app.request('/assets/main-abc.js', { headers: { 'accept-encoding': 'br, gzip' } })
  expect([plain.headers.get('content-type'), plain.headers.get('cache-control'), await plain.text()]).toEqual([
    'text/javascript; charset=utf-8',
    'public, max-age=31536000, immutable',
    'start()',
  ])
  expect([packed.headers.get('content-encoding'), gunzipSync(await packed.arrayBuffer()).toString()]).toEqual([
    'gzip',
    'start()',
  ])
  expect([(await app.request('/assets/gone.js')).status, (await app.request('/assets/')).status]).toEqual([404, 404])
})

test('an address that can be no file is told as one that is none, and where it may be a page it is the page', async () => {
  for (const path of [`/assets/${'x'.repeat(5000)}`, '/assets/a%00.js', '/assets/main-abc.js/x'])
    expect((await app.request(path)).status).toBe(404)
  for (const path of ['/x%00.js', `/${'x'.repeat(5000)}.js`, '/index.html/x.js'])
    expect([(await app.request(path)).status, path.slice(0, 20)]).toEqual([200, path.slice(0, 20)])
})

test.each([
  '/assets/../../secret.key',
  '/assets/%2e%2e/%2e%2e/secret.key',
  '/assets/..%2f..%2fsecret.key',
  '/..%2fsecret.key',
  '/%2e%2e/secret.key',
  '/assets/..%5c..%5csecret.key',
])('%s leads nowhere outside', async (path) => {
  expect(await (await app.request(path)).text()).not.toContain('secret')
})
