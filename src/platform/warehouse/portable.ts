/** A DuckDB file that is made to be handed out: written whole and closed, never opened by this program again. */
import { DuckDBInstance } from '@duckdb/node-api'
import { connectionOf, type Connection } from './warehouses.ts'

export async function writePortable(path: string, work: (con: Connection) => Promise<void>): Promise<void> {
  const instance = await DuckDBInstance.create(path, {
    memory_limit: '512MB',
    threads: '1',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  })
  try {
    const raw = await instance.connect()
    try {
      await work(connectionOf(raw))
      await raw.run('checkpoint')
    } finally {
      raw.closeSync()
    }
  } finally {
    instance.closeSync()
  }
}
