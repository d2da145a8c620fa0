/** A room that insights never heard of brings a measure; every place that measures can go takes it. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  decideOperation,
  decisionOptions,
  draftDecision,
  readEffectsOperation,
  readMeasureNow,
  updateDecisionOperation,
} from '../src/decisions/operations.ts'
import { listAlertsOperation } from '../src/insights/targets/alerts.ts'
import {
  createObjective,
  listObjectivesOperation,
  updateObjectiveOperation,
} from '../src/insights/targets/objectives.ts'
import { getMetric } from '../src/insights/targets/page.ts'
import { listPublishedOperation, publishMetric } from '../src/insights/targets/publishing.ts'
import { createMetric, listMeasures, listMetricsOperation } from '../src/insights/targets/watching.ts'
import { rooms } from '../src/operations.ts'
import { listAuditOperation } from '../src/platform/audit/operations.ts'
import { monthIndex, monthText } from '../src/platform/calendar/month.ts'
import type { MeasureKind, Point } from '../src/platform/rooms/measure.ts'
import { room } from '../src/platform/rooms/room.ts'
import type { ThingKind } from '../src/platform/rooms/thing.ts'
import { testApp, type TestApp, type TestWorkspace } from './support/app.ts'

const ideas = new Map([
  ['2025-10', 5],
  ['2025-11', 4],
  ['2025-12', 3],
])
const trialIdeas: MeasureKind = {
  measure: 'trial.ideas',
  name: 'Ideas',
  unit: 'count',
  definition: 'trial.ideas',
  needsFeature: false,
  hasWindow: false,
  counted: { one: 'idea', many: 'ideas' },
  async read({ con }, _, months): Promise<Point[]> {
    const rows = [...ideas].map(([month, n]) => `(${monthIndex(month)}, ${n})`)
    const found = new Map(
      (await con.all<{ month: number; n: number }>(`select * from (values ${rows.join(', ')}) t(month, n)`)).map(
        (r) => [r.month, r.n],
      ),
    )
    return months.map((month) => {
      const value = found.get(month) ?? null
      return { month: monthText(month), value, low: null, high: null, base: value ?? 0, mark: 'ok' }
    })
  },
}
const votes: MeasureKind = {
  ...trialIdeas,
  measure: 'trial.votes',
  name: 'Votes',
  about: 'box',
  read: async (_, { subject }, months) =>
    months.map((month) => ({
      month: monthText(month),
      value: subject === 'roadmap' ? 8 : 1,
      low: null,
      high: null,
      base: 9,
      mark: 'ok',
    })),
}
const box: ThingKind = {
  kind: 'box',
  many: 'Boxes',
  may: 'insights:read',
  find: async (_, ids) =>
    [
      { id: 'roadmap', title: 'Roadmap', address: null },
      { id: 'support', title: 'Support', address: null },
    ].filter((thing) => ids.includes(thing.id)),
}
const trial = room({ name: 'trial', operations: [], things: [box], measures: [trialIdeas, votes] })
const ref = { measure: 'trial.ideas' }

let app: TestApp
let own: TestWorkspace
beforeAll(async () => {
  app = await testApp({ rooms: [...rooms, trial] })
  app.clock.set('2026-01-10T08:00:00Z')
  own = await app.workspace()
})
afterAll(() => app.close())

test('it is listed after those of insights, for targets and for decisions', async () => {
  const listed = (await app.perform(listMeasures, own.as.leader, {})).rows
  const place = listed.findIndex((m) => m.measure === 'trial.ideas')
  const ofInsights = listed.findLastIndex((m) => !m.measure.includes('.'))
  expect([ofInsights, place > ofInsights, listed[place]]).toEqual([
    13,
    true,
    {
      measure: 'trial.ideas',
      name: 'Ideas',
      unit: 'count',
      needsFeature: false,
      hasWindow: false,
      definition: 'trial.ideas',
    },
  ])
  const { measures } = await app.perform(decisionOptions, own.as.leader, {})
  expect(measures.find((m) => m.key === 'trial.ideas')).toMatchObject({ unit: 'count' })
})

test('it is watched with a target and a threshold, where there is no revenue at all', async () => {
  const { id } = await app.perform(createMetric, own.as.admin, {
    ref,
    targets: [{ month: '2026-06', value: 6, direction: 'at-least' }],
    thresholds: [{ kind: 'below', value: 4 }],
  })
  await app.settle(own.id)
  expect((await app.perform(listMetricsOperation, own.as.leader, {})).rows).toMatchObject([
    {
      id,
      title: 'Ideas',
      unit: 'count',
      problem: null,
      point: { month: '2025-12', value: 3, base: 3 },
      prior: 4,
      state: 'not-met-yet',
      openAlerts: 1,
    },
  ])
  expect((await app.perform(listAlertsOperation, own.as.leader, {})).rows.map((a) => a.text)).toEqual([
    'Ideas is below 4: 3 in Dec 2025, after 4 the month before.',
  ])
  await expect(app.perform(createMetric, own.as.admin, { ref })).rejects.toMatchObject({ code: 'conflict' })
})

const objective = {
  title: 'More ideas reach us',
  owner: 'Product operations',
  from: '2025-10',
  to: '2026-04',
  keyResults: [{ ref, startMonth: '2025-10', startValue: 2, targetMonth: '2026-02', targetValue: 6 }],
}

test('it is a key result', async () => {
  await app.perform(createObjective, own.as.admin, objective)
  expect((await app.perform(listObjectivesOperation, own.as.leader, {})).rows[0]?.keyResults).toMatchObject([
    { title: 'Ideas', unit: 'count', point: { value: 3 }, done: 0.25, expected: 0.5, state: 'behind', problem: null },
  ])
})

test('it is published, and the figure of today stands beside it', async () => {
  expect(
    await app.perform(publishMetric, own.as.admin, { ref, months: ['2025-12', '2020-01'], place: 'The board' }),
  ).toEqual({ published: 1, withoutValue: ['2020-01'] })
  const told = async () => (await app.perform(listPublishedOperation, own.as.leader, { ref })).rows
  expect(await told()).toMatchObject([{ title: 'Ideas', value: 3, today: 3, state: 'as-published' }])
  ideas.set('2025-12', 7)
  expect((await told())[0]?.text).toBe(
    'Ideas, Dec 2025, was published as 3 on 10 Jan 2026; by today’s data it is 7: what it counts changed.',
  )
  ideas.set('2025-12', 3)
  expect(
    (await app.perform(listAuditOperation, own.as.admin, {})).rows.find(
      (r) => r.operation === 'insights.metrics.publish',
    )?.target,
  ).toBe('Ideas of 2025-12, 2020-01: The board')
})

test('it has its page, which says what it counts and claims no file for it', async () => {
  const page = await app.perform(getMetric, own.as.leader, { ref, months: 3 })
  expect(page).toMatchObject({
    title: 'Ideas',
    points: [{ value: 5 }, { value: 4 }, { value: 3 }],
    counted: { one: 'idea', many: 'ideas' },
    answer: { text: 'Ideas is 3 for Dec 2025, 4 the month before. The target is at least 6 by Jun 2026.' },
    standing: { base: '3 ideas in Dec 2025', definitions: ['trial.ideas'] },
    lineage: { files: [], tables: [] },
    keyResults: [{ objective: 'More ideas reach us' }],
  })
})

const decision = {
  title: 'Ask every month',
  finding: { text: 'Fewer ideas each month' },
  options: [{ title: 'Ask' }, { title: 'Leave it' }],
  taken: 0,
  why: 'They stopped coming.',
  revisitOn: '2026-07-01',
  expectation: { measure: ref, expected: { as: 'value' as const, value: 6 } },
}

test('a decision expects something of it', async () => {
  const manager = own.as['product-manager']
  const { id, version, measure, missing } = await app.perform(draftDecision, manager, {
    ...decision,
    deciderId: manager.actor!.userId,
  })
  expect([measure, missing]).toEqual(['Ideas', []])
  expect((await app.perform(decideOperation, manager, { id, version })).figureThen).toMatchObject({ value: 3 })
  const [effect] = (await app.perform(readEffectsOperation, own.as.leader, { ids: [id], months: 2 })).rows
  expect(effect).toMatchObject({
    unit: 'count',
    sentence: 'Ideas was 3 on 10 Jan 2026; 6 was expected by 1 Jul 2026; it is 3 in Dec 2025.',
    counted: { one: 'idea', many: 'ideas' },
    verdict: 'not-yet',
    problem: null,
  })
  expect(effect!.line.map((p) => p.value)).toEqual([4, 3])
})

test('a measure about a thing of its room is a figure for each of them, by the name of the thing', async () => {
  const of = (subject: string) => ({ measure: 'trial.votes', subject })
  const { admin } = own.as
  await expect(app.perform(createMetric, admin, { ref: { measure: 'trial.votes' } })).rejects.toThrow(
    '“ref.subject”: this measure is about a box: say which.',
  )
  for (const subject of ['roadmap', 'support']) await app.perform(createMetric, admin, { ref: of(subject) })
  const { rows } = await app.perform(listMetricsOperation, own.as.leader, {})
  expect(rows.slice(-2).map((r) => [r.title, r.point?.value])).toEqual([
    ['Votes · Roadmap', 8],
    ['Votes · Support', 1],
  ])
  const expectation = { measure: of('roadmap'), expected: { as: 'direction' as const, direction: 'up' as const } }
  expect((await app.perform(draftDecision, admin, { expectation })).measure).toBe('Votes of Roadmap')
})

test('a measure that no room brings is refused in words wherever it comes in', async () => {
  const unknown = { measure: 'trial.nothing' }
  const { admin } = own.as
  const draft = await app.perform(draftDecision, admin, { title: 'Another' })
  const { id: objectiveId } = (await app.perform(listObjectivesOperation, admin, {})).rows[0]!
  const wrong = { ...objective, keyResults: [objective.keyResults[0]!, { ...objective.keyResults[0]!, ref: unknown }] }
  const expectation = { ...decision.expectation, measure: unknown }
  const tried: [field: string, work: () => Promise<unknown>][] = [
    ['ref', () => app.perform(createMetric, admin, { ref: unknown })],
    ['ref', () => app.perform(getMetric, admin, { ref: unknown })],
    ['ref', () => app.perform(publishMetric, admin, { ref: unknown, months: ['2025-12'], place: 'The board' })],
    ['ref', () => app.perform(listPublishedOperation, admin, { ref: unknown })],
    ['keyResults.1.ref', () => app.perform(createObjective, admin, wrong)],
    [
      'objective.keyResults.1.ref',
      () => app.perform(updateObjectiveOperation, admin, { id: objectiveId, version: 1, objective: wrong }),
    ],
    ['measure', () => app.perform(readMeasureNow, admin, { measure: unknown })],
    ['expectation.measure', () => app.perform(draftDecision, admin, { expectation })],
    [
      'expectation.measure',
      () => app.perform(updateDecisionOperation, admin, { id: draft.id, version: 1, expectation }),
    ],
    ['finding.measures.0', () => app.perform(draftDecision, admin, { finding: { measures: [unknown] } })],
  ]
  for (const [field, work] of tried)
    await expect(work()).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringMatching(
        new RegExp(
          `^“${field}.measure”: there is no measure “trial.nothing”. The measures are arr, .*, trial.ideas, trial.votes.$`,
        ),
      ),
    })
  await expect(app.perform(getMetric, admin, { ref: { measure: 'adopters' } })).rejects.toThrow(
    '“ref.featureId”: this measure is about a feature: say which.',
  )
  await expect(app.perform(getMetric, admin, { ref: { ...ref, subject: 'x' } })).rejects.toThrow(
    '“ref.subject”: Ideas is about no single thing: leave this out.',
  )
})
