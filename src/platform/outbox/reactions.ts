/**
 * What happened to a thing of one room, told to others without knowing them: a row for each reaction, written in the transaction of
 * the write. A reaction runs in the transaction that ticks its row off, so that its effect is there exactly once; of one thing,
 * rows are taken in the order in which they were written.
 */
import { z } from 'zod'
import type { Db } from '../db/database.ts'
import { newId } from '../ids.ts'
import { isQueued } from '../jobs/queries.ts'
import { jobKind, type JobContext } from '../jobs/queue.ts'
import type { LinkScope } from '../link-tokens/scope.ts'
import type { Scope } from '../scope.ts'
import type { Services } from '../services.ts'
import {
  failReaction,
  hasDueReactions,
  insertEvent,
  takeReaction,
  tickOff,
  workspacesToReact,
  type OpenReaction,
} from './queries/reactions.ts'
import { nextTryAt } from './rules.ts'

export interface Happening {
  topic: string
  thing: { kind: string; id: string }
  /** Of what else it is about; ids alone, what they name is read when it is reacted to. */
  ids: Record<string, string>
}

export interface ReactionContext {
  /** The transaction in which the row is ticked off: no file, no network and no warehouse in it; enqueue a job for those. */
  db: Db
  scope: Scope
  now: () => Date
  services: Services
}
export interface Reaction {
  /** Names it for good: rows that wait bear it. */
  name: string
  topic: string
  react: (context: ReactionContext, happening: Happening & { happenedAt: Date }) => Promise<void>
}

export const reactJobKind = 'outbox.react'

/** @param context the transaction of the write that something happened in */
export async function tellRooms(
  context: { db: Db; scope: Scope | LinkScope; now: () => Date; services: Pick<Services, 'jobs' | 'rooms'> },
  happening: Happening,
  createdBy: string,
): Promise<void> {
  const { db: tx, scope, now, services } = context
  const names = services.rooms.reactions.filter((r) => r.topic === happening.topic).map((r) => r.name)
  if (names.length === 0) return
  await insertEvent(tx, scope, { ...happening, id: newId(now().getTime()), at: now() }, names)
  await queueReacting(context, createdBy)
}

async function queueReacting(
  { db: tx, scope, services }: { db: Db; scope: Scope | LinkScope; services: Pick<Services, 'jobs'> },
  createdBy: string,
): Promise<void> {
  if (await isQueued(tx, scope.workspaceId, reactJobKind)) return
  await services.jobs.enqueue(tx, { workspaceId: scope.workspaceId, kind: reactJobKind, input: {}, createdBy })
}

const mostAtOnce = 200

export const reactJob = jobKind({
  kind: reactJobKind,
  input: z.object({}),
  due: (db, at) => workspacesToReact(db, reactJobKind, at),
  async run(context) {
    const { services, scope, db, now, signal } = context
    const told = { done: 0, failed: 0 }
    for (let n = 0; n < mostAtOnce; n += 1) {
      signal.throwIfAborted()
      const isDone = await reactToNext(context)
      if (isDone === null) break
      told[isDone ? 'done' : 'failed'] += 1
    }
    if (await hasDueReactions(db, scope, now()))
      await services.transaction((tx) => queueReacting({ db: tx, scope, services }, context.createdBy))
    return { state: 'done', result: told }
  },
})

/** @returns whether the reaction did its work; null where none is due */
async function reactToNext({ services, scope, now }: JobContext): Promise<boolean | null> {
  let taken: OpenReaction | null = null
  try {
    await services.transaction(async (tx) => {
      taken = await takeReaction(tx, scope, now())
      if (!taken) return
      const { reaction: name, happening } = taken
      const reaction = services.rooms.reactions.find((r) => r.name === name)
      if (!reaction) throw new Error(`there is no reaction “${name}” any more`)
      await reaction.react({ db: tx, scope, now, services }, happening)
      await tickOff(tx, taken, now())
    })
    return taken ? true : null
  } catch (error) {
    const failed = taken as OpenReaction | null
    if (!failed) throw error
    services.log.error({ err: error, reaction: failed.reaction, eventId: failed.eventId }, 'a reaction failed')
    await failReaction(services.db, failed, {
      error: error instanceof Error ? error.message : String(error),
      nextAt: nextTryAt(failed.attempts + 1, now()),
      at: now(),
    })
    return false
  }
}
