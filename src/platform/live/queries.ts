import { sql } from 'kysely'
import type { Db } from '../db/database.ts'

export const liveChannel = 'throughline_live'

/** Tells every open page of the workspace which topics changed; ids only, the payload's limit is 8 kB. */
export async function notifyLive(tx: Db, workspaceId: string | null, topics: string[]): Promise<void> {
  if (!workspaceId || topics.length === 0) return
  const message = JSON.stringify({ workspaceId, topics: [...new Set(topics)].slice(0, 100) })
  await sql`select pg_notify(${liveChannel}, ${message})`.execute(tx)
}

/** Some session of the person has ended: what they have open looks anew whether it may stay. */
export async function notifySessionsEnded(tx: Db, userId: string): Promise<void> {
  await sql`select pg_notify(${liveChannel}, ${JSON.stringify({ userId })})`.execute(tx)
}
