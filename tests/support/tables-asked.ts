/** Which tables an operation reads and changes, heard from the statements it sends. */
import { AsyncLocalStorage } from 'node:async_hooks'
import type { TestApp } from './app.ts'

export interface Asked {
  reads: Set<string>
  changes: Set<string>
}

/** The data and what is derived of it, as if it were a table. */
export const warehouseTable = 'the warehouse'

const reading = /\b(?:from|join)\s+"?([a-z_]+)"?/g
const changing = /\b(?:insert into|update|delete from)\s+"?([a-z_]+)"?/g
const namesIn = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map((match) => match[1]!)
/** What `perform` asks before every operation says nothing of any. */
const isAdmission = (text: string) => text.includes('from "member" inner join "workspace"')

export function listenToTables(app: TestApp): (asked: Asked, work: () => Promise<unknown>) => Promise<unknown> {
  const asking = new AsyncLocalStorage<Asked>()
  const hear = (text: string) => {
    const asked = asking.getStore()
    if (!asked || isAdmission(text)) return
    for (const name of namesIn(text, changing)) asked.changes.add(name)
    for (const name of namesIn(text.replaceAll(/\bdelete from\b/g, ''), reading)) asked.reads.add(name)
  }
  interface Client {
    query: (statement: string | { text: string }, values?: unknown[]) => Promise<unknown>
  }
  const pool = app.store.pool as unknown as { connect: () => Promise<Client> }
  const connect = pool.connect.bind(pool)
  const heard = new WeakSet<Client>()
  pool.connect = async () => {
    const client = await connect()
    if (heard.has(client)) return client
    heard.add(client)
    const query = client.query.bind(client)
    client.query = (statement, ...rest) => {
      hear(typeof statement === 'string' ? statement : statement.text)
      return query(statement, ...rest)
    }
    return client
  }
  const { warehouses } = app.services
  const open = warehouses.open.bind(warehouses)
  warehouses.open = (id) => {
    asking.getStore()?.reads.add(warehouseTable)
    return open(id)
  }
  return (asked, work) => asking.run(asked, work)
}
