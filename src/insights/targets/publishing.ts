/** Figures as others were told them: frozen when shared, and set beside what today’s data says. */
import { z } from 'zod'
import { precondition } from '../../platform/errors.ts'
import { newId } from '../../platform/ids.ts'
import { operation, type WorkspaceContext } from '../../platform/operation.ts'
import type { Db } from '../../platform/db/database.ts'
import type { Connection } from '../../platform/warehouse/warehouses.ts'
import { currencyOf } from '../analyses/ground/asking.ts'
import { readMeasureTable } from './measure-table.ts'
import { findThings } from '../../platform/rooms/finding.ts'
import { keptKind, kindOf, measureNamed, type MeasureKind } from '../../platform/rooms/measure.ts'
import { isOfBook, MeasureRef, measures, measureTitle, type MeasurePoint } from './measures.ts'
import { Month } from '../datasets/schemas.ts'
import { listDefinitionVersions } from '../features/definitions/queries.ts'
import { inOrder } from '../features/definitions/rules.ts'
import { listFeatures } from '../features/queries.ts'
import { monthIndex } from '../../platform/calendar/month.ts'
import { insertPublished, listPublished, type StoredPublished } from './queries/metrics.ts'
import { causesOf, isSameShown, refKey, restatementText, spoken } from './rules.ts'
import { PublishedValue, type MadeOf } from './schemas.ts'
import { readMadeOf, readPoints, sourceOf, type FeatureVersion, type Source } from './warehouse.ts'
import { inWarehouse } from '../../platform/warehouse/in-warehouse.ts'
import type { Scope } from '../../platform/scope.ts'

export interface Publishable {
  ref: MeasureRef
  key: string
  title: string
  currency: string
  points: MeasurePoint[]
  madeOf: MadeOf
}
export interface Sharing {
  via: StoredPublished['via']
  place: string
  by: string
  at: Date
}

export interface FeatureNames {
  /** Of what a figure is: its feature, or the thing that a measure of another room is about. */
  of: (ref: Pick<MeasureRef, 'measure' | 'featureId' | 'subject'>) => string | null
  version: (id: string | null) => FeatureVersion | null
}

/** @param refs whose things are looked up, as this reader may see them */
export async function readFeatureNames(context: WorkspaceContext, refs: readonly MeasureRef[]): Promise<FeatureNames> {
  const { db, scope, services } = context
  const subjectOf = ({ measure, subject }: Pick<MeasureRef, 'measure' | 'subject'>) => {
    const kind = services.rooms.measures.get(measure)?.about
    return kind === undefined || subject === undefined ? null : { kind, id: subject }
  }
  const found = await findThings(
    context,
    refs.flatMap((ref) => subjectOf(ref) ?? []),
  )
  const features = await listFeatures(db, scope)
  const definitions = await listDefinitionVersions(db, scope)
  const of = (id: string | null) => features.find((f) => f.id === id)
  return {
    of(ref) {
      const subject = subjectOf(ref)
      return subject ? (found(subject)?.title ?? subject.kind) : (of(ref.featureId)?.name ?? null)
    },
    version: (id) => {
      const feature = of(id)
      return feature
        ? {
            rules: feature.version,
            definition: inOrder(definitions.filter((d) => d.featureId === id)).at(-1)?.version ?? 0,
          }
        : null
    },
  }
}

/** What `publishValues` freezes; a warehouse read, so it belongs before the transaction. */
async function readPublishable(
  from: Source,
  kind: MeasureKind,
  ref: MeasureRef,
  months: readonly string[],
  { features, currency }: { features: FeatureNames; currency: string },
): Promise<Publishable> {
  const { points } = await readPoints(from, ref, months.map(monthIndex))
  return {
    ref,
    key: refKey(kind, ref),
    title: measureTitle(kind, ref, features.of(ref)),
    currency,
    points,
    madeOf: await readMadeOf(from.con, kind, ref, features.version(ref.featureId)),
  }
}

/**
 * Freezes figures as they are told now; what has no value is not told. For an explicit publish, and for whatever shares
 * figures by link, mail or deck.
 * @returns how many were frozen
 */
export async function publishValues(
  db: Db,
  scope: Scope,
  shared: readonly Publishable[],
  { via, place, by, at }: Sharing,
): Promise<number> {
  const rows = shared.flatMap((s) =>
    s.points.flatMap((p): StoredPublished[] =>
      p.value === null
        ? []
        : [
            {
              id: newId(at.getTime()),
              ref: s.ref,
              key: s.key,
              title: s.title,
              month: p.month,
              value: p.value,
              low: p.low,
              high: p.high,
              base: p.base,
              mark: p.mark,
              currency: s.currency,
              madeOf: s.madeOf,
              via,
              place,
              publishedBy: by,
              publishedAt: at,
            },
          ],
    ),
  )
  await insertPublished(db, scope, rows)
  return rows.length
}

/** Each published figure with what today’s data says of it, and what came between. */
export async function restate(
  from: Source,
  rows: readonly StoredPublished[],
  features: FeatureNames,
): Promise<PublishedValue[]> {
  const made = new Map<string, MadeOf>()
  const today = await readToday(from, rows)
  for (const { ref, key } of rows)
    if (!made.has(key))
      made.set(key, await readMadeOf(from.con, keptKind(from.measures, ref), ref, features.version(ref.featureId)))
  return rows.map(({ key, publishedAt, mark, ...p }) => {
    const kind = keptKind(from.measures, p.ref)
    const { unit } = kind
    const now = today.get(key)?.get(p.month) ?? null
    const causes = causesOf(p.madeOf, made.get(key)!)
    const told = { ...p, unit, publishedAt: publishedAt.toISOString(), today: now, causes }
    return {
      ...told,
      mark: mark as PublishedValue['mark'],
      state: now === null ? 'gone' : isSameShown(p.value, now, unit) ? 'as-published' : 'restated',
      text: restatementText({
        ...told,
        isOfBook: isOfBook(p.ref.measure),
        said: spoken(kind, p.ref, features.of(p.ref)),
      }),
    }
  })
}

/** A shared view freezes many figures of one cut and month: those are read at once, others one by one. */
async function readToday(
  from: Source,
  rows: readonly StoredPublished[],
): Promise<Map<string, Map<string, number | null>>> {
  const today = new Map<string, Map<string, number | null>>()
  const tell = (key: string, month: string, value: number | null) => {
    const of = today.get(key) ?? new Map<string, number | null>()
    today.set(key, of.set(month, value))
  }
  const cuts = Map.groupBy(rows, ({ ref: r, month }) =>
    JSON.stringify([
      r.segment === null ? null : r.segmentBy,
      r.segment === null ? [] : r.bands,
      r.window,
      r.adoptionMonths,
      month,
    ]),
  )
  for (const alike of cuts.values()) {
    const ask = async ({ ref, key, month }: StoredPublished) => {
      for (const p of (await readPoints(from, ref, [monthIndex(month)])).points) tell(key, p.month, p.value)
    }
    const found = alike.length < fewAlike ? new Map<string, number | null>() : await readAlike(from.con, alike[0]!)
    for (const row of alike) {
      const value = found.get(row.key)
      if (value === undefined) await ask(row)
      else tell(row.key, row.month, value)
    }
  }
  return today
}
const fewAlike = 6

async function readAlike(con: Connection, { ref, month }: StoredPublished): Promise<Map<string, number | null>> {
  const at = [monthIndex(month)]
  const by = ref.segment === null ? null : ref.segmentBy
  const known = await con.one<{ first: number | null; last: number | null }>(
    'select min(month) as first, max(month) as last from revenue_month',
  )
  if (known!.first === null || at[0]! > known!.last! || at[0]! - ref.window < known!.first) return new Map()
  const cells = await readMeasureTable(con, { by, bands: by === null ? [] : ref.bands }, ref, {
    book: at,
    movements: at,
    adoption: at,
    retention: at,
  })
  return new Map(
    cells.map(({ measure, featureId, segment, value }) => [
      refKey(measures[measure], { ...ref, measure, featureId, segment, subject: undefined }),
      value,
    ]),
  )
}

export const publishMetric = operation({
  name: 'insights.metrics.publish',
  summary: 'Freeze a figure as it is told now',
  kind: 'write',
  may: 'insights:edit',
  input: z.object({
    ref: MeasureRef,
    months: z.array(Month).min(1).max(36),
    place: z.string().trim().min(2).max(160).describe('where or to whom it is told: a board meeting, a report'),
  }),
  output: z.object({ published: z.int(), withoutValue: z.array(Month) }),
  example: () => ({ ref: { measure: 'nrr' as const }, months: ['2025-12'], place: 'Board meeting of January' }),
  target: ({ ref, months, place }, _, { rooms }) =>
    `${keptKind(rooms.measures, ref).name} of ${months.join(', ')}: ${place}`,
  prepare: async (context, { ref, months }) => {
    const kind = kindOf(context.services.rooms.measures, ref)
    const told = { features: await readFeatureNames(context, [ref]), currency: await currencyOf(context) }
    return inWarehouse(context, (con) => readPublishable(sourceOf(context, con), kind, ref, [...new Set(months)], told))
  },
  async run({ db, scope, actor, now }, { place }, shared) {
    const withoutValue = shared.points.filter((p) => p.value === null).map((p) => p.month)
    if (shared.points.length === withoutValue.length)
      throw precondition(
        'There is no value to publish in these months: they are outside the data, or hold too few accounts.',
      )
    return {
      published: await publishValues(db, scope, [shared], { via: 'publish', place, by: actor.name, at: now() }),
      withoutValue,
    }
  },
})

export const listPublishedOperation = operation({
  name: 'insights.metrics.published',
  summary: 'Figures as they were published, beside what they are by today’s data',
  kind: 'read',
  may: 'insights:read',
  restsOn: ['data', 'decisions', 'insights.features', 'insights.views', 'workspaces'],
  input: z.object({
    ref: MeasureRef.optional().describe('of this figure only'),
    measures: z.array(MeasureRef.shape.measure).max(50).optional().describe('of these measures only'),
    limit: z.int().min(1).max(500).default(200),
  }),
  output: z.object({ rows: z.array(PublishedValue) }),
  example: () => ({}),
  csv: {
    fileName: () => 'published-values.csv',
    rows: (o) =>
      o.rows.map((p) => ({
        metric: p.title,
        month: p.month,
        published: p.value,
        low: p.low,
        high: p.high,
        base: p.base,
        today: p.today,
        state: p.state,
        via: p.via,
        place: p.place,
        by: p.publishedBy,
        at: p.publishedAt,
        files_since: p.causes.files,
        imports_undone: p.causes.undone,
        definitions_changed: p.causes.definitions,
        made_of_imports: p.madeOf.batches.join(' '),
        definition_versions: Object.entries(p.madeOf.definitions)
          .map(([key, version]) => `${key} ${version}`)
          .join(' '),
      })),
  },
  async run(context, { ref, measures: wanted, limit }) {
    const known = context.services.rooms.measures
    const key = ref ? refKey(kindOf(known, ref), ref) : null
    for (const [i, measure] of (wanted ?? []).entries()) measureNamed(known, measure, `measures.${i}`)
    const rows = (await listPublished(context.db, context.scope, { limit, ...(key ? { key } : {}) })).filter(
      (p) => !wanted || wanted.includes(p.ref.measure),
    )
    if (rows.length === 0) return { rows: [] }
    const features = await readFeatureNames(
      context,
      rows.map((p) => p.ref),
    )
    return { rows: await inWarehouse(context, (con) => restate(sourceOf(context, con), rows, features)) }
  },
})
