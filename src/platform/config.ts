/** The only place that reads the environment. */
import { resolve } from 'node:path'

export interface Config {
  port: number
  host: string
  dataDir: string
  /** PostgreSQL's address; absent: the embedded one in the data folder. */
  databaseUrl: string | null
  /** The address people reach the product under, where it differs from http://localhost:PORT. */
  publicUrl: string | null
  /** Addresses of proxies whose word about the client's address is taken. */
  trustedProxies: string[]
  logLevel: string
  /** Signs sessions; absent: a key file in the data folder. */
  secret: string | null
  warehouseMemoryMb: number
  warehouseThreads: number
}

export interface ConfigFlags { port?: string; data?: string }

export function readConfig(flags: ConfigFlags = {}, env: NodeJS.ProcessEnv = process.env): Config {
  const port = Number(flags.port ?? env['PORT'] ?? 4400)
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error(`The port must be a number from 0 to 65535, not “${flags.port ?? env['PORT']}”.`)
  return {
    port,
    host: env['HOST'] ?? '127.0.0.1',
    dataDir: resolve(flags.data ?? env['THROUGHLINE_DATA'] ?? 'data'),
    databaseUrl: env['DATABASE_URL'] || null,
    publicUrl: env['THROUGHLINE_URL']?.replace(/\/+$/, '') || null,
    trustedProxies: (env['THROUGHLINE_TRUSTED_PROXIES'] ?? '').split(',').map((part) => part.trim()).filter(Boolean),
    logLevel: env['LOG_LEVEL'] ?? 'info',
    secret: env['THROUGHLINE_SECRET'] || null,
    warehouseMemoryMb: Number(env['THROUGHLINE_WAREHOUSE_MEMORY_MB'] ?? 1024),
    warehouseThreads: Number(env['THROUGHLINE_WAREHOUSE_THREADS'] ?? 2),
  }
}
