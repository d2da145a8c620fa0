/** What of insights has a page of its own: features, accounts, stories, kept lists, objectives. */
import { addresses } from '../platform/rooms/addresses.ts'
import type { WorkspaceContext } from '../platform/operation.ts'
import { addressOf, bestMatches, type Thing, type ThingKind } from '../platform/rooms/thing.ts'
import { inWarehouse } from '../platform/warehouse/in-warehouse.ts'
import { searchBook, titlesOf } from './accounts/warehouse.ts'
import { listFeatures, listTakenOut } from './features/queries.ts'
import { listStories } from './stories/queries.ts'
import { listObjectives } from './targets/queries/objectives.ts'
import { listLists } from './whitespace/queries.ts'

type Kept = Pick<ThingKind, 'find' | 'search'>
/** Kinds of which a workspace has so few that all are read and looked through. */
const readAll = (all: (context: WorkspaceContext) => Promise<Thing[]>): Kept => ({
  find: async (context, ids) => (await all(context)).filter((thing) => ids.includes(thing.id)),
  search: async (context, words, limit) => bestMatches(await all(context), words, limit),
})

const features = async ({ db, scope }: WorkspaceContext): Promise<Thing[]> =>
  (await listFeatures(db, scope)).map((f) => ({
    id: f.id,
    title: f.name,
    address: addressOf(addresses.feature, { id: f.id }),
    detail: f.area,
  }))
const feature: ThingKind = {
  kind: 'feature',
  many: 'Features',
  may: 'insights:read',
  find: async (context, ids) => {
    const gone = (await listTakenOut(context.db, context.scope)).map(({ id }): Thing => ({
      id,
      title: 'a feature that was taken out',
      address: null,
    }))
    return [...(await features(context)), ...gone].filter((thing) => ids.includes(thing.id))
  },
  search: async (context, words, limit) => bestMatches(await features(context), words, limit),
}

const accountThing = (a: { accountExtId: string; name: string | null; domain: string | null }): Thing => ({
  id: a.accountExtId,
  title: a.name ?? a.accountExtId,
  address: addressOf(addresses.account, { id: a.accountExtId }),
  detail: a.domain,
})
const account: ThingKind = {
  kind: 'account',
  many: 'Accounts',
  may: 'insights:accounts',
  find: (context, ids) => inWarehouse(context, async (con) => (await titlesOf(con, ids)).map(accountThing)),
  search: (context, words, limit) =>
    inWarehouse(context, async (con) => (await searchBook(con, words)).slice(0, limit).map(accountThing)),
}

const story: ThingKind = {
  kind: 'story',
  many: 'Stories',
  may: 'insights:read',
  ...readAll(async ({ db, scope }) =>
    (await listStories(db, scope)).map((s) => ({
      id: s.id,
      title: s.finding.text,
      address: addressOf(addresses.story, { story: s.id }),
      detail: s.holds ? (s.dismissedAt ? 'dismissed' : null) : 'holds no more',
    })),
  ),
}

const list: ThingKind = {
  kind: 'list',
  many: 'Lists of accounts',
  may: 'insights:accounts',
  ...readAll(async ({ db, scope }) =>
    (await listLists(db, scope)).map((l) => ({
      id: l.id,
      title: l.name,
      address: addressOf(addresses.list, { list: l.id }),
      detail: l.archivedAt ? 'archived' : l.month,
    })),
  ),
}

const objective: ThingKind = {
  kind: 'objective',
  many: 'Objectives',
  may: 'insights:read',
  ...readAll(async ({ db, scope }) =>
    (await listObjectives(db, scope)).map((o) => ({
      id: o.id,
      title: o.title,
      address: addressOf(addresses.objective, { open: o.id }),
      detail: o.owner,
    })),
  ),
}

export const things: readonly ThingKind[] = [feature, account, story, list, objective]
