import { z } from 'zod'
import { conflict, notFound } from '../../platform/errors.ts'
import { operation, type WorkspaceContext } from '../../platform/operation.ts'
import { readOverview } from '../datasets/importing/batches.ts'
import { listFiles } from '../datasets/schedules/queries/files.ts'
import { lastRuns } from '../datasets/schedules/queries/runs.ts'
import { schedules } from '../datasets/schedules/queries/schedules.ts'
import { datasetsOf } from '../datasets/handed.ts'
import { needDataset } from '../datasets/known.ts'
import { Dataset, Day } from '../datasets/schemas.ts'
import { shortDay } from '../../platform/wording.ts'
import { expectedText, lateSince, lateText, nextBy, oldUsage } from './expecting.ts'
import { acknowledgeFinding, listConfirmations, listExpectations, listFindings, saveExpectation } from './queries.ts'
import { DataFinding, Expectation, Freshness } from './schemas.ts'
import { readAge, readDays, readDeliveries, readLastDay } from './warehouse.ts'
import { inWarehouse } from '../../platform/warehouse/in-warehouse.ts'

/** Deliveries looked at: the last three times of any expectation lie within. */
const lookBackMs = 30 * 86_400_000

export const readFreshness = operation({
  name: 'insights.freshness.read',
  summary: 'How old the data is, what is late, and what seems wrong with it',
  kind: 'read',
  may: 'insights:read',
  restsOn: ['data', 'insights.datasets', 'insights.mappings', 'insights.schedules'],
  input: z.object({}),
  output: Freshness,
  example: () => ({}),
  csv: {
    fileName: () => 'freshness.csv',
    rows: (o) =>
      o.datasets.map((d) => ({
        dataset: d.dataset,
        last_day: d.lastDay,
        last_import_at: d.lastImportAt,
        expected: d.expectedText,
        next_by: d.nextBy,
        late: d.late,
      })),
  },
  async run(context) {
    const { db, scope } = context
    const known = datasetsOf(context.services)
    const now = context.now()
    const from = new Date(now.getTime() - lookBackMs)
    const expectations = await listExpectations(db, scope)
    const confirmed = await listConfirmations(db, scope, from)
    const open = await listFindings(db, scope, { all: false, limit: 200 })
    const { age, overview, deliveries } = await inWarehouse(context, async (con) => ({
      age: await readAge(con),
      overview: await readOverview(con, known),
      deliveries: await readDeliveries(con, from.toISOString()),
    }))
    const datasets = overview.map(({ dataset, lastDay, lastImportAt }) => {
      const set = expectations.find((e) => e.dataset === dataset)
      const came = [
        ...deliveries.filter((d) => d.dataset === dataset).map((d) => new Date(d.at)),
        ...confirmed.filter((c) => c.dataset === dataset).map((c) => c.at),
      ]
      const { words } = needDataset(known, dataset)
      const due = set ? lateSince(set.expected, came, set.since, now) : null
      return {
        dataset,
        title: words.title,
        lastDay,
        lastImportAt,
        expected: set?.expected ?? null,
        expectedText: set ? expectedText(set.expected) : null,
        nextBy: set ? nextBy(set.expected, now).toISOString() : null,
        late: set && due ? lateText(words, set.expected, due, now) : null,
      }
    })
    return {
      ...age,
      old: oldUsage(
        age.dataTo,
        expectations.some((e) => e.dataset === 'usage'),
        now.toISOString().slice(0, 10),
      ),
      datasets,
      late: datasets.flatMap((d) => d.late ?? []),
      stopped: await stoppedSchedules(context),
      findings: open.length,
    }
  },
})

/** Everybody learns that an import does not go on; why, who can do something about it. */
async function stoppedSchedules({ db, scope }: Pick<WorkspaceContext, 'db' | 'scope'>): Promise<string[]> {
  const all = await schedules.list(db, scope)
  const last = await lastRuns(db, scope)
  const refused = await listFiles(db, scope, { state: 'refused' })
  return all.flatMap((s) => {
    const file = refused.find((f) => f.scheduleId === s.id)
    const run = last.find((r) => r.scheduleId === s.id)
    if (s.nextAt === null) return []
    if (file)
      return [
        `The scheduled import “${s.name}” has stopped since ${shortDay(file.at.toISOString())}: a file waits for a decision.`,
      ]
    return run?.outcome === 'failed'
      ? [`The scheduled import “${s.name}” has failed since ${shortDay(run.startedAt.toISOString())}.`]
      : []
  })
}

export const expectData = operation({
  name: 'insights.freshness.expect',
  summary: 'Say by when new data of a dataset is expected, or no longer',
  kind: 'write',
  may: 'insights:edit',
  input: z.object({ dataset: Dataset, expected: Expectation.nullable() }),
  output: z.object({ nextBy: z.string().nullable() }),
  example: () => ({
    dataset: 'usage',
    expected: { days: [1, 2, 3, 4, 5], at: '07:00', timeZone: 'Europe/Berlin' },
  }),
  target: (input) => input.dataset,
  async run({ db, scope, services, actor, now }, { dataset, expected }) {
    needDataset(datasetsOf(services), dataset)
    await saveExpectation(db, scope, dataset, expected, actor.name, now())
    return { nextBy: expected ? nextBy(expected, now()).toISOString() : null }
  },
})

export const listDataFindings = operation({
  name: 'insights.freshness.findings',
  summary: 'What seems wrong with the data, newest first',
  kind: 'read',
  may: 'insights:read',
  restsOn: [],
  input: z.object({
    all: z.boolean().default(false).describe('also what was acknowledged or is no longer so'),
    limit: z.int().min(1).max(200).default(50),
  }),
  output: z.object({ rows: z.array(DataFinding) }),
  example: () => ({}),
  csv: { fileName: () => 'data-findings.csv', rows: (o) => o.rows },
  run: async ({ db, scope }, page) => ({ rows: await listFindings(db, scope, page) }),
})

export const acknowledgeDataFinding = operation({
  name: 'insights.freshness.acknowledge',
  summary: 'Say that a finding about the data was seen, and what is made of it',
  kind: 'write',
  may: 'insights:edit',
  input: z.object({ id: z.uuid(), note: z.string().trim().min(2).max(500) }),
  output: z.object({}),
  example: (f) => ({ id: f['findingId']!, note: 'A public holiday; as expected.' }),
  target: (input) => input.id,
  async run({ db, scope, actor, now }, { id, note }) {
    const outcome = await acknowledgeFinding(db, scope, { id, by: actor.name, note }, now())
    if (outcome === 'none') throw notFound('finding', id)
    if (outcome === 'already')
      throw conflict('Somebody acknowledged this already. Load the page again to see their note.')
    return {}
  },
})

export const readUsageDays = operation({
  name: 'insights.freshness.days',
  summary: 'Rows of usage by day, and how many of them are known',
  kind: 'read',
  may: 'insights:read',
  restsOn: ['data'],
  input: z.object({ days: z.int().min(7).max(366).default(112) }),
  output: z.object({ rows: z.array(z.object({ day: Day, rows: z.int(), matched: z.int(), unmapped: z.int() })) }),
  example: () => ({}),
  csv: {
    fileName: () => 'usage-by-day.csv',
    rows: (o) => o.rows.map((d) => ({ day: d.day, rows: d.rows, of_an_account: d.matched, of_no_feature: d.unmapped })),
  },
  run: (context, { days }) =>
    inWarehouse(context, async (con) => {
      const last = await readLastDay(con, '9999-12-31')
      return { rows: last === null ? [] : await readDays(con, last, days) }
    }),
})
