/** The whole program for a test: fresh migrated stores, a settable clock, a workspace with one person of every role. */
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hashPassword } from 'better-auth/crypto'
import type { z } from 'zod'
import { startServices, type Running, type StartOptions } from '../../src/start.ts'
import type { StoreAddress } from '../../src/platform/db/open.ts'
import type { SingleSignOn } from '../../src/platform/auth/single-sign-on.ts'
import type { ImportRoot } from '../../src/platform/config.ts'
import type { PglitePool } from '../../src/platform/db/pglite-pool.ts'
import { newId } from '../../src/platform/ids.ts'
import type { JobRow } from '../../src/platform/jobs/queries.ts'
import type { JobKind } from '../../src/platform/jobs/queue.ts'
import type { Room } from '../../src/platform/rooms/room.ts'
import { perform, type Actor, type Caller, type May, type OperationSpec } from '../../src/platform/operation.ts'
import { roles, type Role } from '../../src/platform/auth/permissions.ts'
import { addMember, insertWorkspace } from '../../src/platform/workspaces/queries.ts'
import { within } from './within.ts'

/** What every test begins with: a store with its tables and those of the queue, made once a worker. */
let template: Promise<Uint8Array> | null = null
const freshStore = () =>
  (template ??= (async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'throughline-'))
    const { store, stop } = await startServices({ ...settings, dataDir, store: { dataDir: null }, kinds: [] })
    // Two databases that nobody opens would be two thirds of what each test copies.
    for (const name of ['template0', 'template1']) {
      await store.pool.query(`update pg_database set datistemplate = false where datname = '${name}'`)
      await store.pool.query(`drop database ${name}`)
    }
    const blob = await (store.pool as PglitePool).dump()
    await stop()
    await rm(dataDir, { recursive: true, force: true })
    return blob
  })())
const settings = {
  secret: 'a secret for tests only, long enough',
  baseUrl: () => 'http://localhost',
  logLevel: 'silent',
  warehouseMemoryMb: 512,
  // Two cost such small companies twice the processor.
  warehouseThreads: 1,
  checkOutputs: true,
  serveWeb: false,
  // A test looks at what is due itself, by its own clock.
  ticks: [],
}

/** Slow by design, and of one password for everybody, so it is worked out once. */
let hashed: Promise<string> | null = null
export const testPassword = 'a long password'

/** What a program that was closed leaves, for others to begin with: its operational store and its data folder. */
export interface Snapshot {
  store: Uint8Array
  folder: string
}

export interface Person {
  userId: string
  name: string
  email: string
}
export interface TestWorkspace {
  id: string
  slug: string
  as: Record<Role, Caller>
}
export interface TestApp extends Running {
  clock: { set: (iso: string) => void }
  dataDir: string
  workspace: (options?: { currency?: string }) => Promise<TestWorkspace>
  /** A person who can sign in with the password of the tests. */
  person: (person: { name: string; email: string }) => Promise<Person>
  /** Waits until nothing of the workspace is queued or runs; a job may start the next one. @returns how each ended */
  settle: (workspaceId: string) => Promise<JobRow[]>
  perform: <M extends May, I extends z.ZodType, O extends z.ZodType, P>(
    op: OperationSpec<M, I, O, P>,
    caller: Caller,
    input?: z.input<I>,
  ) => Promise<z.output<O>>
  close: () => Promise<void>
}

export async function testApp(
  options: {
    store?: StoreAddress
    serveWeb?: boolean
    baseUrl?: () => string
    /** In place of those of the product. */
    rooms?: readonly Room[]
    kinds?: JobKind[]
    mailUrl?: string
    mayReachPrivate?: boolean
    importRoots?: readonly ImportRoot[]
    signOn?: SingleSignOn
    hasPasswords?: boolean
    from?: Snapshot
    brings?: StartOptions['brings']
    filesQuotaBytes?: number
  } = {},
): Promise<TestApp> {
  const dataDir = await mkdtemp(join(tmpdir(), 'throughline-'))
  if (options.from) await cp(options.from.folder, dataDir, { recursive: true })
  let at: Date | null = null
  const running = await startServices({
    ...settings,
    dataDir,
    store: options.store ?? { dataDir: null, template: options.from?.store ?? (await freshStore()) },
    now: () => at ?? new Date(),
    baseUrl: options.baseUrl ?? settings.baseUrl,
    serveWeb: options.serveWeb ?? false,
    rooms: options.rooms,
    kinds: options.kinds,
    mailUrl: options.mailUrl ?? null,
    mailFrom: options.mailUrl ? 'throughline@example.com' : null,
    mayReachPrivate: options.mayReachPrivate ?? false,
    importRoots: options.importRoots ?? [],
    signOn: options.signOn ?? null,
    hasPasswords: options.hasPasswords ?? true,
    brings: options.brings,
    filesQuotaBytes: options.filesQuotaBytes,
  })
  let people = 0
  const person = async ({ name, email }: { name: string; email: string }): Promise<Person> => {
    const at = new Date()
    const userId = newId()
    await running.services.db
      .insertInto('auth_user')
      .values({ id: userId, name, email, emailVerified: true, image: null, createdAt: at, updatedAt: at })
      .execute()
    await running.services.db
      .withTables<{ auth_account: CredentialTable }>()
      .insertInto('auth_account')
      .values({
        id: newId(),
        accountId: userId,
        providerId: 'credential',
        userId,
        password: await (hashed ??= hashPassword(testPassword)),
        updatedAt: at,
      })
      .execute()
    return { userId, name, email }
  }
  return {
    ...running,
    person,
    dataDir,
    clock: {
      set: (iso) => {
        at = new Date(iso)
      },
    },
    perform: (op, caller, input) => perform(op, running.services, caller, input),
    async workspace({ currency = 'EUR' } = {}) {
      const id = newId()
      const slug = `w-${id}`
      await insertWorkspace(running.services.db, {
        id,
        slug,
        name: 'Test company',
        currency,
        kind: 'own',
        version: 1,
        createdAt: new Date(),
      })
      const as = {} as Record<Role, Caller>
      for (const role of roles) {
        const one = await person({ name: `${role} ${people}`, email: `${role}.${people++}@example.com` })
        await addMember(running.services.db, { workspaceId: id, userId: one.userId, role, joinedAt: new Date() })
        const actor: Actor = { ...one, isOwner: false, mayReadPaths: false, face: 'http' }
        as[role] = { actor, workspace: slug }
      }
      return { id, slug, as }
    },
    async settle(workspaceId) {
      const ended: JobRow[] = []
      for (let round = 0; round < roundsOfJobs; round += 1) {
        const open = await running.services.db
          .selectFrom('job')
          .select('id')
          .where('workspace_id', '=', workspaceId)
          .where('state', 'in', ['queued', 'running'])
          .orderBy('id')
          .execute()
        if (open.length === 0) return ended
        for (const { id } of open) ended.push(await running.services.jobs.settled(id))
      }
      throw new Error(
        `Jobs start one another without an end: ${ended
          .slice(-5)
          .map((job) => job.kind)
          .join(', ')}`,
      )
    },
    async close() {
      try {
        await within(20, 'stopping the program', running.stop())
      } finally {
        await rm(dataDir, { recursive: true, force: true })
      }
    },
  }
}

/** More than any test has in a row. */
const roundsOfJobs = 100

interface CredentialTable {
  id: string
  accountId: string
  providerId: string
  userId: string
  password: string
  updatedAt: Date
}

/** Closes it and keeps what it holds; the folder is the caller's to remove. */
export async function snapshotOf(app: TestApp): Promise<Snapshot> {
  const store = await (app.store.pool as PglitePool).dump()
  await app.stop()
  return { store, folder: app.dataDir }
}
