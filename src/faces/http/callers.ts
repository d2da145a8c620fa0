import type { Context } from 'hono'
import { hashToken } from '../../platform/ids.ts'
import type { Actor, Caller } from '../../platform/operation.ts'
import { findToken, installation } from '../../platform/people/queries.ts'
import type { Services } from '../../platform/services.ts'
import { unauthenticated } from '../../platform/errors.ts'
import type { Env } from './security.ts'

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

async function actorOf(c: Context<Env>, services: Services): Promise<Actor | null> {
  const bearer = /^Bearer (\S+)$/.exec(c.req.header('authorization') ?? '')?.[1]
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
  if (!c.req.header('cookie')) return null
  const person = await services.signIn.session(c.req.raw.headers)
  return person
    ? { ...person, isOwner: await isOwner(services, person.userId), mayReadPaths: false, face: 'web' }
    : null
}

const isOwner = async (services: Services, userId: string) => (await installation(services.db)).ownerUserId === userId
