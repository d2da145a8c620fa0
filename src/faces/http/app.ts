/** The HTTP face: every operation by its name, and the few hand-written routes beside them. */
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { Hono, type Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { compress } from 'hono/compress'
import { streamSSE } from 'hono/streaming'
import { admit, perform, performWhole, type AnyOperation } from '../../platform/operation.ts'
import { invalid, limit, notFound, ProductError, unauthenticated } from '../../platform/errors.ts'
import { newId } from '../../platform/ids.ts'
import { insertAudit } from '../../platform/audit/queries.ts'
import { withoutLinks } from '../../platform/link-tokens/rules.ts'
import { insertUpload } from '../../platform/files/queries/uploads.ts'
import type { LiveFeed } from '../../platform/live/feed.ts'
import { restsOn, touchedBy } from '../../platform/live/topics.ts'
import type { Services } from '../../platform/services.ts'
import { callerOf } from './callers.ts'
import { csvHead, csvLines } from '../../platform/csv.ts'
import { following, inLargePages, tableOf } from './csv.ts'
import { errorBody } from './errors.ts'
import { formSchema } from './form-schema.ts'
import { readInput } from './input.ts'
import { mountJoining } from './joining.ts'
import { openApi } from './openapi.ts'
import { mountReference } from './reference.ts'
import { clientAddress, refuseForeignWrites, securityHeaders, type Env } from './security.ts'
import { mountWeb } from './web.ts'

export interface AppOptions {
  services: Services
  operations: readonly AnyOperation[]
  live: LiveFeed
  version: string
  trustedProxies: string[]
  webFolder: string | null
  isReady: () => Promise<boolean>
  onSetUp: () => Promise<unknown>
}

export function createApp({
  services,
  operations,
  live,
  version,
  trustedProxies,
  webFolder,
  isReady,
  onSetUp,
}: AppOptions): Hono<Env> {
  const app = new Hono<Env>()
  app.use(async (c, next) => {
    c.set('requestId', newId())
    await next()
  })
  app.use(securityHeaders(services.baseUrl), clientAddress(trustedProxies))
  app.onError((error, c) => {
    const { status, body, isOurs } = errorBody(error, c.get('requestId'))
    if (isOurs)
      services.log.error(
        { err: error, requestId: c.get('requestId'), path: withoutLinks(c.req.path) },
        'request failed',
      )
    if (status === 429) c.header('retry-after', '60')
    return c.json(body, status)
  })
  app.get('/healthz', (c) => c.json({ ok: true }))
  app.get('/readyz', async (c) => ((await isReady()) ? c.json({ ok: true }) : c.json({ ok: false }, 503)))
  app.use('/api/*', refuseForeignWrites(services.baseUrl), async (c, next) => {
    await next()
    c.res.headers.set('cache-control', 'no-store')
  })
  const bounded = bodyLimit({
    maxSize: 4 * 1024 * 1024,
    onError: () => {
      throw limit('The input is larger than 4 MB.')
    },
  })
  app.use('/api/*', (c, next) => (c.req.path === '/api/uploads' ? next() : bounded(c, next)))

  app.all('/api/auth/*', (c) => {
    const headers = new Headers(c.req.raw.headers)
    headers.set('x-throughline-client', c.get('client'))
    return services.signIn.handle(new Request(c.req.raw, { headers }))
  })
  mountJoining(app, services, onSetUp)
  app.get('/api/openapi.json', (c) => c.json(openApi(operations, version)))
  mountReference(app)
  app.get('/api/schema', (c) => {
    const name = c.req.query('operation') ?? ''
    const op = operations.find((one) => one.name === name)
    if (!op) throw notFound('operation', name)
    return c.json(formSchema(op))
  })
  mountUploads(app, services)
  mountDownloads(app, services)
  mountLive(app, services, live)
  for (const op of operations) mountOperation(app, services, op)
  app.all('/api/*', (c) => {
    throw new ProductError(
      'not-found',
      `There is no operation “${c.req.path.slice('/api/'.length)}”. All of them are listed under /api/reference.`,
    )
  })
  if (webFolder) mountWeb(app, webFolder)
  return app
}

/** What an open page goes by when it is told what changed: which of its answers are old. */
function sayTopics(c: Context<Env>, op: AnyOperation): void {
  if (op.kind === 'write') c.header('throughline-touches', touchedBy(op).join(' '))
  else {
    const rests = restsOn(op)
    if (rests) c.header('throughline-rests-on', rests.join(' '))
  }
}

function mountOperation(app: Hono<Env>, services: Services, op: AnyOperation): void {
  const path = `/api/${op.name}`
  // Operations alone: what carries a session or a token is left as it is.
  app.use(path, compress({ contentTypeFilter: /^application\/json/ }))
  const answer = async (c: Context<Env>, asked: string | undefined) => {
    const output = await perform(op, services, await callerOf(c, services), readInput(asked))
    sayTopics(c, op)
    return c.json(output)
  }
  if (op.kind === 'read') app.get(path, (c) => answer(c, c.req.query('input')))
  else
    app.get(path, () => {
      throw invalid(`“${op.name}” changes something, so it is asked by POST with its input as the body.`)
    })
  app.post(path, async (c) => answer(c, await c.req.text()))
  if (op.csv)
    app.get(`${path}.csv`, async (c) => {
      const caller = await callerOf(c, services)
      const input = inLargePages(op, readInput(c.req.query('input')))
      const { fileName, columns, parts } = await tableOf(op, performWhole(op, services, caller, input, following))
      c.header('content-type', 'text/csv; charset=utf-8')
      c.header('content-disposition', `attachment; filename="${fileName.replaceAll(/[^\w.-]+/g, '-')}"`)
      async function* text() {
        yield Buffer.from(csvHead(columns))
        try {
          for await (const rows of parts) yield Buffer.from(csvLines(rows, columns))
        } catch (error) {
          services.log.error({ err: error, requestId: c.get('requestId'), path: c.req.path }, 'export broke off')
          // The connection is cut, so that nobody takes a part for the whole.
          throw error
        }
      }
      return c.body(Readable.toWeb(Readable.from(text(), { objectMode: false })) as ReadableStream)
    })
}

function mountUploads(app: Hono<Env>, services: Services): void {
  app.post('/api/uploads', async (c) => {
    const { actor, workspace } = await callerOf(c, services)
    if (!actor) throw unauthenticated()
    const scope = await admit({ name: 'uploads.create' }, 'insights:edit', services, actor, workspace)
    const name = (c.req.query('name') ?? 'file').replaceAll(/[\p{Cc}/\\]/gu, '_').slice(0, 200)
    if (!c.req.raw.body) throw invalid('There is no file in the body.')
    const saved = await services.files.save(c.req.raw.body as unknown as AsyncIterable<Uint8Array>)
    await services.transaction(async (tx) => {
      await insertUpload(tx, {
        ...saved,
        workspaceId: scope.workspaceId,
        name,
        outsidePath: null,
        createdBy: actor.userId,
        createdAt: services.now(),
      })
      await insertAudit(tx, {
        at: services.now(),
        workspaceId: scope.workspaceId,
        actor,
        operation: 'uploads.create',
        outcome: 'done',
        target: name,
      })
    })
    return c.json({ id: saved.id, name, sizeBytes: saved.sizeBytes })
  })
}

/** The files that were written for other tools; their names are plain, so that none leads out of the folder. */
function mountDownloads(app: Hono<Env>, services: Services): void {
  app.get('/api/downloads/:file', async (c) => {
    const { actor, workspace } = await callerOf(c, services)
    if (!actor) throw unauthenticated()
    const scope = await admit({ name: 'downloads.get' }, 'insights:read', services, actor, workspace)
    const file = c.req.param('file')
    if (!/^[a-z_]+\.[a-z]+$/.test(file)) throw notFound('file', file)
    const path = join(services.outFolder, scope.slug, file)
    const found = await stat(path).catch(() => null)
    if (!found?.isFile()) throw notFound('file', file)
    await insertAudit(services.db, {
      at: services.now(),
      workspaceId: scope.workspaceId,
      actor,
      operation: 'downloads.get',
      outcome: 'done',
      target: file,
    })
    c.header('content-type', file.endsWith('.csv') ? 'text/csv; charset=utf-8' : 'application/octet-stream')
    c.header('content-length', String(found.size))
    c.header('content-disposition', `attachment; filename="${file}"`)
    return c.body(Readable.toWeb(createReadStream(path)) as ReadableStream)
  })
}

function mountLive(app: Hono<Env>, services: Services, live: LiveFeed): void {
  app.get('/api/live', async (c) => {
    const { actor, workspace } = await callerOf(c, services)
    if (!actor) throw unauthenticated()
    const scope = await admit({ name: 'live' }, 'workspace:read', services, actor, workspace)
    return streamSSE(c, async (stream) => {
      const ended = new Promise<void>((resolve) => stream.onAbort(resolve))
      const leave = live.subscribe(scope.workspaceId, (topics) => {
        void stream.writeSSE({ data: JSON.stringify(topics) })
      })
      const beat = setInterval(() => {
        void stream.writeSSE({ event: 'beat', data: '' })
      }, 25_000)
      await stream.writeSSE({ event: 'beat', data: '' })
      await Promise.race([ended, live.ended])
      clearInterval(beat)
      leave()
    })
  })
}
