/** How the sign-in library is set: its tables, what of it is off, and what has to be told when it does something. */
import type { BetterAuthOptions } from 'better-auth'
import { createAuthMiddleware } from 'better-auth/api'
import { twoFactor } from 'better-auth/plugins/two-factor'
import type { Db } from '../db/database.ts'
import type { Log } from '../log.ts'
import { makeRecoveryCodes, storeRecoveryCodes } from './recovery-codes.ts'

export interface SignInHooks {
  /** A session is there for good: every step that was asked has been taken. */
  signedIn: (userId: string, how: string) => Promise<void>
  /** Before a session is made. @throws where the sign-in ends here */
  admit: (userId: string, how: { path: string; code: string | null }) => Promise<void>
  /** Returns at once: how long a mail takes would tell whether the address is known. */
  resetAsked: (userId: string, token: string) => void
  passwordReset: (userId: string) => Promise<void>
}

export interface LibrarySettings {
  db: Db
  secret: string
  baseUrl: () => string
  log: Log
  hasPasswords: boolean
  hooks: SignInHooks
}

export const minPasswordLength = 10
export const maxPasswordLength = 128
/** A session that nobody uses ends after this; one that is used is moved on at most once an hour. */
const idleDays = 7
const day = 60 * 60 * 24
export const resetMinutes = 30

export const authTables = {
  user: 'auth_user',
  session: 'auth_session',
  account: 'auth_account',
  verification: 'auth_verification',
  twoFactor: 'auth_two_factor',
} as const

const howByPath: Record<string, string> = {
  '/sign-in/email': 'password',
  '/two-factor/verify-totp': 'password and code',
  '/two-factor/verify-backup-code': 'password and recovery code',
  '/callback/:id': 'provider',
}

export function libraryOptions({ db, secret, baseUrl, log, hasPasswords, hooks }: LibrarySettings) {
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
    onAPIError: { errorURL: `${baseUrl()}/sign-in` },
    database: { db: db as never, type: 'postgres' as const },
    user: { modelName: authTables.user },
    session: { modelName: authTables.session, expiresIn: idleDays * day, updateAge: 60 * 60 },
    account: { modelName: authTables.account },
    // A copy of the table opens nothing.
    verification: { modelName: authTables.verification, storeIdentifier: 'hashed' as const },
    emailAndPassword: {
      enabled: hasPasswords,
      disableSignUp: true,
      minPasswordLength,
      maxPasswordLength,
      autoSignIn: true,
      revokeSessionsOnPasswordReset: true,
      resetPasswordTokenExpiresIn: resetMinutes * 60,
      sendResetPassword: async ({ user, token }: { user: { id: string }; token: string }) =>
        hooks.resetAsked(user.id, token),
      onPasswordReset: async ({ user }: { user: { id: string } }) => hooks.passwordReset(user.id),
    },
    // By requests and by address alone; failures are counted by us (throttle.ts).
    rateLimit: { enabled: false },
    advanced: {
      ipAddress: { ipAddressHeaders: ['x-throughline-client'] },
      // Over https its name says that no other host, and nothing over http, can have set it.
      ...(baseUrl().startsWith('https:')
        ? { cookiePrefix: '__Host-throughline', defaultCookieAttributes: { secure: true, path: '/' } }
        : { cookiePrefix: 'throughline' }),
      useSecureCookies: false,
    },
    databaseHooks: {
      session: {
        create: {
          before: async (session: { userId: string }, context: { path?: string; body?: unknown } | null) => {
            const body = context?.body as { code?: unknown } | undefined
            await hooks.admit(session.userId, {
              path: context?.path ?? '',
              code: typeof body?.code === 'string' ? body.code : null,
            })
          },
        },
      },
      // The provider's tokens did their work at the sign-in; nothing here asks it again.
      account: { create: { before: withoutTokens }, update: { before: withoutTokens } },
    },
    plugins: [
      twoFactor({
        issuer: 'Throughline',
        twoFactorTable: authTables.twoFactor,
        backupCodeOptions: { customBackupCodesGenerate: makeRecoveryCodes, storeBackupCodes: storeRecoveryCodes },
      }),
      // Behind the second step, which takes back the session of a password alone.
      {
        id: 'throughline',
        hooks: {
          after: [
            {
              matcher: ({ path }: { path?: string }) => path !== undefined && path in howByPath,
              handler: createAuthMiddleware(async (context) => {
                const { newSession, session } = context.context
                // A code that turns the second step on renews the session of who is signed in.
                if (newSession && !session) await hooks.signedIn(newSession.user.id, howByPath[context.path]!)
              }),
            },
          ],
        },
      },
    ],
  } satisfies BetterAuthOptions
}

const withoutTokens = async (account: object) => ({
  data: { ...account, accessToken: null, refreshToken: null, idToken: null, scope: null },
})
