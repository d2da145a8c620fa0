import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { testApp, type TestApp, type TestWorkspace } from '../../../tests/support/app.ts'
import { MeasureRef } from './measures.ts'
import { newId } from '../../platform/ids.ts'
import { decideDefinition, insertDefinition } from '../features/definitions/queries.ts'
import { saveFeatures } from '../features/operations.ts'
import { listFeatures } from '../features/queries.ts'
import { FeatureDraft } from '../features/schemas.ts'
import { insertRows } from '../datasets/mirror.ts'
import { refreshDerived } from '../datasets/refresh.ts'
import { readDecisions } from '../refresh/job.ts'
import { enqueueRefresh } from '../datasets/refresh-wanted.ts'
import { createObjective, listObjectivesOperation, removeObjective, updateObjectiveOperation } from './objectives.ts'
import { acknowledgeAlert, listAlertsOperation } from './alerts.ts'
import { getMetric } from './page.ts'
import { listPublishedOperation, publishMetric } from './publishing.ts'
import { createMetric, listMetricsOperation, removeMetric, updateMetric } from './watching.ts'
import { scopeOf } from '../../../tests/support/scope.ts'

let app: TestApp
let own: TestWorkspace
let other: TestWorkspace
beforeAll(async () => {
  app = await testApp()
})
afterAll(() => app.close())

/* 20 accounts at 100 a year from 2024; `lost` of them leave in November 2025. Usage to the end of December says how far the data goes. */
beforeEach(async () => {
  app.clock.set('2026-01-10T08:00:00Z')
  own = await app.workspace()
  other = await app.workspace()
  const warehouse = await app.services.warehouses.open(own.id)
  await warehouse.write(async (con) => {
    const ids = Array.from({ length: 20 }, (_, i) => `A${i}`)
    await insertRows(con, 'origin', [[1, 'account', 'crm']])
    await insertRows(
      con,
      'account (source, ext_id, name, batch_id)',
      ids.map((id) => ['crm', id, id, 1]),
    )
    await insertRows(
      con,
      'subscription',
      ids.map((id) => ['billing', `S${id}`, id, '2024-01-01', null, 10_000, 'p', 2]),
    )
    await insertRows(con, 'event (event_time, origin_id, ref, name, n, batch_id)', [
      ['2025-01-05 08:00:00', 1, 'A0', 'x', 1, 3],
      ['2025-12-31 08:00:00', 1, 'A0', 'x', 1, 3],
    ])
    await insertRows(con, 'dirty_day', [['2025-01-05'], ['2025-12-31']])
    for (const [id, dataset] of [
      [1, 'accounts'],
      [2, 'subscriptions'],
      [3, 'usage'],
    ] as const)
      await batch(con, id, dataset)
  })
  await refresh()
})

type Con = Parameters<Parameters<Awaited<ReturnType<TestApp['services']['warehouses']['open']>>['write']>[0]>[0]
const batch = (con: Con, id: number, dataset: string) =>
  con.run(
    `insert into batch values ($1, $2, $3, '', '', '{}', 'billing', 'add', $4, 'A test', timestamp '2026-01-10 08:00:00', 20, 20, 0, 0, 0, null, null, null)`,
    [id, dataset, `${dataset}-${id}.csv`, `job ${id}`],
  )

/** A refresh and all that follows it. */
async function refresh(): Promise<void> {
  const { db, services } = { db: app.services.db, services: app.services }
  const id = await app.services.transaction((tx) => enqueueRefresh(tx, services, own.id, own.as.admin.actor!.userId))
  expect((await app.services.jobs.settled(id)).error).toBeNull()
  await followed(db)
}
async function followed(db = app.services.db): Promise<void> {
  for (const { id } of await db
    .selectFrom('job')
    .where('workspace_id', '=', own.id)
    .where('kind', '=', 'insights.watch')
    .select('id')
    .execute())
    expect((await app.services.jobs.settled(id)).error).toBeNull()
}
async function change(work: (con: Con) => Promise<unknown>): Promise<void> {
  await (
    await app.services.warehouses.open(own.id)
  ).write(async (con) => {
    await work(con)
    await con.run(`insert into dirty_part values ('revenue')`)
  })
  await refresh()
}
const leave = (count: number, on = '2025-11-10') =>
  change((con) =>
    con.run(
      `update subscription set end_date = $2::date where ext_id in (select 'SA' || i from range($1::bigint) t(i))`,
      [count, on],
    ),
  )
const stay = () => change((con) => con.run('update subscription set end_date = null'))
const alerts = () => app.perform(listAlertsOperation, own.as.leader, {})
const nrr = { measure: 'nrr' as const }

test('a threshold that is crossed raises one alert, none again until the figure went back, and is acknowledged with a note', async () => {
  const { id } = await app.perform(createMetric, own.as['product-ops'], {
    ref: nrr,
    thresholds: [{ kind: 'below', value: 0.95 }],
  })
  await followed()
  expect((await alerts()).rows).toEqual([])
  await leave(4)
  const [first, ...none] = (await alerts()).rows
  expect(none).toEqual([])
  expect(first).toMatchObject({
    metricId: id,
    kind: 'below',
    month: '2025-12',
    endedAt: null,
    acknowledgedAt: null,
    text: 'NRR over 12 months is below 95.0 %: 80.0 % in Dec 2025, after 80.0 % the month before.',
  })
  await leave(5)
  expect((await alerts()).rows).toHaveLength(1)
  await app.perform(acknowledgeAlert, own.as['product-ops'], { id: first!.id, note: 'The price change; expected.' })
  await expect(app.perform(acknowledgeAlert, own.as.admin, { id: first!.id, note: 'again' })).rejects.toMatchObject({
    code: 'conflict',
  })
  expect((await app.perform(listAlertsOperation, own.as.leader, { waitingOnly: true })).rows).toEqual([])
  await stay()
  expect((await alerts()).rows.map((a) => [a.endedAt !== null, a.note])).toEqual([
    [true, 'The price change; expected.'],
  ])
  app.clock.set('2026-01-11T08:00:00Z')
  await leave(3)
  expect((await alerts()).rows.map((a) => a.endedAt === null)).toEqual([true, false])
})

test('suppressed and missing values never alert', async () => {
  await app.perform(createMetric, own.as.admin, {
    ref: { ...nrr, segment: 'nobody' },
    thresholds: [
      { kind: 'below', value: 5 },
      { kind: 'above', value: 0 },
      { kind: 'moved', value: 0.0001 },
    ],
  })
  await followed()
  await leave(15)
  expect((await alerts()).rows).toEqual([])
  expect((await app.perform(listMetricsOperation, own.as.leader, {})).rows[0]).toMatchObject({
    point: { value: null },
    state: 'no-target',
    openAlerts: 0,
  })
})

test('a figure is watched once, listed with value, prior, target and state, changed by version, and taken out', async () => {
  const { id } = await app.perform(createMetric, own.as.admin, {
    ref: nrr,
    targets: [{ month: '2025-12', value: 1.05, direction: 'at-least' }],
  })
  await expect(app.perform(createMetric, own.as.admin, { ref: { ...nrr, segmentBy: 'region' } })).rejects.toMatchObject(
    { code: 'conflict' },
  )
  const { rows, month } = await app.perform(listMetricsOperation, own.as.leader, {})
  expect([month, rows]).toMatchObject([
    '2025-12',
    [
      {
        id,
        title: 'NRR, 12 months',
        unit: 'share',
        point: { value: 1, base: 20 },
        prior: 1,
        state: 'missed',
        target: { value: 1.05 },
      },
    ],
  ])
  expect(
    await app.perform(updateMetric, own.as.admin, {
      id,
      version: 1,
      targets: [{ month: '2026-06', value: 1.05, direction: 'at-least' }],
      thresholds: [],
    }),
  ).toEqual({ version: 2 })
  await expect(
    app.perform(updateMetric, own.as.admin, { id, version: 1, targets: [], thresholds: [] }),
  ).rejects.toMatchObject({ code: 'conflict' })
  await expect(
    app.perform(updateMetric, own.as.admin, {
      id,
      version: 2,
      targets: [
        { month: '2026-06', value: 1, direction: 'at-least' },
        { month: '2026-06', value: 2, direction: 'at-least' },
      ],
      thresholds: [],
    }),
  ).rejects.toMatchObject({ code: 'invalid' })
  expect((await app.perform(listMetricsOperation, own.as.leader, {})).rows[0]?.state).toBe('not-met-yet')
  await expect(app.perform(createMetric, own.as.leader, { ref: nrr })).rejects.toMatchObject({ code: 'forbidden' })
  expect((await app.perform(listMetricsOperation, other.as.admin, {})).rows).toEqual([])
  await app.perform(removeMetric, own.as.admin, { id })
  expect((await app.perform(listMetricsOperation, own.as.admin, {})).rows).toEqual([])
})

test('values kept after a refresh are those that are read anew, and none is shown that an older refresh left', async () => {
  await app.perform(createMetric, own.as.admin, { ref: nrr })
  await followed()
  const value = async () => (await app.perform(listMetricsOperation, own.as.leader, {})).rows[0]?.point?.value
  const kept = await app.services.db
    .withTables<{ figure_run: { workspace_id: string; points: unknown } }>()
    .selectFrom('figure_run')
    .where('workspace_id', '=', own.id)
    .select('points')
    .executeTakeFirstOrThrow()
  expect((await app.perform(getMetric, own.as.leader, { ref: nrr })).points).toEqual(
    (kept.points as unknown[]).slice(-24),
  )
  expect(await value()).toBe(1)
  const decisions = await readDecisions(app.services.db, scopeOf(own.id))
  await (
    await app.services.warehouses.open(own.id)
  ).write(async (con) => {
    await con.run(`update subscription set end_date = date '2025-12-10' where ext_id in ('SA0', 'SA1')`)
    await con.run(`insert into dirty_part values ('revenue')`)
    await refreshDerived(con, { decisions, today: '2026-01-10' })
  })
  expect(await value()).toBe(0.9)
})

test('a published figure stays as it was told; the one of today stands beside it with what came between', async () => {
  expect(
    await app.perform(publishMetric, own.as['product-ops'], {
      ref: nrr,
      months: ['2025-12', '2025-11', '2020-01'],
      place: 'Board meeting of January',
    }),
  ).toEqual({ published: 2, withoutValue: ['2020-01'] })
  const told = async () =>
    (await app.perform(listPublishedOperation, own.as.leader, { ref: { ...nrr, segmentBy: 'region' } })).rows.find(
      (r) => r.month === '2025-12',
    )!
  expect(await told()).toMatchObject({
    value: 1,
    base: 20,
    today: 1,
    state: 'as-published',
    place: 'Board meeting of January',
    via: 'publish',
    publishedBy: expect.stringContaining('product-ops'),
    madeOf: { batches: [1, 2], definitions: { nrr: 1, arr: 2 } },
  })
  app.clock.set('2026-02-03T08:00:00Z')
  await (await app.services.warehouses.open(own.id)).write((con) => batch(con, 4, 'subscriptions'))
  await leave(2, '2025-12-10')
  const { madeOf, text, ...now } = await told()
  expect([now, madeOf.batches, text]).toMatchObject([
    { value: 1, today: 0.9, state: 'restated', causes: { files: 1, undone: 0, definitions: 0 } },
    [1, 2],
    'NRR over 12 months, Dec 2025, was published as 100.0 % on 10 Jan 2026; by today’s data it is 90.0 %: 1 file came since.',
  ])
  for (const sql of [`update published_value set value = 2`, 'delete from published_value']) {
    const { sql: raw } = await import('kysely')
    await expect(raw.raw(sql).execute(app.services.db)).rejects.toThrow(/never changed/)
  }
  expect((await app.perform(listPublishedOperation, other.as.admin, {})).rows).toEqual([])
  await expect(
    app.perform(publishMetric, own.as.admin, { ref: nrr, months: ['2019-01'], place: 'nowhere' }),
  ).rejects.toMatchObject({ code: 'precondition' })
})

test('the page of a figure holds its definition, what it is computed from, values, targets, and what was published', async () => {
  await app.perform(createMetric, own.as.admin, {
    ref: nrr,
    targets: [{ month: '2026-06', value: 1.02, direction: 'at-least' }],
    thresholds: [{ kind: 'below', value: 0.9 }],
  })
  await app.perform(publishMetric, own.as.admin, { ref: nrr, months: ['2025-12'], place: 'The board' })
  const page = await app.perform(getMetric, own.as.leader, { ref: nrr })
  expect(page).toMatchObject({
    title: 'NRR, 12 months',
    unit: 'share',
    targets: [{ value: 1.02 }],
    thresholds: [{ value: 0.9 }],
    state: 'not-met-yet',
    published: [{ value: 1 }],
    lineage: {
      files: [{ dataset: 'accounts', imports: 1, lastFile: 'accounts-1.csv' }, { dataset: 'subscriptions' }],
      recent: [{ id: 2 }, { id: 1 }],
    },
  })
  expect([page.points.length, page.points.at(-1)]).toMatchObject([24, { month: '2025-12', value: 1, base: 20 }])
  expect(page.answer.text).toBe(
    'NRR over 12 months is 100.0 % for Dec 2025, 100.0 % the month before. The target is at least 102.0 % by Jun 2026.',
  )
  expect(page.changes[0]?.text).toMatch(/^ARR, version 2: /)
  await expect(
    app.perform(getMetric, own.as.leader, {
      ref: { measure: 'adopters', featureId: '0190b5a0-0000-7000-8000-000000000099' },
    }),
  ).rejects.toMatchObject({ code: 'not-found' })
})

test('where the definition of a feature changed, its figures say so, and so does what is published of them', async () => {
  const { db } = app.services
  const scope = scopeOf(own.id)
  const at = new Date('2026-01-10T08:00:00Z')
  const featureId = newId()
  await saveFeatures(db, scope, [FeatureDraft.parse({ name: 'Sharing', rules: [{ kind: 'exact', value: 'x' }] })], at)
  const [feature] = await listFeatures(db, scope)
  const id = newId()
  await insertDefinition(db, scope, {
    id,
    featureId: feature!.id,
    version: 1,
    validFrom: '2025-06-01',
    unit: 'users',
    atLeast: 3,
    windowKind: 'calendar',
    windowLength: 3,
    valueEvents: null,
    why: 'A habit, not a try',
    proposedBy: 'x',
    proposedByName: 'X',
    proposedAt: at,
  })
  const page = () => app.perform(getMetric, own.as.leader, { ref: { measure: 'adopters', featureId: feature!.id } })
  await refresh()
  expect((await page()).changes.map((c) => c.on)).not.toContain('2025-06-01')
  await decideDefinition(db, scope, id, { state: 'approved', by: 'y', byName: 'Y', at })
  await refresh()
  expect((await page()).changes).toContainEqual({
    on: '2025-06-01',
    text: 'Sharing, definition version 1: at least 3 users in the 3 full months to the day',
  })
  await app.perform(publishMetric, own.as.admin, {
    ref: { measure: 'adopters', featureId: feature!.id },
    months: ['2025-12'],
    place: 'The board',
  })
  expect((await page()).published[0]?.madeOf.definitions).toMatchObject({ 'adoption of the feature': 1 })
  await expect(
    app.perform(getMetric, own.as.leader, { ref: { measure: 'adopters', featureId } }),
  ).rejects.toMatchObject({ code: 'not-found' })
})

test('a key result is where the data says, on the line from start to target', async () => {
  const objective = {
    title: 'Keep the customers',
    owner: "Sinéad O'Neil",
    from: '2025-01',
    to: '2026-06',
    keyResults: [
      {
        ref: MeasureRef.parse({ measure: 'accounts' }),
        startMonth: '2025-06',
        startValue: 20,
        targetMonth: '2026-06',
        targetValue: 30,
      },
      { ref: MeasureRef.parse(nrr), startMonth: '2025-06', startValue: 1.1, targetMonth: '2025-12', targetValue: 1 },
      {
        ref: MeasureRef.parse({ ...nrr, segment: 'nobody' }),
        startMonth: '2025-06',
        startValue: 0.9,
        targetMonth: '2026-06',
        targetValue: 1,
      },
    ],
  }
  const { id } = await app.perform(createObjective, own.as['product-ops'], objective)
  const { rows } = await app.perform(listObjectivesOperation, own.as.leader, {})
  expect(rows[0]).toMatchObject({
    id,
    title: 'Keep the customers',
    owner: "Sinéad O'Neil",
    keyResults: [
      { state: 'behind', done: 0, expected: 0.5, lineValue: 25, point: { value: 20 } },
      { state: 'reached', done: 1 },
      { state: 'no-value', done: null },
    ],
  })
  expect(
    await app.perform(updateObjectiveOperation, own.as.admin, {
      id,
      version: 1,
      objective: { ...objective, keyResults: objective.keyResults.slice(0, 1) },
    }),
  ).toEqual({ version: 2 })
  await expect(
    app.perform(updateObjectiveOperation, own.as.admin, { id, version: 1, objective }),
  ).rejects.toMatchObject({ code: 'conflict' })
  expect((await app.perform(listObjectivesOperation, own.as.leader, {})).rows[0]?.keyResults).toHaveLength(1)
  await expect(
    app.perform(createObjective, own.as.admin, {
      ...objective,
      keyResults: [{ ...objective.keyResults[0]!, targetMonth: '2025-06' }],
    }),
  ).rejects.toMatchObject({ code: 'invalid' })
  await app.perform(removeObjective, own.as.admin, { id })
  expect((await app.perform(listObjectivesOperation, own.as.leader, {})).rows).toEqual([])
})
