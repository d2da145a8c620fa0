/** The HTTP face: every operation by its name, and the few hand-written routes beside them. */
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { gunzipSync } from 'node:zlib'
import { Hono, type Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { compress } from 'hono/compress'
import { streamSSE } from 'hono/streaming'
import { admit, perform, performWhole, type AnyOperation, performKept } from '../../platform/operation.ts'
import { invalid, isProductError, limit, notFound, ProductError, unauthenticated } from '../../platform/errors.ts'
import { sayFault } from '../../platform/storage-faults.ts'
import { newId } from '../../platform/ids.ts'
import { insertAudit } from '../../platform/audit/queries.ts'
import { withoutLinks } from '../../platform/link-tokens/rules.ts'
import { insertUpload } from '../../platform/files/queries/uploads.ts'
import type { KeptAnswer } from '../../platform/kept-answers.ts'
import type { LiveFeed } from '../../platform/live/feed.ts'
import { restsOn, touchedBy } from '../../platform/live/topics.ts'
import type { Services } from '../../platform/services.ts'
import { callerOf, isStillAdmitted } from './callers.ts'
import { csvHead, csvLines } from '../../platform/csv.ts'
import { following, inLargePages, tableOf } from './csv.ts'
import { errorBody, tooLongStatus } from './errors.ts'
import { formSchema } from './form-schema.ts'
import { readInput } from './input.ts'
import { mountJoining } from './joining.ts'
import { openApi } from './openapi.ts'
import { mountReference } from './reference.ts'
import { mountSignIn } from './sign-in.ts'
import { clientAddress, refuseForeignWrites, securityHeaders, type Env } from './security.ts'
import { mountWeb } from './web.ts'

export interface AppOptions {
  services: Services
  operations: readonly AnyOperation[]
  /** Reads whose answers are kept until something changes. */
  isKept?: (op: AnyOperation) => boolean
  live: LiveFeed
  version: string
  trustedProxies: string[]
  webFolder: string | null
  isReady: () => Promise<boolean>
  onSetUp: () => Promise<unknown>
}

/** Longer ones are no addresses that a page of ours makes; the server reads four times as much, so as to say so. */
export const longestAddress = 16 * 1024

export function createApp({
  services,
  operations,
  isKept = () => false,
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
  app.use(async (c, next) => {
    if (c.req.raw.url.length <= longestAddress) return next()
    const { body } = errorBody(
      limit('The address is longer than 16 KB. Send what is asked as the body of a POST instead.'),
      c.get('requestId'),
    )
    return c.json(body, tooLongStatus)
  })
  app.use(securityHeaders(services.baseUrl), clientAddress(trustedProxies))
  app.onError((error, c) => {
    // Nobody reads the answer, and what was going on was ended for that.
    if (c.req.raw.signal.aborted) return c.body(null, 400)
    const { status, body, isOurs } = errorBody(error, c.get('requestId'))
    const opensAt = isProductError(error) && error.code === 'throttled' ? error.details?.['opensAt'] : null
    if (isOurs)
      services.log.error(
        { err: error, requestId: c.get('requestId'), path: withoutLinks(c.req.path) },
        'request failed',
      )
    if (status === 429)
      c.header(
        'retry-after',
        typeof opensAt === 'string'
          ? String(Math.max(1, Math.ceil((Date.parse(opensAt) - services.now().getTime()) / 1000)))
          : '60',
      )
    return c.json(body, status)
  })
  app.get('/healthz', (c) => c.json({ ok: true }))
  app.get('/readyz', async (c) => {
    const reads = await isReady()
    const fault = await services.disk.fault()
    const why = !reads ? 'The database does not answer.' : fault ? sayFault(fault).message : null
    return why === null ? c.json({ ok: true }) : c.json({ ok: false, reads, writes: false, why }, 503)
  })
  for (const path of ['/api/auth/*', '/api/setup']) app.use(path, refuseForeignWrites(services.baseUrl))
  app.use('/api/*', async (c, next) => {
    await next()
    // What has a tag may be held by the browser that asked, and is asked for again each time.
    c.res.headers.set('cache-control', c.res.headers.has('etag') ? 'private, no-cache' : 'no-store')
  })
  const bounded = bodyLimit({
    maxSize: 4 * 1024 * 1024,
    onError: () => {
      throw limit('The input is larger than 4 MB.')
    },
  })
  app.use('/api/*', (c, next) => (c.req.path === '/api/uploads' ? next() : bounded(c, next)))

  mountSignIn(app, services)
  mountJoining(app, services, onSetUp)
  app.get('/api/openapi.json', (c) => c.json(openApi(operations, version, services.baseUrl().startsWith('https:'))))
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
  for (const op of operations) mountOperation(app, services, op, isKept(op))
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

function mountOperation(app: Hono<Env>, services: Services, op: AnyOperation, keeps: boolean): void {
  const path = `/api/${op.name}`
  // Operations alone: what carries a session or a token is left as it is.
  app.use(path, compress({ contentTypeFilter: /^application\/json/ }))
  const answer = async (c: Context<Env>, asked: string | undefined) => {
    const output = await perform(op, services, await callerOf(c, services), readInput(asked))
    sayTopics(c, op)
    return c.json(output)
  }
  if (keeps)
    app.get(path, async (c) => {
      const kept = await performKept(op, services, await callerOf(c, services), readInput(c.req.query('input')))
      sayTopics(c, op)
      return keptAnswer(c, kept)
    })
  else if (op.kind === 'read') app.get(path, (c) => answer(c, c.req.query('input')))
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

function keptAnswer(c: Context<Env>, { zipped, etag }: KeptAnswer): Response {
  const headers = { etag, vary: 'accept-encoding, cookie, authorization' }
  const known = (c.req.header('if-none-match') ?? '').split(',').map((tag) => tag.trim())
  if (known.includes(etag)) return c.body(null, 304, headers)
  const type = { ...headers, 'content-type': 'application/json' }
  return /\bgzip\b/.test(c.req.header('accept-encoding') ?? '')
    ? c.body(zipped, 200, { ...type, 'content-encoding': 'gzip' })
    : c.body(new Uint8Array(gunzipSync(zipped)), 200, type)
}

function mountUploads(app: Hono<Env>, services: Services): void {
  app.post('/api/uploads', async (c) => {
    const { actor, workspace } = await callerOf(c, services)
    if (!actor) throw unauthenticated()
    const scope = await admit({ name: 'uploads.create' }, 'insights:edit', services, actor, workspace)
    const name = (c.req.query('name') ?? 'file').replaceAll(/[\p{Cc}/\\]/gu, '_').slice(0, 200)
    if (!c.req.raw.body) throw invalid('There is no file in the body.')
    await services.disk.needRoom()
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
      let end!: () => void
      const ended = new Promise<void>((resolve) => {
        end = resolve
        stream.onAbort(resolve)
      })
      // One after the other: what is told after a person was taken out waits until it is known whether they still may hear it.
      let last = Promise.resolve()
      const inTurn = (mustAsk: boolean, say: { event?: string; data: string } | null) => {
        last = last
          .then(async () => {
            if (mustAsk && !(await isStillAdmitted(c, services, 'workspace:read'))) end()
            else if (say && !stream.aborted) await stream.writeSSE(say)
          })
          .catch((error: unknown) => {
            services.log.warn({ err: error }, 'a live stream was ended, since nobody could say whether it may go on')
            end()
          })
      }
      const leave = [
        live.subscribe(scope.workspaceId, (topics) =>
          inTurn(topics.includes('people'), { data: JSON.stringify(topics) }),
        ),
        live.onSessionsEnded(actor.userId, () => inTurn(true, null)),
      ]
      const beat = setInterval(() => inTurn(true, { event: 'beat', data: '' }), 25_000)
      await stream.writeSSE({ event: 'beat', data: '' })
      await Promise.race([ended, live.ended])
      clearInterval(beat)
      for (const one of leave) one()
    })
  })
}
