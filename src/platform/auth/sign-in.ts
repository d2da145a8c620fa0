/** Password sign-in and sessions by the sign-in library; who may do what in which workspace is ours. */
import { betterAuth } from 'better-auth'
import { invalid } from '../errors.ts'
import { insertAudit } from '../audit/queries.ts'
import type { Db } from '../db/database.ts'
import type { Log } from '../log.ts'
import { findPerson } from '../people/queries.ts'

export interface SignedIn {
  userId: string
  name: string
  email: string
}

export interface Accounts {
  /** Serves the allow-listed sign-in routes under /api/auth. */
  handle(request: Request): Promise<Response>
  session(headers: Headers): Promise<SignedIn | null>
  /** Makes a person with a password; open sign-up stays off. @throws invalid where the e-mail is taken or the password weak */
  createPerson(person: { name: string; email: string; password: string }): Promise<SignedIn>
  findByEmail(email: string): Promise<SignedIn | null>
}

export interface SignInOptions {
  db: Db
  secret: string
  baseUrl: () => string
  log: Log
}

const minPasswordLength = 10

export const authTables = {
  user: 'auth_user',
  session: 'auth_session',
  account: 'auth_account',
  verification: 'auth_verification',
  rateLimit: 'auth_rate_limit',
} as const

export function signInOptions({ db, secret, baseUrl, log }: SignInOptions) {
  return {
    appName: 'Throughline',
    baseURL: baseUrl(),
    // Whether a write comes from our own pages is checked for every route by the HTTP face; people reach one server under several names.
    trustedOrigins: (request?: Request) => {
      const origin = request?.headers.get('origin')
      return origin ? [origin] : []
    },
    basePath: '/api/auth',
    secret,
    telemetry: { enabled: false },
    // Its message alone: what it adds may name a person.
    logger: {
      level: 'warn' as const,
      log: (level: 'debug' | 'info' | 'warn' | 'error', message: string) => log[level](`sign-in: ${message}`),
    },
    database: { db: db as never, type: 'postgres' as const },
    user: { modelName: authTables.user },
    session: { modelName: authTables.session, expiresIn: 60 * 60 * 24 * 14 },
    account: { modelName: authTables.account },
    verification: { modelName: authTables.verification },
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength, autoSignIn: true },
    rateLimit: {
      enabled: true,
      storage: 'database' as const,
      modelName: authTables.rateLimit,
      window: 60,
      max: 120,
      customRules: { '/sign-in/email': { window: 60, max: 10 } },
    },
    advanced: {
      ipAddress: { ipAddressHeaders: ['x-throughline-client'] },
      cookiePrefix: 'throughline',
      useSecureCookies: baseUrl().startsWith('https:'),
    },
    databaseHooks: {
      session: {
        create: {
          after: async (session: { userId: string }) => {
            const person = await findPerson(db, session.userId)
            const actor = {
              userId: session.userId,
              name: person?.name ?? '',
              email: person?.email ?? '',
              face: 'web' as const,
              isOwner: false,
              mayReadPaths: false,
            }
            await insertAudit(db, {
              at: new Date(),
              workspaceId: null,
              actor,
              operation: 'session.signIn',
              outcome: 'done',
              target: null,
            })
          },
        },
      },
    },
  }
}

/** Routes of the library that are served; everything else of it answers not found. */
const allowed = new Set([
  'POST /api/auth/sign-in/email',
  'POST /api/auth/sign-out',
  'GET /api/auth/get-session',
  'POST /api/auth/change-password',
])

export function openSignIn(options: SignInOptions): Accounts {
  const auth = betterAuth(signInOptions(options))
  return {
    async handle(request) {
      if (!allowed.has(`${request.method} ${new URL(request.url).pathname}`)) return new Response(null, { status: 404 })
      return auth.handler(request)
    },
    async session(headers) {
      const found = await auth.api.getSession({ headers })
      return found ? { userId: found.user.id, name: found.user.name, email: found.user.email } : null
    },
    async createPerson({ name, email, password }) {
      if (password.length < minPasswordLength)
        throw invalid(`The password needs at least ${minPasswordLength} characters.`)
      const context = await auth.$context
      const address = email.trim().toLowerCase()
      if (await context.internalAdapter.findUserByEmail(address))
        throw invalid(`There is already a person with the e-mail ${address}. Sign in as them, or use another address.`)
      const user = await context.internalAdapter.createUser(
        { name: name.trim(), email: address, emailVerified: true },
        { method: 'email-password' },
      )
      await context.internalAdapter.linkAccount({
        userId: user.id,
        providerId: 'credential',
        accountId: user.id,
        password: await context.password.hash(password),
      })
      return { userId: user.id, name: user.name, email: user.email }
    },
    async findByEmail(email) {
      const context = await auth.$context
      const found = await context.internalAdapter.findUserByEmail(email.trim().toLowerCase())
      return found ? { userId: found.user.id, name: found.user.name, email: found.user.email } : null
    },
  }
}
