/** The one-time link that sets the installation up. Hand-written, because it makes the first person. */
import type { Context, Hono } from 'hono'
import { z } from 'zod'
import { conflict, invalid, precondition } from '../../platform/errors.ts'
import { hashToken } from '../../platform/ids.ts'
import { parseInput, type Actor } from '../../platform/operation.ts'
import { insertAudit } from '../../platform/audit/queries.ts'
import { claimInstallation, installation } from '../../platform/people/queries.ts'
import type { Services } from '../../platform/services.ts'
import { readInput } from './input.ts'
import type { Env } from './security.ts'

const Joining = z.object({
  token: z.string().min(20).max(200),
  name: z.string().trim().min(1).max(80),
  email: z.email().max(254).optional(),
  /** None where passwords are turned off: the sign-on provider shows who it is. */
  password: z.string().max(200).optional(),
})

export function mountJoining(app: Hono<Env>, services: Services, onSetUp: () => Promise<unknown>): void {
  app.get('/api/setup', async (c) => {
    const state = await installation(services.db)
    return c.json({
      isNeeded: state.ownerUserId === null,
      isLinkValid: await isSetupToken(services, c.req.query('token') ?? ''),
    })
  })
  app.post('/api/setup', async (c) => {
    const input = parseInput(Joining, readInput(await c.req.text()))
    if (!(await isSetupToken(services, input.token)))
      throw precondition(
        'This set-up link has been used or has run out. Start the server again: it prints a new one as long as nobody has set it up.',
      )
    if (!input.email) throw invalid('“email”: an e-mail address is needed to sign in.')
    const password = passwordIn(input, services)
    const person = await services.signIn.createPerson({ name: input.name, email: input.email, password })
    if (!(await claimInstallation(services.db, person.userId)))
      throw conflict('Somebody else has just set this installation up. Ask them for an invitation.')
    await insertAudit(services.db, {
      at: services.now(),
      workspaceId: null,
      actor: asActor(person, true),
      operation: 'installation.setUp',
      outcome: 'done',
      target: person.email,
    })
    await onSetUp()
    return signInOrSend(c, services, person.email, password)
  })
}

const asActor = (person: { userId: string; name: string; email: string }, isOwner: boolean): Actor => ({
  ...person,
  isOwner,
  mayReadPaths: false,
  face: 'web',
})

async function isSetupToken(services: Services, token: string): Promise<boolean> {
  const state = await installation(services.db)
  return (
    state.ownerUserId === null &&
    state.setupTokenHash === hashToken(token) &&
    (state.setupExpiresAt ?? services.now()) > services.now()
  )
}

/** Signs in through the library's own route, so that its cookie, its rate limit and its rules are the same. */
async function signIn(
  c: Context<Env>,
  services: Services,
  email: string,
  password: string,
  options: { isJustMade?: boolean } = {},
): Promise<Response> {
  const url = new URL('/api/auth/sign-in/email', c.req.url)
  const headers = new Headers({
    'content-type': 'application/json',
    origin: c.req.header('origin') ?? url.origin,
    'x-throughline-client': c.get('client'),
  })
  return services.signIn.handle(
    new Request(url, { method: 'POST', headers, body: JSON.stringify({ email, password }) }),
    options,
  )
}

/** @throws invalid where one is needed */
function passwordIn(input: { password?: string | undefined }, services: Services): string | null {
  if (!services.signIn.ways.passwords) return null
  if (input.password === undefined) throw invalid('“password”: a password is needed.')
  return input.password
}

const signInOrSend = (c: Context<Env>, services: Services, email: string, password: string | null) =>
  password === null ? c.json({ signOn: true }) : signIn(c, services, email, password, { isJustMade: true })
