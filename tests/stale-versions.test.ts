/** Every write that names the version it was read at: a stale one is refused with the record as it is now, and nothing is written. */
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { operations, rooms } from '../src/operations.ts'
import { roles } from '../src/platform/auth/permissions.ts'
import { isProductError, type ProductError } from '../src/platform/errors.ts'
import type { AnyOperation, Caller } from '../src/platform/operation.ts'
import { compose } from '../src/platform/rooms/room.ts'
import { testApp, type TestApp, type TestWorkspace } from './support/app.ts'
import { idleJobs } from './support/idle-jobs.ts'
import { fixturesOf } from './support/fixtures/every-room.ts'

const { rights } = compose(rooms)
let app: TestApp
let own: TestWorkspace
let tables: string[]
beforeAll(async () => {
  app = await testApp({ kinds: idleJobs })
  own = await app.workspace()
  const { rows } = await sql<{ name: string }>`
    select table_name as name from information_schema.tables
    where table_schema = 'public' and table_type = 'BASE TABLE' and table_name <> 'migration'`.execute(app.services.db)
  tables = rows.map((row) => row.name)
})
afterAll(() => app.close())

const versioned = operations.filter(
  (op) =>
    op.kind === 'write' &&
    'version' in ((z.toJSONSchema(op.input, { io: 'input' }) as { properties?: object }).properties ?? {}),
)

/** Everything that the operational store holds; of jobs, which go on meanwhile, which there are. */
async function written(): Promise<string> {
  const sums = tables.map((t) => {
    const row = t === 'job' ? sql`r.id::text` : sql`r::text`
    return sql`select ${t}::text as t, md5(coalesce(string_agg(${row}, '|' order by ${row}), '')) as sum from ${sql.table(t)} r`
  })
  const { rows } = await sql`${sql.join(sums, sql` union all `)}`.execute(app.services.db)
  return JSON.stringify(rows)
}

async function refusalOf(op: AnyOperation, caller: Caller, input: object): Promise<ProductError | null> {
  try {
    await app.perform(op, caller, input)
    return null
  } catch (error) {
    if (isProductError(error)) return error
    throw error
  }
}

test('there are such writes in every room that people edit in', () => {
  expect(versioned.map((op) => op.name).sort()).toEqual([
    'decisions.decide',
    'decisions.revisit',
    'decisions.update',
    'decisions.withdraw',
    'insights.accounts.saveSettings',
    'insights.annotations.update',
    'insights.features.update',
    'insights.metrics.update',
    'insights.objectives.update',
    'insights.out.set',
    'insights.schedules.update',
    'insights.stories.assign',
    'insights.stories.dismiss',
    'insights.stories.pin',
    'insights.stories.restore',
    'insights.views.update',
    'requests.answer',
    'requests.assign',
    'requests.close',
    'requests.reopen',
    'setup.charter.publish',
    'setup.cost.setRate',
    'setup.firstHire.save',
    'setup.interviews.change',
    'setup.pillar.choose',
    'setup.pillar.saveSituation',
    'setup.quickWins.update',
    'setup.readiness.set',
    'setup.tour.change',
    'setup.tour.close',
    'setup.tour.launch',
    'setup.tour.playBack',
    'workspaces.rename',
  ])
})

test.each(versioned.map((op) => [op.name, op] as const))('%s', async (_, op) => {
  const role = roles.find((r) => rights.get(r)!.has(op.may))!
  const input = op.example(await fixturesOf(app, own, role)) as { version: number }
  expect(await refusalOf(op, own.as[role], input)).toBeNull()
  const before = await written()
  const error = await refusalOf(op, own.as[role], input)
  expect([error?.code, error?.details]).toMatchObject([
    'conflict',
    {
      version: input.version + 1,
      current: { version: input.version + 1 },
      given: expect.anything(),
      changedBy: own.as[role].actor!.name,
    },
  ])
  expect(error!.message).toMatch(
    new RegExp(`^${own.as[role].actor!.name} changed .* at \\d\\d:\\d\\d UTC, after you opened it`),
  )
  const { version: _v, id: _id, ...rest } = input as { version: number; id?: string }
  expect(Object.keys({ ...(error!.details!['given'] as object) }).length).toBeGreaterThanOrEqual(
    Object.keys(rest).length > 0 ? 1 : 0,
  )
  expect(await written()).toBe(before)
})
