/** Sign-in and sessions by the sign-in library; who may do what in which workspace is ours. */
import { AsyncLocalStorage } from 'node:async_hooks'
import { betterAuth } from 'better-auth'
import { APIError } from 'better-auth/api'
import { genericOAuth } from 'better-auth/plugins/generic-oauth'
import { z } from 'zod'
import { insertAudit } from '../audit/queries.ts'
import type { Db } from '../db/database.ts'
import { invalid, isProductError, precondition, throttled } from '../errors.ts'
import { newToken } from '../ids.ts'
import { notifySessionsEnded } from '../live/queries.ts'
import type { Log } from '../log.ts'
import type { Mailer } from '../mail/mail.ts'
import { parseInput, type Actor } from '../operation.ts'
import { findPerson } from '../people/queries.ts'
import { mayArrive, settleArrival, type Arrival } from './arrival.ts'
import { groupsIn } from './group-roles.ts'
import { libraryOptions, minPasswordLength, resetMinutes, type SignInHooks } from './library.ts'
import { refuseCommonPassword } from './passwords.ts'
import {
  deleteSession,
  forgetBudgets,
  forgetPending,
  giveBack,
  isKnownPlace,
  rememberPlace,
  spend,
  waysOf,
} from './queries.ts'
import { hashRecoveryCode } from './recovery-codes.ts'
import { resetMail } from './reset-mail.ts'
import { problemOf, providerId, providerOptions, type SignOnProblem, type SingleSignOn } from './single-sign-on.ts'
import {
  accountKey,
  codeBudgets,
  codeOnce,
  confirmingBudgets,
  opensInWords,
  passwordBudgets,
  placeKey,
  resetBudgets,
  signOnBudget,
  type Budget,
} from './throttle.ts'
import { wordsOfLibrary } from './words.ts'

export interface SignedIn {
  userId: string
  name: string
  email: string
}
export interface OpenSession {
  person: SignedIn
  sessionId: string
  /** To hand on where the session was moved on. */
  cookies: string[]
}
export interface SignInWays {
  passwords: boolean
  resetByMail: boolean
  provider: { name: string } | null
}

export interface Accounts {
  readonly ways: SignInWays
  /** Serves the allow-listed sign-in routes under /api/auth. @throws in words what the library refuses by code */
  handle(request: Request, options?: { isJustMade?: boolean }): Promise<Response>
  /** On the way to the sign-on provider, and back with a path of ours. */
  startSignOn(headers: Headers, to: string): Promise<Response>
  finishSignOn(request: Request): Promise<Response>
  session(headers: Headers, options?: { isLookedAtOnly?: boolean }): Promise<OpenSession | null>
  /** Makes a person; open sign-up stays off. @throws invalid where the e-mail is taken or the password weak */
  createPerson(person: { name: string; email: string; password: string | null }): Promise<SignedIn>
  findByEmail(email: string): Promise<SignedIn | null>
  /** A link to a new password, as the mail has it. */
  resetLink(userId: string): Promise<{ link: string; expiresAt: Date }>
}

export interface SignInOptions {
  db: Db
  transaction: <T>(work: (tx: Db) => Promise<T>) => Promise<T>
  secret: string
  baseUrl: () => string
  now: () => Date
  log: Log
  mail: Mailer
  hasPasswords: boolean
  provider: SingleSignOn | null
}

/** However much it is used. */
export const longestSessionDays = 30

const Email = z.string().trim().max(254)
const Password = z.string().max(200)
const Code = z.string().trim().max(40)
/** Bodies of the routes of the library that are served, with what of them is passed on; all else answers not found. */
const routes = {
  '/sign-in/email': z.object({ email: Email, password: Password }),
  '/sign-out': z.object({}),
  '/change-password': z.object({ currentPassword: Password, newPassword: Password }),
  '/request-password-reset': z.object({ email: Email }),
  '/reset-password': z.object({ token: z.string().max(100), newPassword: Password }),
  '/two-factor/enable': z.object({ password: Password }),
  '/two-factor/disable': z.object({ password: Password }),
  '/two-factor/generate-backup-codes': z.object({ password: Password }),
  '/two-factor/verify-totp': z.object({ code: Code }),
  // A text that is a hash already would open the step to whoever has read the store.
  '/two-factor/verify-backup-code': z.object({
    code: Code.regex(/^[\sa-z0-9-]*$/i, 'a recovery code has letters and digits'),
  }),
}
type Path = keyof typeof routes
export const signInRoutes = Object.keys(routes).map((path) => `/api/auth${path}`)
const withPasswordsOnly = (path: Path) => path !== '/sign-out'
/** What of an answer a page needs; the session's token in it would be within reach of scripts. */
const answered = ['twoFactorRedirect', 'totpURI', 'backupCodes']

export function openSignIn(options: SignInOptions): Accounts {
  const { db, transaction, now, log, provider, hasPasswords, mail } = options
  const arriving = new AsyncLocalStorage<{ arrival: Arrival | null }>()
  const asActor = (person: SignedIn): Actor => ({ ...person, face: 'web', isOwner: false, mayReadPaths: false })
  const record = async (
    operation: string,
    {
      who = null,
      outcome = 'done',
      target = null,
    }: { who?: string | null; outcome?: 'done' | 'denied'; target?: string | null },
  ) => {
    const person = who ? await findPerson(db, who) : null
    const actor = who && person ? asActor({ userId: who, ...person }) : null
    await insertAudit(db, {
      at: now(),
      workspaceId: null,
      actor,
      operation,
      outcome,
      target: target?.slice(0, 200) ?? null,
    })
  }
  // Behind the hash sign it reaches no log on the way.
  const linkTo = (token: string) => `${options.baseUrl()}/new-password#token=${token}`

  const hooks: SignInHooks = {
    signedIn: (userId, how) =>
      record('session.signIn', { who: userId, target: how === 'provider' ? (provider?.name ?? how) : how }),
    async admit(userId, { path, code }) {
      if (path === '/two-factor/verify-totp' && code && (await spend(db, codeOnce(userId, code), now())))
        throw new APIError('UNAUTHORIZED', { code: 'CODE_USED', message: 'used' })
      const arrival = arriving.getStore()?.arrival
      if (path === '/callback/:id' && provider && arrival)
        await transaction((tx) => settleArrival(tx, { provider, arrival, userId, now: now(), log }))
    },
    resetAsked(userId, token) {
      mailReset(userId, token).catch((error: unknown) =>
        log.error({ err: error }, 'a mail with a link to a new password could not be sent'),
      )
    },
    async passwordReset(userId) {
      await forgetPending(db, userId)
      await notifySessionsEnded(db, userId)
      await record('account.resetPassword', { who: userId })
    },
  }
  async function mailReset(userId: string, token: string): Promise<void> {
    const person = await findPerson(db, userId)
    if (!person) return
    const hasPassword = (await waysOf(db, userId)).providers.includes('credential')
    await mail.send(
      resetMail({
        ...person,
        link: hasPassword ? linkTo(token) : null,
        provider: provider?.name ?? null,
        site: options.baseUrl(),
      }),
    )
    await record('account.mailReset', { target: person.email })
  }

  // Made when first asked: the address of the server is known once it listens. That of the provider is another, so that sessions never wait for it.
  const settings = () => ({ ...options, hooks })
  const library = once(() => betterAuth(libraryOptions(settings())))
  const signOn = once(() => {
    const base = libraryOptions(settings())
    return betterAuth({
      ...base,
      user: { ...base.user, validateUserInfo },
      plugins: [...base.plugins, genericOAuth({ config: provider ? [providerOptions(provider)] : [] })],
    })
  })

  /** Asked of everybody who comes from the provider, before they are made, tied or signed in. */
  async function validateUserInfo({ user, source }: { user: Record<string, unknown>; source: UserSource }) {
    const profile = source.oauth?.profile
    if (!provider || !profile) return { error: 'failed' }
    const groups = groupsIn(profile, provider.groupsClaim)
    const arrival = {
      email: textOf(user['email']).toLowerCase(),
      isVerified: profile['emailVerified'] === true,
      groups: groups ?? [],
    }
    const store = arriving.getStore()
    if (store) store.arrival = arrival
    if (!groups && provider.roles.length > 0) return { error: 'too-many-groups' }
    if (source.action === 'create-user') {
      if (!arrival.isVerified) return { error: 'address-not-verified' }
      if (!(await mayArrive(db, provider, arrival, now()))) return { error: 'not-invited' }
    }
    // An address that the provider gave to somebody else is no way into the account of who had it before.
    if (source.action === 'link-account' && (await waysOf(db, textOf(user['id']))).providers.includes(providerId))
      return { error: 'address-of-another' }
    return undefined
  }

  async function spendAll(budgets: Budget[], what: string): Promise<void> {
    await transaction(async (tx) => {
      for (const budget of budgets) {
        const opensAt = await spend(tx, budget, now())
        if (opensAt) throw throttled(`${what} Try again ${opensInWords(opensAt, now())}.`, opensAt)
      }
    })
  }
  const refund = (budgets: Budget[]) =>
    transaction(async (tx) => {
      for (const budget of budgets) await giveBack(tx, budget)
    })

  async function ask(request: Request, path: Path, body: object): Promise<Response> {
    const headers = new Headers(request.headers)
    headers.set('content-type', 'application/json')
    headers.delete('content-length')
    const passedOn =
      path === '/two-factor/verify-backup-code' ? { code: hashRecoveryCode((body as { code: string }).code) } : body
    const response = await library().handler(
      new Request(new URL(`/api/auth${path}`, request.url), {
        method: 'POST',
        headers,
        body: JSON.stringify(passedOn),
      }),
    )
    const told = (await response.json().catch(() => ({}))) as Record<string, unknown>
    if (!response.ok) throw wordsOfLibrary(response.status, textOf(told['code']))
    const plain = Object.fromEntries(answered.filter((key) => key in told).map((key) => [key, told[key]]))
    const answer = Response.json(plain)
    for (const cookie of response.headers.getSetCookie()) answer.headers.append('set-cookie', cookie)
    return answer
  }

  async function byPassword(
    request: Request,
    { email, password }: { email: string; password: string },
    isJustMade: boolean,
  ) {
    const address = request.headers.get('x-throughline-client') ?? ''
    const [account, place] = [accountKey(email), placeKey(address)]
    const budgets = isJustMade ? [] : passwordBudgets(email, address, await isKnownPlace(db, account, place))
    await spendAll(budgets, 'Too many wrong passwords.')
    try {
      const answer = await ask(request, '/sign-in/email', { email: email.toLowerCase(), password })
      // A success costs nothing, and the account begins anew at this place.
      await refund(budgets)
      if (budgets[0]) await forgetBudgets(db, budgets[0].key, now())
      await rememberPlace(db, account, place, now())
      return answer
    } catch (error) {
      if (isProductError(error) && error.code === 'unauthenticated')
        await record('session.signIn', { outcome: 'denied', target: email })
      else await refund(budgets)
      throw error
    }
  }

  /** What asks for the password, or a code, of who is signed in already. */
  async function confirmed(request: Request, path: Path, body: object, userId: string): Promise<Response> {
    const budgets = confirmingBudgets(userId)
    await spendAll(budgets, 'Too many wrong tries.')
    const operation = operationOf[path]!
    try {
      const answer = await ask(
        request,
        path,
        path === '/change-password' ? { ...body, revokeOtherSessions: true } : body,
      )
      await refund(budgets)
      // The session of this page was renewed, and what was open by the old one ends.
      await notifySessionsEnded(db, userId)
      await record(operation, { who: userId })
      return answer
    } catch (error) {
      if (isProductError(error) && ['unauthenticated', 'forbidden'].includes(error.code))
        await record(operation, { who: userId, outcome: 'denied' })
      else await refund(budgets)
      throw error
    }
  }

  async function byCode(request: Request, path: Path, body: object): Promise<Response> {
    const budgets = codeBudgets(request.headers.get('x-throughline-client') ?? '')
    await spendAll(budgets, 'Too many wrong codes.')
    try {
      const answer = await ask(request, path, body)
      await refund(budgets)
      return answer
    } catch (error) {
      await record('session.secondStep', { outcome: 'denied' })
      throw error
    }
  }

  async function askForReset(request: Request, { email }: { email: string }): Promise<Response> {
    if (!mail.isSetUp)
      throw precondition('This installation sends no mail. Ask whoever runs it for a link to a new password.')
    await spendAll(
      resetBudgets(email, request.headers.get('x-throughline-client') ?? ''),
      'Links to a new password were asked for too often.',
    )
    return ask(request, '/request-password-reset', { email: email.toLowerCase() })
  }

  const accounts: Accounts = {
    ways: {
      passwords: hasPasswords,
      resetByMail: hasPasswords && mail.isSetUp,
      provider: provider ? { name: provider.name } : null,
    },
    async handle(request, { isJustMade = false } = {}) {
      const path = new URL(request.url).pathname.replace(/^\/api\/auth/, '') as Path
      if (request.method !== 'POST' || !Object.hasOwn(routes, path)) return new Response(null, { status: 404 })
      if (!hasPasswords && withPasswordsOnly(path))
        throw precondition(`Passwords are turned off here. Sign in by ${provider?.name ?? 'the sign-on provider'}.`)
      const body = parseInput(routes[path], await request.json().catch(() => null)) as never
      if (path === '/sign-in/email') return byPassword(request, body, isJustMade)
      if (path === '/request-password-reset') return askForReset(request, body)
      if (path === '/reset-password') {
        refuseCommonPassword((body as { newPassword: string }).newPassword)
        return ask(request, path, body)
      }
      const open = await accounts.session(request.headers, { isLookedAtOnly: true })
      if (path === '/sign-out') {
        const answer = await ask(request, path, {})
        if (open) {
          await notifySessionsEnded(db, open.person.userId)
          await record('session.signOut', { who: open.person.userId })
        }
        return answer
      }
      if (path === '/change-password') refuseCommonPassword((body as { newPassword: string }).newPassword)
      return open ? confirmed(request, path, body, open.person.userId) : byCode(request, path, body)
    },
    async startSignOn(headers, to) {
      // What is begun is kept until it ends or runs out, so that nobody fills the store with beginnings.
      if (await spend(db, signOnBudget(headers.get('x-throughline-client') ?? ''), now()))
        return redirect(problemPage('too-often'))
      try {
        const { response, headers: given } = await signOn().api.signInSocial({
          body: { provider: providerId as never, callbackURL: to, errorCallbackURL: '/sign-in', disableRedirect: true },
          headers,
          returnHeaders: true,
        })
        return redirect(response.url ?? '/sign-in', given)
      } catch (error) {
        log.warn({ err: error }, 'the sign-on provider could not be asked')
        return redirect(problemPage('provider-away'))
      }
    },
    async finishSignOn(request) {
      const state: { arrival: Arrival | null } = { arrival: null }
      const response = await arriving.run(state, () => signOn().handler(request))
      const to = new URL(response.headers.get('location') ?? '/sign-in?error=failed', request.url)
      const code = to.searchParams.get('error')
      if (response.status < 400 && code === null) return redirect(`${to.pathname}${to.search}`, response.headers)
      log.warn(`sign-on: refused, ${code ?? response.status}`)
      await record('session.signIn', {
        outcome: 'denied',
        target: state.arrival ? `${provider?.name}: ${state.arrival.email}` : null,
      })
      return redirect(problemPage(problemOf(code ?? '')))
    },
    async session(headers, { isLookedAtOnly = false } = {}) {
      const { response: found, headers: given } = await library().api.getSession({
        headers,
        returnHeaders: true,
        query: { disableRefresh: isLookedAtOnly },
      })
      if (!found) return null
      const { user, session } = found
      if (now().getTime() - new Date(session.createdAt).getTime() > longestSessionDays * 86_400_000) {
        await deleteSession(db, user.id, session.id)
        return null
      }
      return {
        person: { userId: user.id, name: user.name, email: user.email },
        sessionId: session.id,
        cookies: given.getSetCookie(),
      }
    },
    async createPerson({ name, email, password }) {
      if (password !== null) {
        if (password.length < minPasswordLength)
          throw invalid(`The password needs at least ${minPasswordLength} characters.`)
        refuseCommonPassword(password, [name, email])
      }
      const context = await library().$context
      const address = email.trim().toLowerCase()
      if (await context.internalAdapter.findUserByEmail(address))
        throw invalid(`There is already a person with the e-mail ${address}. Sign in as them, or use another address.`)
      const user = await context.internalAdapter.createUser(
        { name: name.trim(), email: address, emailVerified: true },
        { method: 'email-password' },
      )
      if (password !== null)
        await context.internalAdapter.linkAccount({
          userId: user.id,
          providerId: 'credential',
          accountId: user.id,
          password: await context.password.hash(password),
        })
      return { userId: user.id, name: user.name, email: user.email }
    },
    async findByEmail(email) {
      const context = await library().$context
      const found = await context.internalAdapter.findUserByEmail(email.trim().toLowerCase())
      return found ? { userId: found.user.id, name: found.user.name, email: found.user.email } : null
    },
    async resetLink(userId) {
      const context = await library().$context
      const token = newToken()
      const expiresAt = new Date(Date.now() + resetMinutes * 60_000)
      await context.internalAdapter.createVerificationValue({
        value: userId,
        identifier: `reset-password:${token}`,
        expiresAt,
      })
      return { link: linkTo(token), expiresAt }
    },
  }
  return accounts
}

const operationOf: Partial<Record<Path, string>> = {
  '/change-password': 'account.changePassword',
  '/two-factor/enable': 'account.beginSecondStep',
  '/two-factor/verify-totp': 'account.turnSecondStepOn',
  '/two-factor/verify-backup-code': 'account.useRecoveryCode',
  '/two-factor/disable': 'account.turnSecondStepOff',
  '/two-factor/generate-backup-codes': 'account.renewRecoveryCodes',
}

interface UserSource {
  action?: string
  oauth?: { profile?: Record<string, unknown> }
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

const problemPage = (problem: SignOnProblem) => `/sign-in?problem=${problem}`

function redirect(to: string, headers?: Headers | null): Response {
  const response = new Response(null, { status: 302, headers: { location: to } })
  for (const cookie of headers?.getSetCookie() ?? []) response.headers.append('set-cookie', cookie)
  return response
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | null = null
  return () => (made ??= { value: make() }).value
}
