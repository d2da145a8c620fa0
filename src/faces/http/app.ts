/** The HTTP face: every operation by its name, and the few hand-written routes beside them. */
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { streamSSE } from 'hono/streaming'
import { admit, perform, type AnyOperation } from '../../platform/operation.ts'
import { invalid, limit, notFound, unauthenticated } from '../../platform/errors.ts'
import { newId } from '../../platform/ids.ts'
import { insertAudit } from '../../platform/audit/queries.ts'
import { insertUpload } from '../../platform/files/queries.ts'
import type { LiveFeed } from '../../platform/live/feed.ts'
import type { Services } from '../../platform/services.ts'
import { callerOf } from './callers.ts'
import { renderCsv } from './csv.ts'
import { errorBody } from './errors.ts'
import { mountJoining } from './joining.ts'
import { openApi } from './openapi.ts'
import { mountReference } from './reference.ts'
import { clientAddress, refuseForeignWrites, securityHeaders, type Env } from './security.ts'
import { mountWeb } from './web.ts'

export interface AppOptions { services: Services; operations: readonly AnyOperation[]; live: LiveFeed; version: string; trustedProxies: string[]; webFolder: string | null; isReady: () => Promise<boolean> }

export function createApp({ services, operations, live, version, trustedProxies, webFolder, isReady }: AppOptions): Hono<Env> {
  const app = new Hono<Env>()
  app.use(async (c, next) => { c.set('requestId', newId()); await next() })
  app.use(securityHeaders, clientAddress(trustedProxies))
  app.onError((error, c) => {
    const { status, body, isOurs } = errorBody(error, c.get('requestId'))
    if (isOurs) services.log.error({ err: error, requestId: c.get('requestId'), path: c.req.path }, 'request failed')
    return c.json(body, status)
  })
  app.get('/healthz', (c) => c.json({ ok: true }))
  app.get('/readyz', async (c) => (await isReady() ? c.json({ ok: true }) : c.json({ ok: false }, 503)))
  app.use('/api/*', refuseForeignWrites, async (c, next) => { await next(); c.res.headers.set('cache-control', 'no-store') })

  app.all('/api/auth/*', (c) => {
    const headers = new Headers(c.req.raw.headers)
    headers.set('x-throughline-client', c.get('client'))
    return services.signIn.handle(new Request(c.req.raw, { headers }))
  })
  mountJoining(app, services)
  app.get('/api/openapi.json', (c) => c.json(openApi(operations, version)))
  mountReference(app)
  mountUploads(app, services)
  mountLive(app, services, live)
  for (const op of operations) mountOperation(app, services, op)
  app.all('/api/*', (c) => { throw notFound('operation', c.req.path.slice('/api/'.length)) })
  if (webFolder) mountWeb(app, webFolder)
  return app
}

function mountOperation(app: Hono<Env>, services: Services, op: AnyOperation): void {
  const path = `/api/${op.name}`
  if (op.kind === 'read') app.get(path, async (c) => c.json(await perform(op, services, await callerOf(c, services), queryInput(c.req.query('input')))))
  app.post(path, bodyLimit({ maxSize: 4 * 1024 * 1024, onError: () => { throw limit('The input is larger than 4 MB.') } }), async (c) => {
    const text = await c.req.text()
    return c.json(await perform(op, services, await callerOf(c, services), queryInput(text || undefined)))
  })
  const { csv } = op
  if (csv) app.get(`${path}.csv`, async (c) => {
    const output = await perform(op, services, await callerOf(c, services), queryInput(c.req.query('input')))
    c.header('content-type', 'text/csv; charset=utf-8')
    c.header('content-disposition', `attachment; filename="${csv.fileName(output).replaceAll(/[^\w.-]+/g, '-')}"`)
    return c.body(renderCsv(csv.rows(output)))
  })
}

function queryInput(text: string | undefined): unknown {
  if (text === undefined) return {}
  try { return JSON.parse(text) } catch { throw invalid('The input is not JSON. Send it as ?input={…}, percent-encoded, or as the body of a POST.') }
}

function mountUploads(app: Hono<Env>, services: Services): void {
  app.post('/api/uploads', async (c) => {
    const { actor, workspace } = await callerOf(c, services)
    if (!actor) throw unauthenticated()
    const scope = await admit({ name: 'uploads.create' }, 'insights:edit', services, actor, workspace)
    const name = (c.req.query('name') ?? 'file').replaceAll(/[\u0000-\u001f/\\]/g, '_').slice(0, 200)
    if (!c.req.raw.body) throw invalid('There is no file in the body.')
    const saved = await services.files.save(c.req.raw.body as unknown as AsyncIterable<Uint8Array>)
    await services.transaction(async (tx) => {
      await insertUpload(tx, { ...saved, workspaceId: scope.workspaceId, name, outsidePath: null, createdBy: actor.userId, createdAt: services.now() })
      await insertAudit(tx, { at: services.now(), workspaceId: scope.workspaceId, actor, operation: 'uploads.create', outcome: 'done', target: name })
    })
    return c.json({ id: saved.id, name, sizeBytes: saved.sizeBytes })
  })
}

function mountLive(app: Hono<Env>, services: Services, live: LiveFeed): void {
  app.get('/api/live', async (c) => {
    const { actor, workspace } = await callerOf(c, services)
    if (!actor) throw unauthenticated()
    const scope = await admit({ name: 'live' }, 'workspace:read', services, actor, workspace)
    return streamSSE(c, async (stream) => {
      const ended = new Promise<void>((resolve) => stream.onAbort(resolve))
      const leave = live.subscribe(scope.workspaceId, (topics) => { void stream.writeSSE({ data: JSON.stringify(topics) }) })
      const beat = setInterval(() => { void stream.writeSSE({ event: 'beat', data: '' }) }, 25_000)
      await stream.writeSSE({ event: 'beat', data: '' })
      await Promise.race([ended, live.ended])
      clearInterval(beat)
      leave()
    })
  })
}
