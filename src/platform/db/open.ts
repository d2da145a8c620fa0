/** Opens the operational store: PostgreSQL where an address is given, else the embedded one in the data folder. */
import { AsyncLocalStorage } from 'node:async_hooks'
import { Kysely, PostgresDialect, type PostgresPool } from 'kysely'
import pg from 'pg'
import { bug } from '../errors.ts'
import type { Db } from './database.ts'
import { PglitePool } from './pglite-pool.ts'
import type { PlatformTables } from './tables.ts'
import { pgTypes } from './types.ts'

export interface Store {
  db: Db
  pool: pg.Pool | PglitePool
  isEmbedded: boolean
  transaction: <T>(work: (tx: Db) => Promise<T>) => Promise<T>
  /** Runs when the transaction that is open here has committed, and never where it does not; at once where none is open. */
  afterCommit: (then: () => void) => void
  isReady: () => Promise<boolean>
  listen: (channel: string, heard: (payload: string) => void) => Promise<void>
  close: () => Promise<void>
}

/** A server that does not answer is an error that can be told, not a wait without an end. */
const connectWithinMs = 30_000

export type StoreAddress = { url: string } | { dataDir: string | null; template?: Uint8Array }

export async function openStore(address: StoreAddress): Promise<Store> {
  const pool =
    'url' in address
      ? new pg.Pool({
          connectionString: address.url,
          max: 10,
          connectionTimeoutMillis: connectWithinMs,
          types: pgTypes() as never,
        })
      : await PglitePool.open({ dataDir: address.dataDir, template: address.template ?? null })
  const open = new AsyncLocalStorage<{ isOpen: boolean; after: (() => void)[] }>()
  const connect = () => {
    // With one session a second connection asked for inside a transaction would wait for itself for good; with a pool it would read outside of it.
    if (open.getStore()?.isOpen)
      throw bug('The database was used beside its open transaction; use the transaction that was handed in.')
    return pool.connect()
  }
  const db: Db = new Kysely<PlatformTables>({
    dialect: new PostgresDialect({ pool: { connect, end: async () => undefined } as unknown as PostgresPool }),
  })
  // An idle connection that the server ends is replaced at the next query; unheard, its error would end this process.
  if (pool instanceof pg.Pool) pool.on('error', () => undefined)
  const listener = 'url' in address ? openListener(address.url) : null
  return {
    db,
    pool,
    isEmbedded: !('url' in address),
    async transaction(work) {
      const state = { isOpen: true, after: [] as (() => void)[] }
      const result = await db.transaction().execute((tx) =>
        open
          .run(state, () => work(tx))
          .finally(() => {
            state.isOpen = false
          }),
      )
      for (const then of state.after) then()
      return result
    },
    afterCommit(then) {
      const state = open.getStore()
      if (state?.isOpen) state.after.push(then)
      else then()
    },
    async isReady() {
      try {
        await pool.query('select 1')
        return true
      } catch {
        return false
      }
    },
    async listen(channel, heard) {
      if (pool instanceof PglitePool) return pool.listen(channel, heard)
      await listener?.listen(channel, heard)
    },
    async close() {
      await db.destroy()
      await listener?.end()
      await pool.end()
    },
  }
}

const reconnectMs = 1000

/** A connection of its own that hears notifications; one that is lost is opened again until it is ended. */
function openListener(url: string) {
  const channels = new Map<string, ((payload: string) => void)[]>()
  let client: Promise<pg.Client> | null = null
  let again: NodeJS.Timeout | null = null
  let isEnded = false
  const connect = async (): Promise<pg.Client> => {
    const fresh = new pg.Client({ connectionString: url, connectionTimeoutMillis: connectWithinMs })
    fresh.on('error', reconnect).on('end', reconnect)
    fresh.on('notification', ({ channel, payload }) => {
      for (const heard of channels.get(channel) ?? []) heard(payload ?? '')
    })
    await fresh.connect()
    for (const channel of channels.keys()) await fresh.query(`listen ${channel}`)
    return fresh
  }
  const reconnect = () => {
    if (!isEnded)
      again ??= setTimeout(() => {
        again = null
        client = connect()
        client.catch(reconnect)
      }, reconnectMs).unref()
  }
  return {
    async listen(channel: string, heard: (payload: string) => void): Promise<void> {
      const name = channel.replaceAll(/[^a-z_]/g, '')
      channels.set(name, [...(channels.get(name) ?? []), heard])
      if (client) await (await client).query(`listen ${name}`)
      else await (client = connect())
    },
    async end(): Promise<void> {
      isEnded = true
      await (await client?.catch(() => null))?.end()
    },
  }
}
