import { addresses } from '../platform/rooms/addresses.ts'
import { z } from 'zod'
import { isAllowed } from '../platform/auth/permissions.ts'
import { addressOf, bestMatches, type Thing, type ThingKind } from '../platform/rooms/thing.ts'
import type { WorkspaceContext } from '../platform/operation.ts'
import { listRequests, type StoredRequest } from './queries.ts'
import { isVisible } from './rules.ts'

const thingOf = (r: StoredRequest): Thing => ({
  id: r.id,
  title: r.question,
  address: addressOf(addresses.request, { open: r.id }),
  detail: r.state,
})
/** Who sees no accounts sees their own questions, and answered ones that name none. */
const visible = ({ actor, scope }: WorkspaceContext, rows: readonly StoredRequest[]) => {
  const reader = { userId: actor.userId, seesAccounts: isAllowed(scope.role, 'insights:accounts') }
  return rows.filter((r) => isVisible(r, reader)).map(thingOf)
}
const searched = 500

const request: ThingKind = {
  kind: 'request',
  many: 'Requests',
  may: 'requests:ask',
  find: async (context, ids) => {
    const known = ids.filter((id) => z.uuid().safeParse(id).success)
    return visible(context, await listRequests(context.db, context.scope, { ids: known, limit: known.length + 1 }))
  },
  search: async (context, words, limit) =>
    bestMatches(visible(context, await listRequests(context.db, context.scope, { limit: searched })), words, limit),
}

export const things: readonly ThingKind[] = [request]
