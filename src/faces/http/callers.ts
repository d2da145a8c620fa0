import type { Context } from 'hono'
import type { Permission } from '../../platform/auth/permissions.ts'
import { findMembership } from '../../platform/auth/queries.ts'
import { hashToken } from '../../platform/ids.ts'
import type { Actor, Caller } from '../../platform/operation.ts'
import { findToken, installation } from '../../platform/people/queries.ts'
import type { Services } from '../../platform/services.ts'
import { unauthenticated } from '../../platform/errors.ts'
import { refuseForeignWrite, type Env } from './security.ts'

/** A link's token travels here, since addresses are logged. */
export const linkHeader = 'x-throughline-link'

/** Who asks, by a token or by the session's cookie, and which workspace is meant. */
export async function callerOf(c: Context<Env>, services: Services): Promise<Caller> {
  return {
    actor: await actorOf(c, services),
    workspace: c.req.query('workspace')?.replaceAll('\0', '') ?? null,
    link: c.req.header(linkHeader) ?? null,
    client: c.get('client'),
  }
}

/** By what it signs in: a token, which no browser sends by itself, or else the cookie, whose writes have to come from our own pages. */
async function actorOf(c: Context<Env>, services: Services): Promise<Actor | null> {
  const bearer = bearerOf(c)
  if (bearer) {
    const token = await findToken(services.db, hashToken(bearer))
    if (!token) throw unauthenticated('This access token is not valid. Make a new one, or sign in.')
    return {
      userId: token.userId,
      name: token.name,
      email: token.email,
      isOwner: await isOwner(services, token.userId),
      mayReadPaths: token.mayReadPaths,
      face: token.mayReadPaths ? 'cli' : 'http',
    }
  }
  refuseForeignWrite(c, services.baseUrl)
  if (!c.req.header('cookie')) return null
  const open = await services.signIn.session(c.req.raw.headers)
  if (!open) return null
  for (const cookie of open.cookies) c.header('set-cookie', cookie, { append: true })
  const { person, sessionId } = open
  return { ...person, sessionId, isOwner: await isOwner(services, person.userId), mayReadPaths: false, face: 'web' }
}

const bearerOf = (c: Context<Env>) => /^Bearer (\S+)$/.exec(c.req.header('authorization') ?? '')?.[1]

/** Whether a stream that was opened by this request may go on; looked at without moving the session on. */
export async function isStillAdmitted(c: Context<Env>, services: Services, permission: Permission): Promise<boolean> {
  const bearer = bearerOf(c)
  const userId = bearer
    ? (await findToken(services.db, hashToken(bearer)))?.userId
    : (await services.signIn.session(c.req.raw.headers, { isLookedAtOnly: true }))?.person.userId
  const membership = userId ? await findMembership(services.db, userId, c.req.query('workspace') ?? '') : null
  return membership !== null && (services.rooms.rights.get(membership.role)?.has(permission) ?? false)
}

const isOwner = async (services: Services, userId: string) => (await installation(services.db)).ownerUserId === userId
