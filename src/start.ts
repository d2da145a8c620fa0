/** Composition: stores, queue, sign-in and the HTTP app, from one configuration. */
import { createHmac, randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Hono } from 'hono'
import { ensureLocalToken } from './faces/cli/local-token.ts'
import { createApp } from './faces/http/app.ts'
import type { Env } from './faces/http/security.ts'
import { asDatasets } from './insights/datasets/handed.ts'
import { rooms as roomsOfTheProduct } from './operations.ts'
import { migrate } from './platform/db/migrate.ts'
import { openStore, type Store, type StoreAddress } from './platform/db/open.ts'
import { needWritable, watchDisk } from './platform/disk.ts'
import { openContents } from './platform/files/contents.ts'
import { openFiles } from './platform/files/files.ts'
import { dueTick, openJobs, type JobKind, type Tick } from './platform/jobs/queue.ts'
import { openLiveFeed } from './platform/live/feed.ts'
import { openKeptAnswers } from './platform/kept-answers.ts'
import type { AnyOperation } from './platform/operation.ts'
import { openLog } from './platform/log.ts'
import { openMailer } from './platform/mail/mail.ts'
import { openWebhooks } from './platform/webhooks/send.ts'
import { openDownloads } from './platform/outside/download.ts'
import type { ImportRoot } from './platform/config.ts'
import { openSignIn } from './platform/auth/sign-in.ts'
import type { SingleSignOn } from './platform/auth/single-sign-on.ts'
import { openWarehouses, warehouseDefaults } from './platform/warehouse/warehouses.ts'
import { compose, type Room, type Rooms } from './platform/rooms/room.ts'
import type { Services } from './platform/services.ts'

export interface StartOptions {
  dataDir: string
  store: StoreAddress
  secret?: string | null
  baseUrl: () => string
  trustedProxies?: string[]
  logLevel?: string
  warehouseMemoryMb?: number
  answersMb?: number
  warehouseThreads?: number
  mailUrl?: string | null
  mailFrom?: string | null
  mayReachPrivate?: boolean
  signOn?: SingleSignOn | null
  hasPasswords?: boolean
  outDir?: string | null
  importRoots?: readonly ImportRoot[]
  /** How much the files that a workspace keeps may hold. */
  filesQuotaBytes?: number
  now?: () => Date
  checkOutputs?: boolean
  serveWeb?: boolean
  /** In place of those of the product. */
  rooms?: readonly Room[]
  kinds?: JobKind[]
  /** What is looked at from time to time; a test does that itself, by its own clock. */
  ticks?: readonly Tick[]
  /** In place of what the rooms bring. */
  brings?: Partial<Rooms>
}

export interface Running {
  app: Hono<Env>
  services: Services
  store: Store
  stop: () => Promise<void>
}

export const version = (
  JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }
).version

/** Reads of the data alone, the same for everybody of a role: their answers are kept until something changes. */
const isKept = (op: AnyOperation): boolean =>
  op.kind === 'read' && !op.sensitive && op.name.startsWith('insights.analyses.')

export async function startServices(options: StartOptions): Promise<Running> {
  const rooms = options.rooms ?? roomsOfTheProduct
  const composed = compose(rooms)
  asDatasets(composed.datasets)
  needWritable(options.dataDir)
  const now = options.now ?? (() => new Date())
  const log = openLog(options.logLevel ?? 'info')
  const store = await openStore(options.store)
  await migrate(store)
  const jobs = openJobs(store, now)
  const files = await openFiles(options.dataDir)
  const disk = watchDisk(options.dataDir)
  const warehouses = openWarehouses({
    folder: join(options.dataDir, 'warehouse'),
    memoryLimitMb: options.warehouseMemoryMb ?? warehouseDefaults.memoryLimitMb,
    threads: options.warehouseThreads ?? warehouseDefaults.threads,
    answersMb: options.answersMb ?? warehouseDefaults.answersMb,
  })
  const secret = options.secret || secretOf(options.dataDir)
  const mail = openMailer({ url: options.mailUrl ?? null, from: options.mailFrom ?? null })
  const signIn = openSignIn({
    db: store.db,
    transaction: store.transaction,
    secret,
    baseUrl: options.baseUrl,
    now,
    log,
    mail,
    hasPasswords: options.hasPasswords ?? true,
    provider: options.signOn ?? null,
  })
  const services: Services = {
    rooms: { ...composed, ...options.brings },
    db: store.db,
    transaction: store.transaction,
    warehouses,
    jobs,
    files,
    disk,
    kept: openKeptAnswers(options.answersMb ?? warehouseDefaults.answersMb),
    contents: openContents(options.dataDir, options.filesQuotaBytes),
    signIn,
    log,
    now,
    baseUrl: options.baseUrl,
    checkOutputs: options.checkOutputs ?? false,
    mail,
    webhooks: openWebhooks({ mayReachPrivate: options.mayReachPrivate ?? false }),
    outFolder: options.outDir ?? join(options.dataDir, 'out'),
    isEmbedded: store.isEmbedded,
    downloads: openDownloads({ mayReachPrivate: options.mayReachPrivate ?? false }),
    importRoots: options.importRoots ?? [],
    secretFor: (purpose) => createHmac('sha256', secret).update(purpose).digest('base64url'),
  }
  const live = await openLiveFeed(store)
  const kinds = options.kinds ?? rooms.flatMap((r) => r.jobs ?? [])
  await jobs.start(kinds, services, options.ticks ?? [dueTick(kinds), ...rooms.flatMap((r) => r.ticks ?? [])])
  const webFolder = options.serveWeb === false ? null : fileURLToPath(new URL('../dist', import.meta.url))
  const app = createApp({
    services,
    operations: rooms.flatMap((r) => r.operations),
    isKept,
    live,
    version,
    trustedProxies: options.trustedProxies ?? [],
    webFolder: webFolder && existsSync(join(webFolder, 'index.html')) ? webFolder : null,
    isReady: store.isReady,
    onSetUp: () => ensureLocalToken(services, options.dataDir),
  })
  return {
    app,
    services,
    store,
    async stop() {
      live.end()
      await jobs.stop()
      await warehouses.close()
      await store.close()
    },
  }
}

function secretOf(dataDir: string): string {
  const path = join(dataDir, 'secret.key')
  if (!existsSync(path)) writeFileSync(path, randomBytes(32).toString('base64url'), { mode: 0o600 })
  return readFileSync(path, 'utf8')
}
