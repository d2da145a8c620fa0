/** The only place that reads the environment. */
import { delimiter, resolve } from 'node:path'
import { usualQuotaBytes } from './files/contents.ts'
import { warehouseDefaults } from './warehouse/warehouses.ts'

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
  answersMb: number
  /** The mail server, e.g. smtps://user:password@mail.example.com; absent: nothing is mailed. */
  mailUrl: string | null
  mailFrom: string | null
  /** Whether webhooks and scheduled imports may reach addresses of the own network. */
  mayReachPrivate: boolean
  /** Where tables for other tools are written; absent: `out` in the data folder. */
  outDir: string | null
  importRoots: ImportRoot[]
  /** How much the files that a workspace keeps may hold. */
  filesQuotaBytes: number
}

/** A folder below which scheduled imports may read; for every workspace, or for the one of this name. */
export interface ImportRoot {
  path: string
  workspace: string | null
}

export interface ConfigFlags {
  port?: string
  data?: string
}

export function readConfig(flags: ConfigFlags = {}, env: NodeJS.ProcessEnv = process.env): Config {
  const port = Number(flags.port ?? env['PORT'] ?? 4400)
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Error(`The port must be a number from 0 to 65535, not “${flags.port ?? env['PORT']}”.`)
  const numberOf = (name: string, least: number, otherwise: number): number => {
    const value = Number(env[name] || otherwise)
    if (!Number.isFinite(value) || value < least)
      throw new Error(`${name} must be a number of at least ${least}, not “${env[name]}”.`)
    return value
  }
  return {
    port,
    host: env['HOST'] ?? '127.0.0.1',
    dataDir: resolve(flags.data ?? env['THROUGHLINE_DATA'] ?? 'data'),
    databaseUrl: env['DATABASE_URL'] || null,
    publicUrl: env['THROUGHLINE_URL']?.replace(/\/+$/, '') || null,
    trustedProxies: (env['THROUGHLINE_TRUSTED_PROXIES'] ?? '')
      .split(',')
      .map((part) => part.trim())
      .filter(Boolean),
    logLevel: env['LOG_LEVEL'] ?? 'info',
    secret: env['THROUGHLINE_SECRET'] || null,
    warehouseMemoryMb: numberOf('THROUGHLINE_WAREHOUSE_MEMORY_MB', 1, warehouseDefaults.memoryLimitMb),
    warehouseThreads: numberOf('THROUGHLINE_WAREHOUSE_THREADS', 1, warehouseDefaults.threads),
    answersMb: numberOf('THROUGHLINE_ANSWERS_MB', 0, warehouseDefaults.answersMb),
    mailUrl: env['THROUGHLINE_MAIL_URL'] || null,
    mailFrom: env['THROUGHLINE_MAIL_FROM'] || null,
    mayReachPrivate: env['THROUGHLINE_ALLOW_PRIVATE_WEBHOOKS'] === 'true',
    outDir: env['THROUGHLINE_OUT'] ? resolve(env['THROUGHLINE_OUT']) : null,
    filesQuotaBytes: numberOf('THROUGHLINE_FILES_MB', 1, usualQuotaBytes / 1024 ** 2) * 1024 ** 2,
    importRoots: readRoots(env['THROUGHLINE_IMPORT_ROOTS'] ?? ''),
  }
}

/** Paths with the system's separator between them; `acme=/srv/exports` is for the workspace acme alone. */
const readRoots = (text: string): ImportRoot[] =>
  text
    .split(delimiter)
    .map((part) => part.trim())
    .filter(Boolean)
    .map((part) => {
      const [, workspace, path] = /^(?:([a-z0-9-]+)=)?(.+)$/.exec(part)!
      return { path: resolve(path!), workspace: workspace ?? null }
    })
