/** A month in which nothing was tracked looks like one in which nobody used anything; every page that counts it says so. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testApp, type TestApp, type TestWorkspace } from '../../../../tests/support/app.ts'
import { catalogue, decisions, insertRaw, rawCompany } from '../../../../tests/support/raw-company.ts'
import { insertFeature } from '../../features/queries.ts'
import { refreshDerived } from '../../datasets/refresh.ts'
import { newId } from '../../../platform/ids.ts'
import { analyseAdoptionTrend } from '../adoption-trend/operations.ts'
import { analyseAccount } from '../account/operations.ts'
import { analyseBreadth } from '../breadth/operations.ts'
import { analyseCohortRetention } from '../cohorts/operations.ts'
import { analyseFeatureStates } from '../feature-states/operations.ts'
import { analyseNrrVariants } from '../nrr-variants/operations.ts'
import { analyseAdoptionRetention } from '../adoption-retention/operations.ts'
import { analyseProductHealth } from '../product-health/operations.ts'
import { analyseRenewals } from '../renewals/operations.ts'
import { analyseWhatChanged } from '../what-changed/operations.ts'
import { scopeOf } from '../../../../tests/support/scope.ts'

let app: TestApp
let workspace: TestWorkspace
const featureId = newId()
beforeAll(async () => {
  app = await testApp()
  app.clock.set('2026-01-15T10:00:00Z')
  workspace = await app.workspace()
  const c = rawCompany(1)
  c.events = c.events.filter((e) => !['2025-04', '2025-08', '2025-09'].includes(e.day.slice(0, 7)))
  const [first] = catalogue
  const { names: _, key: __, ...feature } = first!
  const id = featureId
  await insertFeature(
    app.services.db,
    scopeOf(workspace.id),
    { ...feature, id, owner: null, entitledPlans: null },
    new Date(),
  )
  const decided = { ...decisions, features: catalogue.map((f) => (f.key === first!.key ? { ...f, key: id } : f)) }
  const warehouse = await app.services.warehouses.open(workspace.id)
  await warehouse.write(async (con) => {
    await insertRaw(con, c)
    await refreshDerived(con, {
      decisions: { ...decided, featureOf: (n) => (first!.names.includes(n) ? id : decisions.featureOf(n)) },
      today: '2026-01-15',
    })
  })
})
afterAll(() => app.close())

const one = 'There is no usage at all in Apr 2025, which counts here: no use then means that none is known.'
const two =
  'There is no usage at all from Aug 2025 to Sep 2025, which count here: no use then means that none is known.'
const three =
  'There is no usage at all in Apr 2025 and from Aug 2025 to Sep 2025, which count here: no use then means that none is known.'

test('the first page says it where adoption counts a silent month, now or at the cohort’s day, and not elsewhere', async () => {
  const asked = async (month: string, window: number, adoptionMonths = 3) => {
    const { meta, sentence } = await app.perform(analyseAdoptionRetention, workspace.as.leader, {
      month,
      window,
      adoptionMonths,
      segmentBy: 'segment',
    })
    return [meta.silence, meta.silence !== null && sentence.caveat.startsWith(meta.silence)]
  }
  expect(await asked('2025-12', 12)).toEqual([null, false])
  expect(await asked('2025-10', 10)).toEqual([two, true])
  expect(await asked('2025-12', 6)).toEqual([one, true])
  expect(await asked('2025-09', 5, 1)).toEqual([
    'There is no usage at all in Apr 2025 and in Sep 2025, which count here: no use then means that none is known.',
    true,
  ])
})

test('each page says it for the months that it counts', async () => {
  const { leader } = workspace.as
  const month = '2025-10'
  const said = {
    states: await app.perform(analyseFeatureStates, leader, { month }),
    renewals: await app.perform(analyseRenewals, leader, {}),
    changed: await app.perform(analyseWhatChanged, leader, { month }),
    health: await app.perform(analyseProductHealth, leader, { month }),
    trend: await app.perform(analyseAdoptionTrend, leader, { featureId, to: month, months: 12 }),
    breadth: await app.perform(analyseBreadth, leader, { month: '2025-08' }),
    breadthAfter: await app.perform(analyseBreadth, leader, { month }),
    cohorts: await app.perform(analyseCohortRetention, leader, { by: 'month' }),
    account: await app.perform(analyseAccount, leader, { account: 'A3', months: 5 }),
    nrr: await app.perform(analyseNrrVariants, leader, { month: '2025-09' }),
  }
  expect(Object.fromEntries(Object.entries(said).map(([page, { standing }]) => [page, standing.silence]))).toEqual({
    states: two,
    renewals: null,
    changed: two,
    health: three,
    trend: three,
    breadth: 'There is no usage at all in Aug 2025, which counts here: no use then means that none is known.',
    breadthAfter: null,
    cohorts: three,
    account: two,
    nrr: null,
  })
})
