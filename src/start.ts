/** Composition: stores, queue, sign-in and the HTTP app, from one configuration. */
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import type { Hono } from 'hono'
import { createApp } from './faces/http/app.ts'
import type { Env } from './faces/http/security.ts'
import { jobKinds, operations } from './operations.ts'
import { migrate } from './platform/db/migrate.ts'
import { openStore, type Store, type StoreAddress } from './platform/db/open.ts'
import { openFiles } from './platform/files/files.ts'
import { openJobs } from './platform/jobs/queue.ts'
import { openLiveFeed } from './platform/live/feed.ts'
import { openLog } from './platform/log.ts'
import { openSignIn } from './platform/auth/sign-in.ts'
import { openWarehouses } from './platform/warehouse/warehouses.ts'
import type { Services } from './platform/services.ts'

export interface StartOptions {
  dataDir: string
  store: StoreAddress
  secret?: string | null
  baseUrl: () => string
  trustedProxies?: string[]
  logLevel?: string
  warehouseMemoryMb?: number
  warehouseThreads?: number
  now?: () => Date
  checkOutputs?: boolean
  serveWeb?: boolean
}

export interface Running { app: Hono<Env>; services: Services; store: Store; stop: () => Promise<void> }

export const version = (JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }).version

export async function startServices(options: StartOptions): Promise<Running> {
  mkdirSync(options.dataDir, { recursive: true, mode: 0o700 })
  const now = options.now ?? (() => new Date())
  const log = openLog(options.logLevel ?? 'info')
  const store = await openStore(options.store)
  await migrate(store)
  const jobs = openJobs(store, now)
  const files = await openFiles(options.dataDir)
  const warehouses = openWarehouses({ folder: join(options.dataDir, 'warehouse'), memoryLimitMb: options.warehouseMemoryMb ?? 1024, threads: options.warehouseThreads ?? 2 })
  const signIn = openSignIn({ db: store.db, secret: options.secret || secretOf(options.dataDir), baseUrl: options.baseUrl })
  const services: Services = { db: store.db, transaction: store.transaction, warehouses, jobs, files, signIn, log, now, baseUrl: options.baseUrl, checkOutputs: options.checkOutputs ?? false }
  const live = await openLiveFeed(store)
  await jobs.start(jobKinds, services)
  const webFolder = options.serveWeb === false ? null : fileURLToPath(new URL('../dist', import.meta.url))
  const app = createApp({
    services, operations, live, version, trustedProxies: options.trustedProxies ?? [], webFolder: webFolder && existsSync(join(webFolder, 'index.html')) ? webFolder : null,
    isReady: async () => { try { await sql`select 1`.execute(store.db); return true } catch { return false } },
  })
  return {
    app, services, store,
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
