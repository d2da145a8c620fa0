/** The whole program for a test: fresh migrated stores, a settable clock, a workspace with one person of every role. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { z } from 'zod'
import { startServices, type Running } from '../../src/start.ts'
import { migrate } from '../../src/platform/db/migrate.ts'
import { openStore, type StoreAddress } from '../../src/platform/db/open.ts'
import type { ImportRoot } from '../../src/platform/config.ts'
import { PglitePool } from '../../src/platform/db/pglite-pool.ts'
import { newId } from '../../src/platform/ids.ts'
import type { JobKind } from '../../src/platform/jobs/queue.ts'
import { perform, type Actor, type Caller, type May, type OperationSpec } from '../../src/platform/operation.ts'
import { roles, type Role } from '../../src/platform/auth/permissions.ts'
import { addMember, insertWorkspace } from '../../src/platform/workspaces/queries.ts'

let template: Promise<Uint8Array> | null = null
const migratedTemplate = () =>
  (template ??= (async () => {
    const store = await openStore({ dataDir: null })
    await migrate(store)
    const blob = await (store.pool as PglitePool).dump()
    await store.close()
    return blob
  })())

export interface TestWorkspace {
  id: string
  slug: string
  as: Record<Role, Caller>
}
export interface TestApp extends Running {
  clock: { set: (iso: string) => void }
  dataDir: string
  workspace: (options?: { currency?: string }) => Promise<TestWorkspace>
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
    kinds?: JobKind[]
    mailUrl?: string
    mayReachPrivate?: boolean
    importRoots?: readonly ImportRoot[]
  } = {},
): Promise<TestApp> {
  const dataDir = await mkdtemp(join(tmpdir(), 'throughline-'))
  let at: Date | null = null
  const running = await startServices({
    dataDir,
    store: options.store ?? { dataDir: null, template: await migratedTemplate() },
    secret: 'a secret for tests only, long enough',
    baseUrl: options.baseUrl ?? (() => 'http://localhost'),
    logLevel: 'silent',
    warehouseMemoryMb: 512,
    now: () => at ?? new Date(),
    checkOutputs: true,
    serveWeb: options.serveWeb ?? false,
    kinds: options.kinds,
    ticks: [],
    mailUrl: options.mailUrl ?? null,
    mailFrom: options.mailUrl ? 'throughline@example.com' : null,
    mayReachPrivate: options.mayReachPrivate ?? false,
    importRoots: options.importRoots ?? [],
  })
  let people = 0
  return {
    ...running,
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
        const person = await running.services.signIn.createPerson({
          name: `${role} ${people}`,
          email: `${role}.${people++}@example.com`,
          password: 'a long password',
        })
        await addMember(running.services.db, { workspaceId: id, userId: person.userId, role, joinedAt: new Date() })
        const actor: Actor = { ...person, isOwner: false, mayReadPaths: false, face: 'http' }
        as[role] = { actor, workspace: slug }
      }
      return { id, slug, as }
    },
    async close() {
      await running.stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}
