import type { Db } from '../../../platform/db/database.ts'
import { json } from '../../../platform/db/record-fields.ts'
import { recordKind } from '../../../platform/db/record.ts'
import { MeasurePoint, MeasureRef } from '../measures.ts'
import { insights } from '../../tables.ts'
import { MadeOf, type Target, type Threshold } from '../schemas.ts'
import type { Scope } from '../../../platform/scope.ts'

export interface StoredMetric {
  id: string
  ref: MeasureRef
  version: number
  targets: Target[]
  thresholds: Threshold[]
}

export const metrics = recordKind(insights, {
  table: 'metric',
  noun: 'metric',
  fields: { ref: json('ref', MeasureRef), key: 'ref_key', createdBy: 'created_by' },
  stamps: ['created_at', 'updated_at'],
  order: [
    ['created_at', 'asc'],
    ['id', 'asc'],
  ],
})

export async function listMetrics(db: Db, scope: Scope): Promise<StoredMetric[]> {
  const stored = await metrics.list(db, scope)
  const targets = await insights(db)
    .selectFrom('metric_target')
    .where('workspace_id', '=', scope.workspaceId)
    .select(['metric_id', 'month', 'value', 'direction'])
    .orderBy('month')
    .execute()
  const thresholds = await insights(db)
    .selectFrom('metric_threshold')
    .where('workspace_id', '=', scope.workspaceId)
    .select(['metric_id', 'kind', 'value'])
    .orderBy('kind')
    .orderBy('value')
    .execute()
  const mine = <T extends { metric_id: string }>(rows: T[], id: string) =>
    rows.filter((r) => r.metric_id === id).map(({ metric_id: _, ...rest }) => rest)
  return stored.map(({ id, ref, version }) => ({
    id,
    ref,
    version,
    targets: mine(targets, id),
    thresholds: mine(thresholds, id),
  }))
}

/** @returns false where the figure is watched already */
export const insertMetric = (
  db: Db,
  scope: Scope,
  metric: { id: string; ref: MeasureRef; key: string; createdBy: string },
  at: Date,
): Promise<boolean> => metrics.insert(db, scope, metric, at, ['workspace_id', 'ref_key'])

export async function replaceGoals(
  db: Db,
  scope: Scope,
  metricId: string,
  goals: { targets: (Target & { id: string })[]; thresholds: (Threshold & { id: string })[] },
): Promise<void> {
  const own = { workspace_id: scope.workspaceId, metric_id: metricId }
  await insights(db)
    .deleteFrom('metric_target')
    .where('workspace_id', '=', scope.workspaceId)
    .where('metric_id', '=', metricId)
    .execute()
  await insights(db)
    .deleteFrom('metric_threshold')
    .where('workspace_id', '=', scope.workspaceId)
    .where('metric_id', '=', metricId)
    .execute()
  if (goals.targets.length > 0)
    await insights(db)
      .insertInto('metric_target')
      .values(goals.targets.map((t) => ({ ...own, ...t })))
      .execute()
  if (goals.thresholds.length > 0)
    await insights(db)
      .insertInto('metric_threshold')
      .values(goals.thresholds.map((t) => ({ ...own, ...t })))
      .execute()
}

/** Whether any figure is watched or aimed at. */
export async function hasFigures(db: Db, scope: Scope): Promise<boolean> {
  const metric = await insights(db)
    .selectFrom('metric')
    .where('workspace_id', '=', scope.workspaceId)
    .select('id')
    .limit(1)
    .executeTakeFirst()
  return (
    (metric ??
      (await insights(db)
        .selectFrom('key_result')
        .where('workspace_id', '=', scope.workspaceId)
        .select('id')
        .limit(1)
        .executeTakeFirst())) !== undefined
  )
}

export interface StoredRun {
  key: string
  stamp: string
  points: MeasurePoint[]
}

export async function listRuns(db: Db, scope: Scope): Promise<StoredRun[]> {
  const rows = await insights(db)
    .selectFrom('figure_run')
    .where('workspace_id', '=', scope.workspaceId)
    .select(['ref_key as key', 'stamp', 'points'])
    .execute()
  return rows.map((r) => ({ ...r, points: MeasurePoint.array().parse(r.points) }))
}

export async function replaceRuns(db: Db, scope: Scope, runs: readonly StoredRun[]): Promise<void> {
  await insights(db).deleteFrom('figure_run').where('workspace_id', '=', scope.workspaceId).execute()
  if (runs.length > 0)
    await insights(db)
      .insertInto('figure_run')
      .values(
        runs.map((r) => ({
          workspace_id: scope.workspaceId,
          ref_key: r.key,
          stamp: r.stamp,
          points: JSON.stringify(r.points),
        })),
      )
      .execute()
}

export interface StoredAlert {
  id: string
  metricId: string
  ref: MeasureRef
  kind: Threshold['kind']
  threshold: number
  month: string
  value: number
  prior: number | null
  raisedAt: Date
  endedAt: Date | null
  acknowledgedBy: string | null
  acknowledgedAt: Date | null
  note: string | null
}

export async function listAlerts(
  db: Db,
  scope: Scope,
  page: { metricId?: string; waitingOnly?: boolean; limit: number },
): Promise<StoredAlert[]> {
  let query = insights(db)
    .selectFrom('metric_alert as a')
    .innerJoin('metric as m', 'm.id', 'a.metric_id')
    .where('a.workspace_id', '=', scope.workspaceId)
    .select([
      'a.id',
      'a.metric_id as metricId',
      'm.ref',
      'a.kind',
      'a.threshold',
      'a.month',
      'a.value',
      'a.prior',
      'a.raised_at as raisedAt',
      'a.ended_at as endedAt',
      'a.acknowledged_by as acknowledgedBy',
      'a.acknowledged_at as acknowledgedAt',
      'a.note',
    ])
  if (page.metricId) query = query.where('a.metric_id', '=', page.metricId)
  if (page.waitingOnly) query = query.where('a.acknowledged_at', 'is', null)
  return (await query.orderBy('a.raised_at', 'desc').orderBy('a.id', 'desc').limit(page.limit).execute()).map((a) => ({
    ...a,
    ref: MeasureRef.parse(a.ref),
  }))
}

export const openAlerts = async (
  db: Db,
  scope: Scope,
): Promise<{ id: string; metricId: string; kind: Threshold['kind']; threshold: number; month: string }[]> =>
  insights(db)
    .selectFrom('metric_alert')
    .where('workspace_id', '=', scope.workspaceId)
    .where('ended_at', 'is', null)
    .select(['id', 'metric_id as metricId', 'kind', 'threshold', 'month'])
    .execute()

export async function insertAlert(
  db: Db,
  scope: Scope,
  alert: {
    id: string
    metricId: string
    kind: Threshold['kind']
    threshold: number
    month: string
    value: number
    prior: number | null
  },
  at: Date,
): Promise<void> {
  await insights(db)
    .insertInto('metric_alert')
    .values({
      id: alert.id,
      workspace_id: scope.workspaceId,
      metric_id: alert.metricId,
      kind: alert.kind,
      threshold: alert.threshold,
      month: alert.month,
      value: alert.value,
      prior: alert.prior,
      raised_at: at,
      acknowledged_by: null,
      note: null,
    })
    .execute()
}

export async function endAlerts(db: Db, scope: Scope, ids: readonly string[], at: Date): Promise<void> {
  if (ids.length > 0)
    await insights(db)
      .updateTable('metric_alert')
      .set({ ended_at: at })
      .where('workspace_id', '=', scope.workspaceId)
      .where('id', 'in', ids)
      .execute()
}

/** @returns whether there is such an alert; who acknowledged it first stays */
export async function acknowledge(
  db: Db,
  scope: Scope,
  alert: { id: string; by: string; note: string },
  at: Date,
): Promise<'done' | 'already' | 'none'> {
  const row = await insights(db)
    .selectFrom('metric_alert')
    .where('workspace_id', '=', scope.workspaceId)
    .where('id', '=', alert.id)
    .select('acknowledged_at')
    .executeTakeFirst()
  if (!row) return 'none'
  if (row.acknowledged_at) return 'already'
  await insights(db)
    .updateTable('metric_alert')
    .set({ acknowledged_by: alert.by, acknowledged_at: at, note: alert.note })
    .where('workspace_id', '=', scope.workspaceId)
    .where('id', '=', alert.id)
    .execute()
  return 'done'
}

export interface StoredPublished {
  id: string
  ref: MeasureRef
  key: string
  title: string
  month: string
  value: number
  low: number | null
  high: number | null
  base: number
  mark: string
  currency: string
  madeOf: MadeOf
  via: 'publish' | 'link' | 'mail' | 'deck'
  place: string
  publishedBy: string
  publishedAt: Date
}

export async function insertPublished(db: Db, scope: Scope, rows: readonly StoredPublished[]): Promise<void> {
  if (rows.length > 0)
    await insights(db)
      .insertInto('published_value')
      .values(
        rows.map((p) => ({
          id: p.id,
          workspace_id: scope.workspaceId,
          ref: JSON.stringify(p.ref),
          ref_key: p.key,
          title: p.title,
          month: p.month,
          value: p.value,
          low: p.low,
          high: p.high,
          base: p.base,
          mark: p.mark,
          currency: p.currency,
          made_of: JSON.stringify(p.madeOf),
          via: p.via,
          place: p.place,
          published_by: p.publishedBy,
          published_at: p.publishedAt,
        })),
      )
      .execute()
}

export async function listPublished(
  db: Db,
  scope: Scope,
  page: { key?: string; limit: number },
): Promise<StoredPublished[]> {
  let query = insights(db)
    .selectFrom('published_value')
    .where('workspace_id', '=', scope.workspaceId)
    .select([
      'id',
      'ref',
      'ref_key as key',
      'title',
      'month',
      'value',
      'low',
      'high',
      'base',
      'mark',
      'currency',
      'made_of',
      'via',
      'place',
      'published_by as publishedBy',
      'published_at as publishedAt',
    ])
  if (page.key) query = query.where('ref_key', '=', page.key)
  return (
    await query.orderBy('published_at', 'desc').orderBy('month', 'desc').orderBy('id').limit(page.limit).execute()
  ).map(({ made_of: madeOf, ...p }) => ({ ...p, ref: MeasureRef.parse(p.ref), madeOf: MadeOf.parse(madeOf) }))
}
