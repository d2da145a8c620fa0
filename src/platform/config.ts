/** The only place that reads the environment. */
import { delimiter, resolve } from 'node:path'
import { z } from 'zod'
import { roles } from './auth/permissions.ts'
import type { SingleSignOn } from './auth/single-sign-on.ts'
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
  /** The OpenID provider people sign in by, beside passwords or instead of them. */
  signOn: SingleSignOn | null
  hasPasswords: boolean
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
    ...readSignOn(env),
    outDir: env['THROUGHLINE_OUT'] ? resolve(env['THROUGHLINE_OUT']) : null,
    filesQuotaBytes: numberOf('THROUGHLINE_FILES_MB', 1, usualQuotaBytes / 1024 ** 2) * 1024 ** 2,
    importRoots: readRoots(env['THROUGHLINE_IMPORT_ROOTS'] ?? ''),
  }
}

const GroupRoles = z.array(
  z.strictObject({ group: z.string().min(1), workspace: z.string().min(1), role: z.enum(roles) }),
)

function readSignOn(env: NodeJS.ProcessEnv): Pick<Config, 'signOn' | 'hasPasswords'> {
  const isOff = (name: string) => oneOf(env, name, ['on', 'off'], 'on') === 'off'
  const hasPasswords = !isOff('THROUGHLINE_PASSWORDS')
  const issuer = env['THROUGHLINE_OIDC_ISSUER']
  if (!issuer) {
    if (!hasPasswords)
      throw new Error(
        'THROUGHLINE_PASSWORDS is off, so that nobody could sign in: set THROUGHLINE_OIDC_ISSUER, or leave passwords on.',
      )
    return { signOn: null, hasPasswords }
  }
  const url = URL.canParse(issuer) ? new URL(issuer) : null
  const isNear = ['localhost', '127.0.0.1', '[::1]'].includes(url?.hostname ?? '')
  if (!url || (url.protocol !== 'https:' && !isNear))
    throw new Error(`THROUGHLINE_OIDC_ISSUER must be an address that begins with https://, not “${issuer}”.`)
  const clientId = env['THROUGHLINE_OIDC_CLIENT_ID']
  if (!clientId) throw new Error('THROUGHLINE_OIDC_CLIENT_ID is needed beside THROUGHLINE_OIDC_ISSUER.')
  return {
    hasPasswords,
    signOn: {
      name: env['THROUGHLINE_OIDC_NAME'] || url.hostname,
      issuer: issuer.replace(/\/+$/, ''),
      clientId,
      clientSecret: env['THROUGHLINE_OIDC_CLIENT_SECRET'] || null,
      scopes: (env['THROUGHLINE_OIDC_SCOPES'] || 'openid email profile').split(/[\s,]+/).filter(Boolean),
      groupsClaim: env['THROUGHLINE_OIDC_GROUPS_CLAIM'] || 'groups',
      roles: readGroupRoles(env['THROUGHLINE_OIDC_ROLES'] ?? ''),
      joinsByGroup: oneOf(env, 'THROUGHLINE_OIDC_JOIN', ['invitation', 'group'], 'invitation') === 'group',
      trustsEmail: oneOf(env, 'THROUGHLINE_OIDC_TRUST_EMAIL', ['false', 'true'], 'false') === 'true',
    },
  }
}

function oneOf(env: NodeJS.ProcessEnv, name: string, values: string[], otherwise: string): string {
  const value = env[name] || otherwise
  if (!values.includes(value)) throw new Error(`${name} must be ${values.join(' or ')}, not “${value}”.`)
  return value
}

/** JSON, since names of groups may hold any character. */
function readGroupRoles(text: string): SingleSignOn['roles'] {
  if (text.trim() === '') return []
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    json = null
  }
  const read = GroupRoles.safeParse(json)
  if (!read.success)
    throw new Error(
      `THROUGHLINE_OIDC_ROLES must be a list such as [{"group":"pm-team","workspace":"acme","role":"product-manager"}]; roles are ${roles.join(', ')}.`,
    )
  return read.data
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
