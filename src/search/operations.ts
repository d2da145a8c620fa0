/** Finding things of every room, and what refers to one; knows no room by name. */
import { z } from 'zod'
import { invalid, notFound } from '../platform/errors.ts'
import { listLinksOf } from '../platform/links/queries.ts'
import { operation, type WorkspaceContext } from '../platform/operation.ts'
import { findThings } from '../platform/rooms/finding.ts'
import type { ThingKind } from '../platform/rooms/thing.ts'

const Found = z.object({
  kind: z.string(),
  id: z.string(),
  title: z.string(),
  address: z.string().nullable().describe('its page within the workspace'),
  detail: z.string().nullable(),
})

const seen = ({ services, scope }: WorkspaceContext): ThingKind[] =>
  [...services.rooms.things.values()].filter(({ may }) => scope.may(may))

export const searchThings = operation({
  name: 'search.things',
  summary: 'Features, accounts, decisions and whatever else has a page, by their words; grouped by kind',
  kind: 'read',
  may: 'workspace:read',
  command: 'search',
  input: z.object({
    text: z.string().trim().max(100),
    kinds: z.array(z.string().max(40)).max(30).optional().describe('only these kinds'),
    limit: z.int().min(1).max(20).default(5).describe('of each kind'),
  }),
  output: z.object({
    groups: z.array(z.object({ kind: z.string(), many: z.string(), rows: z.array(Found) })),
  }),
  example: () => ({ text: 'collaboration' }),
  async run(context, { text, kinds, limit }) {
    if (text.length < 2) return { groups: [] }
    const groups = await Promise.all(
      seen(context)
        .filter(({ kind, search }) => search && (kinds?.includes(kind) ?? true))
        .map(async ({ kind, many, search }) => ({
          kind,
          many,
          rows: (await search!(context, text, limit)).map((t) => ({ ...t, kind, detail: t.detail ?? null })),
        })),
    )
    return { groups: groups.filter(({ rows }) => rows.length > 0) }
  },
})

export const listReferences = operation({
  name: 'things.references',
  summary: 'What refers to a thing, and what it refers to, as far as this person may see it',
  kind: 'read',
  may: 'workspace:read',
  command: false,
  input: z.object({ kind: z.string().min(1).max(40), id: z.string().min(1).max(2000) }),
  output: z.object({
    rows: z.array(Found.extend({ relation: z.string(), direction: z.enum(['to', 'from']) })),
  }),
  example: (f) => ({ kind: 'decision', id: f['decisionId']! }),
  async run(context, { kind, id }) {
    const known = context.services.rooms.things.get(kind)
    if (!known) throw invalid(`“kind”: there is nothing of the kind “${kind}”.`)
    if (!context.scope.may(known.may)) return { rows: [] }
    if (!(await findThings(context, [{ kind, id }]))({ kind, id })) throw notFound(kind, id)
    const linked = (await listLinksOf(context.db, context.scope, { kind, id })).map(
      ({ thing, relation, direction }) => ({
        ...thing,
        relation,
        direction,
      }),
    )
    const referring = await Promise.all(
      seen(context).map(async ({ referringTo }) => (await referringTo?.(context, { kind, id })) ?? []),
    )
    const all = [...linked, ...referring.flat().map((r) => ({ ...r, direction: 'from' as const }))]
    const found = await findThings(context, all)
    return {
      rows: all.flatMap((one) => {
        const thing = found(one)
        return thing
          ? [
              {
                ...thing,
                kind: one.kind,
                detail: thing.detail ?? null,
                relation: one.relation,
                direction: one.direction,
              },
            ]
          : []
      }),
    }
  },
})
