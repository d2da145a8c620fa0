import { addresses } from '../platform/rooms/addresses.ts'
import type { ThingKind, Thing } from '../platform/rooms/thing.ts'
import { bestMatches } from '../platform/rooms/thing.ts'
import type { WorkspaceContext } from '../platform/operation.ts'
import { listViews } from './queries.ts'
import { maySee } from './rules.ts'

async function visible({ db, scope, actor, services }: WorkspaceContext): Promise<Thing[]> {
  const pages = new Map(services.rooms.shareables.map((s) => [s.path, s]))
  return (await listViews(db, scope))
    .filter((v) => {
      const page = pages.get(v.path)
      return page !== undefined && maySee(v, page, { userId: actor.userId, role: scope.role, may: scope.may })
    })
    .map((v) => ({
      id: v.id,
      title: v.title,
      address: `${addresses.view}/${v.id}`,
      detail: pages.get(v.path)!.question,
    }))
}

const view: ThingKind = {
  kind: 'view',
  many: 'Shared views',
  may: 'shared:read',
  find: async (context, ids) => (await visible(context)).filter((v) => ids.includes(v.id)),
  search: async (context, words, limit) => bestMatches(await visible(context), words, limit),
}

export const things: readonly ThingKind[] = [view]
