/** What changed, told to every open page of the workspace on this server; fed by the database's notifications. */
import type { Store } from '../db/open.ts'
import { liveChannel } from './queries.ts'

export interface LiveFeed {
  subscribe(workspaceId: string, heard: (topics: string[]) => void): () => void
  /** Resolves when the server stops, so that open streams end. */
  ended: Promise<void>
  end(): void
}

export async function openLiveFeed(store: Store): Promise<LiveFeed> {
  const listeners = new Map<string, Set<(topics: string[]) => void>>()
  let end!: () => void
  const ended = new Promise<void>((resolve) => {
    end = resolve
  })
  await store.listen(liveChannel, (payload) => {
    const { workspaceId, topics } = JSON.parse(payload) as { workspaceId: string; topics: string[] }
    for (const heard of listeners.get(workspaceId) ?? []) heard(topics)
  })
  return {
    ended,
    end,
    subscribe(workspaceId, heard) {
      const set = listeners.get(workspaceId) ?? new Set()
      listeners.set(workspaceId, set.add(heard))
      return () => {
        set.delete(heard)
        if (set.size === 0) listeners.delete(workspaceId)
      }
    },
  }
}
