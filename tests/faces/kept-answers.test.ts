/** Answers that are kept as they go over the line, and addresses that are too long for any. */
import { connect } from 'node:net'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { longestAddress } from '../../src/faces/http/app.ts'
import { answerUnreadable } from '../../src/faces/http/unreadable.ts'
import { addAnnotation } from '../../src/insights/annotations/operations.ts'
import { hashToken, newId, newToken } from '../../src/platform/ids.ts'
import { insertToken } from '../../src/platform/people/queries.ts'
import { testApp, type TestApp, type TestWorkspace } from '../support/app.ts'
import { fixturesOf } from '../support/fixtures/every-room.ts'

let app: TestApp
let own: TestWorkspace
const tokens = new Map<string, string>()
beforeAll(async () => {
  app = await testApp({ kinds: [] })
  app.clock.set('2026-01-15T09:00:00Z')
  own = await app.workspace()
  await fixturesOf(app, own, 'admin')
  for (const role of ['admin', 'stakeholder'] as const) {
    const token = newToken()
    tokens.set(role, token)
    await insertToken(app.services.db, {
      id: newId(),
      userId: own.as[role].actor!.userId,
      name: 'test',
      tokenHash: hashToken(token),
      mayReadPaths: false,
      createdAt: new Date(),
    })
  }
})
afterAll(() => app.close())

const ask = (headers: Record<string, string> = {}, role: 'admin' | 'stakeholder' = 'admin') =>
  app.app.request(`/api/insights.analyses.options?workspace=${own.slug}`, {
    headers: { authorization: `Bearer ${tokens.get(role)}`, ...headers },
  })

test('an answer is kept until something changes: the same bytes, or nothing at all to whom it is known to', async () => {
  const first = await ask()
  const tag = first.headers.get('etag')!
  expect([first.status, first.headers.get('cache-control')]).toEqual([200, 'private, no-cache'])
  const text = await first.text()
  const packed = await ask({ 'accept-encoding': 'gzip' })
  expect([packed.headers.get('content-encoding'), packed.headers.get('etag')]).toEqual(['gzip', tag])
  const again = await ask({ 'if-none-match': `"other", ${tag}` })
  expect([again.status, await again.text(), again.headers.get('etag')]).toEqual([304, '', tag])
  expect(await (await ask({ 'if-none-match': '"other"' })).text()).toBe(text)

  // What people write, the data, and another day each begin anew.
  const work = async () => (await app.services.warehouses.open(own.id)).state
  await app.perform(addAnnotation, own.as.admin, { kind: 'outage', from: '2025-07-01', text: 'Down' })
  expect(app.services.kept.changes(own.id)).toBeGreaterThan(0)
  const state = await work()
  await (await app.services.warehouses.open(own.id)).write((con) => con.run("insert into dirty_part values ('x')"))
  expect(await work()).not.toBe(state)
  expect((await ask({ 'if-none-match': tag })).status).toBe(304)
})

test('who may not ask is told so, whatever is kept for others', async () => {
  const tag = (await ask()).headers.get('etag')!
  const denied = await ask({ 'if-none-match': tag }, 'stakeholder')
  expect([denied.status, denied.headers.get('etag'), denied.headers.get('cache-control')]).toEqual([
    403,
    null,
    'no-store',
  ])
  const nobody = await app.app.request(`/api/insights.analyses.options?workspace=${own.slug}`, {
    headers: { 'if-none-match': tag },
  })
  expect(nobody.status).toBe(401)
})

test('an address above 16 KB is answered in words, signed out too, and so is what no server reads to its end', async () => {
  const server = serve({ fetch: app.app.fetch, port: 0, serverOptions: { maxHeaderSize: 4 * longestAddress } })
  answerUnreadable(server)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const raw = async (request: string): Promise<string> => {
    const socket = connect(port, '127.0.0.1')
    let heard = ''
    socket.on('data', (chunk: Buffer) => {
      heard += chunk.toString()
    })
    socket.write(request)
    await once(socket, 'close')
    return heard
  }
  const get = (path: string) => `GET ${path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`
  try {
    expect(await raw(get(`/api/session.get?input=${'x'.repeat(20_000)}`))).toMatch(
      /^HTTP\/1\.1 414 [^]*"code":"limit","message":"The address is longer than 16 KB/,
    )
    expect(await raw(get(`/${'x'.repeat(100_000)}`))).toMatch(
      /^HTTP\/1\.1 431 [^]*"code":"limit","message":"The address or the headers are longer than 64 KB/,
    )
    expect(await raw('this is not HTTP\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 [^]*no HTTP request that can be read/)
  } finally {
    server.close()
  }
})
