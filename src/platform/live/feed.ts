/** What changed, told to every open page of the workspace on this server; fed by the database's notifications. */
import type { Store } from '../db/open.ts'
import { liveChannel } from './queries.ts'

export interface LiveFeed {
  subscribe(workspaceId: string, heard: (topics: string[]) => void): () => void
  /** Heard whenever some session of the person has ended; which one, the listener finds out. */
  onSessionsEnded(userId: string, heard: () => void): () => void
  /** Resolves when the server stops, so that open streams end. */
  ended: Promise<void>
  end(): void
}

export async function openLiveFeed(store: Store): Promise<LiveFeed> {
  const listeners = new Map<string, Set<(topics: string[]) => void>>()
  const add = (key: string, heard: (topics: string[]) => void) => {
    const set = listeners.get(key) ?? new Set()
    listeners.set(key, set.add(heard))
    return () => {
      set.delete(heard)
      if (set.size === 0) listeners.delete(key)
    }
  }
  let end!: () => void
  const ended = new Promise<void>((resolve) => {
    end = resolve
  })
  await store.listen(liveChannel, (payload) => {
    const {
      workspaceId,
      userId,
      topics = [],
    } = JSON.parse(payload) as {
      workspaceId?: string
      userId?: string
      topics?: string[]
    }
    for (const heard of listeners.get(userId ? `person ${userId}` : workspaceId!) ?? []) heard(topics)
  })
  return {
    ended,
    end,
    subscribe: add,
    onSessionsEnded: (userId, heard) => add(`person ${userId}`, heard),
  }
}
