/** The HTTP face as a black box, through the app's own fetch. */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'
import { serve } from '@hono/node-server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { createApp } from '../../src/faces/http/app.ts'
import { operation } from '../../src/platform/operation.ts'
import { makeSetupToken } from '../../src/faces/cli/local-token.ts'
import { hashToken, newId, newToken } from '../../src/platform/ids.ts'
import { insertToken } from '../../src/platform/people/queries.ts'
import { invitePerson, listPeopleOperation, removePerson } from '../../src/platform/people/operations.ts'
import { getWorkspace, renameWorkspace } from '../../src/platform/workspaces/operations.ts'
import { operations } from '../../src/operations.ts'
import { signInRoutes } from '../../src/platform/auth/sign-in.ts'
import { testApp, testPassword, type TestApp, type TestWorkspace } from '../support/app.ts'

let app: TestApp
let own: TestWorkspace
let other: TestWorkspace
beforeAll(async () => {
  app = await testApp()
  own = await app.workspace()
  other = await app.workspace()
})
afterAll(() => app.close())

const host = 'http://localhost'
const ask = (path: string, init: RequestInit = {}) => app.app.fetch(new Request(`${host}${path}`, init))
const json = (body: unknown, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', origin: host, ...headers },
  body: JSON.stringify(body),
})
const errorOf = async (response: Response) => ({
  status: response.status,
  ...((await response.json()) as { error: { code: string; message: string } }).error,
})
async function tokenOf(workspace: TestWorkspace, role: 'admin' | 'stakeholder' = 'admin'): Promise<string> {
  const token = newToken()
  await insertToken(app.services.db, {
    id: newId(),
    userId: workspace.as[role].actor!.userId,
    name: 'test',
    tokenHash: hashToken(token),
    mayReadPaths: false,
    createdAt: new Date(),
  })
  return token
}
const cookieOf = (response: Response) =>
  response.headers
    .getSetCookie()
    .map((c) => c.split(';')[0])
    .join('; ')

test('every answer carries strict headers, and every page a nonce of its own', async () => {
  const [one, two] = [await ask('/healthz'), await ask('/healthz')]
  const policy = one.headers.get('content-security-policy')!
  expect(policy).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self' 'nonce-[A-Za-z0-9+/=]{20,}'/)
  expect(policy).not.toMatch(/unsafe/)
  expect(policy).not.toBe(two.headers.get('content-security-policy'))
  expect(
    ['x-content-type-options', 'x-frame-options', 'referrer-policy', 'cross-origin-opener-policy'].map((h) =>
      one.headers.get(h),
    ),
  ).toEqual(['nosniff', 'DENY', 'same-origin', 'same-origin'])
  expect([one.status, (await ask('/readyz')).status]).toEqual([200, 200])
})

test('a person signs in, reads, writes from our own pages only, and signs out', async () => {
  const { email } = own.as.admin.actor!
  const signedIn = await ask('/api/auth/sign-in/email', json({ email, password: 'a long password' }))
  expect(signedIn.status).toBe(200)
  expect(signedIn.headers.getSetCookie().join()).toMatch(/HttpOnly.*SameSite=Lax/i)
  const cookie = cookieOf(signedIn)
  expect(await (await ask('/api/session.get', { headers: { cookie } })).json()).toMatchObject({ person: { email } })
  const rename = (headers: Record<string, string>) =>
    ask(`/api/workspaces.rename?workspace=${own.slug}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie, ...headers },
      body: JSON.stringify({ name: 'Renamed', version: 1 }),
    })
  expect((await errorOf(await rename({ origin: 'https://evil.example' }))).code).toBe('forbidden')
  expect((await errorOf(await rename({}))).code).toBe('forbidden')
  expect((await rename({ origin: host })).status).toBe(200)
  expect((await errorOf(await rename({ origin: host }))).code).toBe('conflict')
  await ask('/api/auth/sign-out', {
    ...json({}),
    headers: { 'content-type': 'application/json', origin: host, cookie },
  })
  const gone = await ask('/api/session.get', { headers: { cookie } })
  expect(await gone.json()).toMatchObject({ person: null })
})

test('a token is no browser: it needs no origin, and a wrong one is refused', async () => {
  const headers = { authorization: `Bearer ${await tokenOf(own)}`, 'content-type': 'application/json' }
  expect((await ask(`/api/insights.features.list?workspace=${own.slug}`, { headers })).status).toBe(200)
  expect((await errorOf(await ask(`/api/insights.features.list?workspace=${other.slug}`, { headers }))).status).toBe(
    404,
  )
  expect(
    (await errorOf(await ask('/api/session.get', { headers: { authorization: 'Bearer nonsense-nonsense-nonsense' } })))
      .status,
  ).toBe(401)
})

test('open sign-up and the library’s other routes are off', async () => {
  expect(
    (await ask('/api/auth/sign-up/email', json({ name: 'x', email: 'x@example.com', password: 'a long password' })))
      .status,
  ).toBe(404)
  expect((await ask('/api/auth/update-user', json({ name: 'x' }))).status).toBe(404)
})

test('the set-up link works once', async () => {
  const fresh = await testApp()
  try {
    const token = await makeSetupToken(fresh.services, fresh.dataDir)
    const send = (body: unknown) => fresh.app.fetch(new Request(`${host}/api/setup`, json(body)))
    expect(
      (await send({ token: `${token}x`, name: 'A', email: 'a@example.com', password: 'a long password' })).status,
    ).toBe(412)
    expect((await send({ token, name: 'A', email: 'a@example.com', password: 'short' })).status).toBe(400)
    expect((await send({ token, name: 'A', email: 'a@example.com', password: 'a long password' })).status).toBe(200)
    expect((await send({ token, name: 'B', email: 'b@example.com', password: 'a long password' })).status).toBe(412)
    expect(await (await fresh.app.fetch(new Request(`${host}/api/setup?token=${token}`))).json()).toEqual({
      isNeeded: false,
      isLinkValid: false,
    })
  } finally {
    await fresh.close()
  }
})

test('an invitation makes a person once; a known person proves their password first', async () => {
  app.clock.set('2026-03-01T09:00:00Z')
  const join = (link: string, body: unknown, headers: Record<string, string> = {}) =>
    ask(
      '/api/people.join',
      json(body, { 'x-throughline-link': new URL(link).pathname.slice('/l/'.length), ...headers }),
    )
  const { link } = await app.perform(invitePerson, own.as.admin, { email: 'New.Person@example.com', role: 'leader' })
  const body = { name: 'New person', password: 'a long password' }
  expect((await join(link, body)).status).toBe(200)
  expect(await errorOf(await join(link, body))).toMatchObject({
    code: 'precondition',
    message: 'This link has been used.',
  })
  expect(
    (await app.perform(listPeopleOperation, own.as.admin, {})).people.find((p) => p.email === 'new.person@example.com'),
  ).toMatchObject({ role: 'leader' })

  const again = await app.perform(invitePerson, other.as.admin, {
    email: 'new.person@example.com',
    role: 'stakeholder',
  })
  app.clock.set('2026-03-01T09:05:00Z')
  expect((await join(again.link, body)).status).toBe(412)
  const signedIn = await ask(
    '/api/auth/sign-in/email',
    json({ email: 'new.person@example.com', password: body.password }),
  )
  const cookie = signedIn.headers
    .getSetCookie()
    .map((c) => c.split(';')[0])
    .join('; ')
  expect((await join(again.link, {}, { cookie })).status).toBe(200)
  const late = await app.perform(invitePerson, own.as.admin, { email: 'late@example.com', role: 'leader' })
  app.clock.set('2026-03-20T09:00:00Z')
  expect(await errorOf(await join(late.link, body))).toMatchObject({
    code: 'precondition',
    message: 'This link has expired.',
  })
})

test('an upload belongs to its workspace, and its name never becomes a path', async () => {
  const headers = { authorization: `Bearer ${await tokenOf(own)}` }
  const sent = await ask(`/api/uploads?workspace=${own.slug}&name=${encodeURIComponent('../../etc/passwd\n.csv')}`, {
    method: 'POST',
    headers,
    body: 'id,account\nu1,a1\n',
  })
  const upload = (await sent.json()) as { id: string; name: string; sizeBytes: number }
  expect(upload).toMatchObject({ name: '.._.._etc_passwd_.csv', sizeBytes: 17 })
  const preview = (workspace: string, token: string) =>
    ask(`/api/insights.datasets.preview?workspace=${workspace}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ uploadId: upload.id }),
    })
  expect(await (await preview(own.slug, await tokenOf(own))).json()).toMatchObject({
    fileName: '.._.._etc_passwd_.csv',
    columns: [{ name: 'id' }, { name: 'account' }],
  })
  expect((await preview(other.slug, await tokenOf(other))).status).toBe(404)
  expect(
    (
      await ask(`/api/uploads?workspace=${own.slug}&name=x`, {
        method: 'POST',
        headers: { authorization: `Bearer ${await tokenOf(own, 'stakeholder')}` },
        body: 'x',
      })
    ).status,
  ).toBe(403)
})

test('input that does not fit, a body too large and an unknown operation get clear errors without insides', async () => {
  const headers = { authorization: `Bearer ${await tokenOf(own)}`, 'content-type': 'application/json' }
  const send = (name: string, body: string) =>
    ask(`/api/${name}?workspace=${own.slug}`, { method: 'POST', headers, body })
  expect(await errorOf(await send('workspaces.rename', '{"name": 3, "version": 1}'))).toMatchObject({
    status: 400,
    code: 'invalid',
    message: expect.stringContaining('“name”'),
  })
  expect(await errorOf(await send('workspaces.rename', 'no json'))).toMatchObject({ status: 400, code: 'invalid' })
  expect(
    await errorOf(await send('workspaces.rename', `{"name": "${'x'.repeat(5_000_000)}", "version": 1}`)),
  ).toMatchObject({ status: 413, code: 'limit' })
  expect(await errorOf(await send('nothing.like.this', '{}'))).toMatchObject({ status: 404, code: 'not-found' })
  expect(await errorOf(await send('audit.list', '{"cursor": "1; drop table audit"}'))).toMatchObject({
    status: 400,
    code: 'invalid',
  })
  expect(await errorOf(await send('workspaces.rename', '{"name": "a\\u0000b", "version": 1}'))).toMatchObject({
    status: 400,
    code: 'invalid',
  })
  expect((await ask('/api/workspaces.get?workspace=a%00b', { headers })).status).toBe(404)
  expect(await errorOf(await ask('/api/setup', json({ token: 'x'.repeat(5_000_000) })))).toMatchObject({
    status: 413,
    code: 'limit',
  })
  const text = await (await send('insights.analyses.adoptionRetention', '{"segmentBy": "x\' or 1=1 --"}')).text()
  expect(text).not.toMatch(/select|DuckDB|at \w+ \(/i)
})

test('tables come as CSV, in full, with their header even when empty, and with formulas made harmless', async () => {
  const headers = { authorization: `Bearer ${await tokenOf(own)}` }
  await app
    .perform(renameWorkspace, own.as.admin, { name: '=HYPERLINK("http://evil.example")', version: 2 })
    .catch(() => undefined)
  const audit = await ask(`/api/audit.list.csv?workspace=${own.slug}`, { headers })
  expect([audit.headers.get('content-type'), audit.headers.get('content-disposition')]).toEqual([
    'text/csv; charset=utf-8',
    'attachment; filename="audit.csv"',
  ])
  const bytes = new Uint8Array(await audit.arrayBuffer())
  const text = new TextDecoder().decode(bytes)
  expect(Array.from(bytes.slice(0, 3))).toEqual([0xef, 0xbb, 0xbf])
  expect(text).not.toMatch(/(^|,)=HYPERLINK/m)
  const all = await (
    await ask(`/api/audit.list.csv?workspace=${own.slug}&input=${encodeURIComponent('{"limit": 2}')}`, { headers })
  ).text()
  expect(all.split('\r\n').length).toBeGreaterThan(4)
  const empty = await (await ask(`/api/insights.accounts.links.csv?workspace=${own.slug}`, { headers })).text()
  expect(empty.trim().split('\r\n')).toHaveLength(1)
  expect(empty).toMatch(/source,extId/)
})

test('a table whose later page fails breaks off as a failed download, and is never taken for the whole', async () => {
  const broken = operation({
    name: 'test.broken',
    summary: 'Two pages, of which the second fails',
    kind: 'read',
    may: 'public',
    input: z.object({ cursor: z.string().optional() }),
    output: z.object({ rows: z.array(z.object({ n: z.int() })), nextCursor: z.string().nullable() }),
    example: () => ({}),
    csv: { fileName: () => 'broken.csv', rows: (o) => o.rows },
    run: (_context, { cursor }) =>
      cursor === undefined
        ? Promise.resolve({ rows: [{ n: 1 }], nextCursor: '1' })
        : Promise.reject(new Error('the second page')),
  })
  const faces = createApp({
    services: app.services,
    operations: [broken],
    live: {
      subscribe: () => () => undefined,
      onSessionsEnded: () => () => undefined,
      ended: Promise.resolve(),
      end: () => undefined,
    },
    version: '0',
    trustedProxies: [],
    webFolder: null,
    isReady: () => Promise.resolve(true),
    onSetUp: () => Promise.resolve(),
  })
  const server = serve({ fetch: faces.fetch, port: 0, hostname: '127.0.0.1' })
  await once(server, 'listening')
  try {
    const { port } = server.address() as AddressInfo
    const response = await fetch(`http://127.0.0.1:${port}/api/test.broken.csv`)
    expect(response.status).toBe(200)
    await expect(response.text()).rejects.toThrow()
  } finally {
    server.close()
  }
})

test('an open page is told what changed in its workspace, and nothing of another', async () => {
  const listen = async (workspace: TestWorkspace) =>
    (
      await ask(`/api/live?workspace=${workspace.slug}`, {
        headers: { authorization: `Bearer ${await tokenOf(workspace)}` },
      })
    ).body!.getReader()
  const [mine, theirs] = [await listen(own), await listen(other)]
  const read = async (reader: ReadableStreamDefaultReader<Uint8Array>) =>
    new TextDecoder().decode((await reader.read()).value)
  await read(mine)
  await read(theirs)
  const { link } = await app.perform(invitePerson, own.as.admin, { email: 'live@example.com', role: 'leader' })
  expect(link).toContain('/l/')
  expect(await read(mine)).toContain('people')
  // The first that the other workspace hears is its own.
  await app.perform(renameWorkspace, other.as.admin, { name: 'Renamed elsewhere', version: 1 })
  const heard = await read(theirs)
  expect(heard).toContain('workspace')
  expect(heard).not.toContain('people')
  await Promise.all([mine.cancel(), theirs.cancel()])
  expect(
    (await ask(`/api/live?workspace=${own.slug}`, { headers: { authorization: `Bearer ${await tokenOf(other)}` } }))
      .status,
  ).toBe(404)
  expect((await ask(`/api/live?workspace=${own.slug}`)).status).toBe(401)
})

test('wrong passwords are counted by the client’s address, whatever the client says its address is, and the answer says when it opens', async () => {
  const from = (remoteAddress: string, i: number) =>
    app.app.fetch(
      new Request(
        `${host}/api/auth/sign-in/email`,
        json(
          { email: 'nobody@example.com', password: 'wrong password' },
          { host: 'localhost', 'x-forwarded-for': `198.51.100.${i}`, 'x-throughline-client': `198.51.100.${i}` },
        ),
      ),
      { incoming: { socket: { remoteAddress } } },
    )
  app.clock.set('2026-03-01T09:00:00Z')
  const answers: Response[] = []
  for (let i = 0; i < 11; i += 1) answers.push(await from('203.0.113.7', i))
  expect(answers.map((one) => one.status)).toEqual([...Array<number>(10).fill(401), 429])
  expect(answers[10]!.headers.get('retry-after')).toBe('90')
  expect((await errorOf(answers[10]!)).message).toBe('Too many wrong passwords. Try again in 2 minutes, at 09:01 UTC.')
  expect((await from('203.0.113.8', 0)).status).toBe(401)
})

test('no write of any kind is done for a cookie from another site, whatever stands in the header that signs nobody in', async () => {
  const { email } = own.as.admin.actor!
  const cookie = cookieOf(await ask('/api/auth/sign-in/email', json({ email, password: testPassword })))
  const audit = async () =>
    Number(
      (
        await app.services.db
          .selectFrom('audit')
          .select((e) => e.fn.countAll().as('n'))
          .executeTakeFirstOrThrow()
      ).n,
    )
  const before = await audit()
  const wrong: string[] = []
  const headers = [
    undefined,
    'x',
    'Basic eDp5',
    'Bearer',
    'Bearer ',
    'bearer abc',
    'Bearer a b',
    'Token Bearer abc',
    'Bearer made-up',
  ]
  const writes = [
    ...operations.filter((op) => op.kind === 'write').map((op) => `/api/${op.name}`),
    ...signInRoutes,
    '/api/setup',
    '/api/uploads',
  ]
  for (const path of writes)
    for (const authorization of path === writes[0] || path.startsWith('/api/auth') ? headers : headers.slice(1, 3)) {
      const { status } = await ask(`${path}?workspace=${own.slug}`, {
        ...json({}, { origin: 'https://evil.example', cookie, ...(authorization ? { authorization } : {}) }),
      })
      if (status !== 403 && status !== 401) wrong.push(`${path} with ${authorization}: ${status}`)
    }
  expect(wrong).toEqual([])
  expect(await audit()).toBe(before)
})

test('an open stream ends when the membership ends, and when the session it was opened by does', async () => {
  const server = serve({ fetch: app.app.fetch, port: 0, hostname: '127.0.0.1' })
  await once(server, 'listening')
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  try {
    const cookieFor = async (email: string) =>
      cookieOf(
        await fetch(`${address}/api/auth/sign-in/email`, json({ email, password: testPassword }, { origin: address })),
      )
    const listen = async (headers: Record<string, string>) => {
      const reader = (await fetch(`${address}/api/live?workspace=${own.slug}`, { headers })).body!.getReader()
      await reader.read()
      return reader
    }
    /** Reads until it ends. @returns what was heard meanwhile */
    const heard = async (reader: ReadableStreamDefaultReader<Uint8Array>) => {
      let text = ''
      for (let part = await reader.read(); !part.done; part = await reader.read())
        text += new TextDecoder().decode(part.value)
      return text
    }
    const leader = own.as.leader.actor!
    const cookie = await cookieFor(leader.email)
    const [here, elsewhere] = [await listen({ cookie }), await listen({ cookie: await cookieFor(leader.email) })]
    await fetch(`${address}/api/auth/sign-out`, json({}, { origin: address, cookie }))
    await heard(here)
    const removed = await listen({ authorization: `Bearer ${await tokenOf(own, 'stakeholder')}` })
    const goesOn = await listen({ authorization: `Bearer ${await tokenOf(own)}` })
    for (const person of [own.as.leader, own.as.stakeholder])
      await app.perform(removePerson, own.as.admin, { userId: person.actor!.userId })
    const { version } = await app.perform(getWorkspace, own.as.admin)
    await app.perform(renameWorkspace, own.as.admin, { name: 'Renamed after that', version })
    for (const stream of [elsewhere, removed]) expect(await heard(stream)).not.toContain('workspace')
    expect(new TextDecoder().decode((await goesOn.read()).value)).toContain('people')
    await goesOn.cancel()
  } finally {
    server.close()
    if ('closeAllConnections' in server) server.closeAllConnections()
  }
})

test('another site can neither sign a visitor in nor set up or join in their name', async () => {
  for (const path of [
    '/api/auth/sign-in/email',
    '/api/setup',
    '/api/people.join',
    `/api/uploads?workspace=${own.slug}`,
  ]) {
    expect((await errorOf(await ask(path, json({}, { origin: 'https://evil.example' })))).code, path).toBe('forbidden')
  }
})

test('a read is asked by GET or POST, a write by POST alone', async () => {
  const headers = { authorization: `Bearer ${await tokenOf(own)}` }
  const query = `workspace=${own.slug}&input=${encodeURIComponent('{"limit": 1}')}`
  const byGet = (await (await ask(`/api/audit.list?${query}`, { headers })).json()) as { rows: unknown[] }
  const byPost = await (
    await ask(`/api/audit.list?workspace=${own.slug}`, { method: 'POST', headers, body: '{"limit": 1}' })
  ).json()
  expect(byGet.rows).toHaveLength(1)
  expect(byPost).toEqual(byGet)
  expect(await errorOf(await ask(`/api/workspaces.rename?${query}`, { headers }))).toMatchObject({
    status: 400,
    message: expect.stringContaining('POST'),
  })
})

test('answers of operations come packed to whoever takes them so, and plain to all others', async () => {
  const asked = (headers: Record<string, string>) =>
    ask('/api/insights.metrics.definitions?workspace=' + own.slug, { headers })
  const authorization = `Bearer ${await tokenOf(own)}`
  const plain = await asked({ authorization })
  const packed = await asked({ authorization, 'accept-encoding': 'gzip, deflate' })
  expect([plain.headers.get('content-encoding'), packed.headers.get('content-encoding')]).toEqual([null, 'gzip'])
  const body = new Uint8Array(await packed.arrayBuffer())
  const text = await plain.text()
  expect(gunzipSync(body).toString()).toBe(text)
  expect(body.length).toBeLessThan(text.length / 2)
})
