import { addresses } from '../platform/rooms/addresses.ts'
import { bestMatches, type Thing, type ThingKind } from '../platform/rooms/thing.ts'
import { z } from 'zod'
import { listDecisions, type StoredDecision } from './queries.ts'
import { titleOf } from './rules.ts'

const thingOf = (d: StoredDecision): Thing => ({
  id: d.id,
  title: titleOf(d.content),
  address: `${addresses.decision}/${d.id}`,
  detail: d.state,
})
/** Beyond these the oldest are found by the log's own filters. */
const searched = 500

const decision: ThingKind = {
  kind: 'decision',
  many: 'Decisions',
  may: 'decisions:read',
  find: async ({ db, scope }, ids) => {
    const known = ids.filter((id) => z.uuid().safeParse(id).success)
    return (await listDecisions(db, scope, { ids: known, limit: known.length + 1 })).map(thingOf)
  },
  search: async ({ db, scope }, words, limit) =>
    bestMatches((await listDecisions(db, scope, { limit: searched })).map(thingOf), words, limit),
}

export const things: readonly ThingKind[] = [decision]
