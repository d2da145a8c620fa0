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
  listen: (channel: string, heard: (payload: string) => void) => Promise<void>
  close: () => Promise<void>
}

export type StoreAddress = { url: string } | { dataDir: string | null; template?: Uint8Array }

export async function openStore(address: StoreAddress): Promise<Store> {
  const pool = 'url' in address
    ? new pg.Pool({ connectionString: address.url, max: 10, types: pgTypes() as never })
    : await PglitePool.open({ dataDir: address.dataDir, template: address.template ?? null })
  const open = new AsyncLocalStorage<{ isOpen: boolean }>()
  const connect = () => {
    // With one session a second connection asked for inside a transaction would wait for itself for good; with a pool it would read outside of it.
    if (open.getStore()?.isOpen) throw bug('The database was used beside its open transaction; use the transaction that was handed in.')
    return pool.connect()
  }
  const db: Db = new Kysely<PlatformTables>({ dialect: new PostgresDialect({ pool: { connect, end: async () => undefined } as unknown as PostgresPool }) })
  const listener = 'url' in address ? new pg.Client({ connectionString: address.url }) : null
  let isListening = false
  return {
    db, pool, isEmbedded: !('url' in address),
    transaction: (work) => db.transaction().execute((tx) => {
      const state = { isOpen: true }
      return open.run(state, () => work(tx)).finally(() => { state.isOpen = false })
    }),
    async listen(channel, heard) {
      if (pool instanceof PglitePool) return pool.listen(channel, heard)
      if (!listener) return
      if (!isListening) { isListening = true; await listener.connect() }
      listener.on('notification', (n) => { if (n.channel === channel) heard(n.payload ?? '') })
      await listener.query(`listen ${channel.replaceAll(/[^a-z_]/g, '')}`)
    },
    async close() {
      await db.destroy()
      if (isListening) await listener?.end()
      await pool.end()
    },
  }
}
