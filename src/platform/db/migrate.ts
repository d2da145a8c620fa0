/** Numbered SQL, forward only, each in a transaction; two servers that start at once wait for each other. */
import { readdirSync, readFileSync } from 'node:fs'
import type { Store } from './open.ts'

const folder = new URL('../../../migrations/', import.meta.url)
const lockKey = 7_242_017

/** Two numbers were given twice once; a store that ran these under their former names has run them. */
const formerNames: Readonly<Record<string, string>> = {
  '0010_schedules.sql': '0011_schedules.sql',
  '0010_shared_views.sql': '0012_shared_views.sql',
  '0011_annotations.sql': '0013_annotations.sql',
  '0011_out.sql': '0014_out.sql',
}

export const migrationNames = (): string[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .sort()

/** @returns the migrations that were applied now */
export async function migrate(store: Store): Promise<string[]> {
  const client = await store.pool.connect()
  const applied: string[] = []
  try {
    await client.query(`select pg_advisory_lock(${lockKey})`)
    await client.query(
      'create table if not exists migration (name text primary key, applied_at timestamptz not null default now())',
    )
    for (const [former, name] of Object.entries(formerNames))
      await client.query('update migration set name = $1 where name = $2', [name, former])
    const { rows } = await client.query('select name from migration')
    const done = new Set((rows as { name: string }[]).map((row) => row.name))
    for (const name of migrationNames().filter((file) => !done.has(file))) {
      await client.query('begin')
      try {
        await client.query(readFileSync(new URL(name, folder), 'utf8'))
        await client.query('insert into migration (name) values ($1)', [name])
        await client.query('commit')
      } catch (error) {
        await client.query('rollback')
        throw new Error(`Migration ${name} failed: ${error instanceof Error ? error.message : String(error)}`, {
          cause: error,
        })
      }
      applied.push(name)
    }
  } finally {
    await client.query(`select pg_advisory_unlock(${lockKey})`).catch(() => undefined)
    client.release()
  }
  return applied
}
