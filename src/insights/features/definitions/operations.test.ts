import { afterAll, beforeAll, expect, test } from 'vitest'
import { testApp, type TestApp, type TestWorkspace } from '../../../../tests/support/app.ts'
import { applyFeatures, listFeaturesOperation, removeFeature } from '../operations.ts'
import { approveDefinition, getFeature, proposeDefinition, tryDefinition, withdrawDefinition } from './operations.ts'

let app: TestApp
let w: TestWorkspace
beforeAll(async () => {
  app = await testApp()
  w = await app.workspace()
  app.clock.set('2026-01-15T08:00:00Z')
})
afterAll(() => app.close())

async function aFeature(name: string): Promise<string> {
  await app.perform(applyFeatures, w.as.admin, {
    features: [{ name, rules: [{ kind: 'prefix', value: `${name.toLowerCase()}.` }] }],
  })
  return (await app.perform(listFeaturesOperation, w.as.admin)).features.find((f) => f.name === name)!.id
}

test('a definition waits until somebody approves it, and it is told whether that was a second person', async () => {
  const featureId = await aFeature('Search')
  const proposed = await app.perform(proposeDefinition, w.as['product-ops'], {
    featureId,
    unit: 'days',
    atLeast: 4,
    windowLength: 1,
    validFrom: '2025-06-01',
    why: 'Once is no habit',
  })
  expect(proposed).toMatchObject({ version: 1, jobId: null })
  let known = await app.perform(getFeature, w.as.leader, { id: featureId })
  expect(known.feature).toMatchObject({
    definitionVersion: null,
    proposals: 1,
    adoption: 'any use in the 3 full months to the day',
  })
  await app.perform(approveDefinition, w.as.admin, { id: proposed.id })
  const own = await app.perform(proposeDefinition, w.as['product-ops'], {
    featureId,
    unit: 'users',
    atLeast: 2,
    windowKind: 'rolling',
    windowLength: 30,
    validFrom: '2026-03-01',
    why: 'A team, not a person',
    approve: true,
  })
  expect(own.jobId).not.toBeNull()
  known = await app.perform(getFeature, w.as.admin, { id: featureId })
  expect(known.definitions.map((d) => [d.version, d.state, d.approval, d.isInForce])).toEqual([
    [2, 'approved', 'by-oneself', false],
    [1, 'approved', 'by-another', true],
  ])
  expect(known.feature).toMatchObject({
    definitionVersion: 1,
    proposals: 0,
    adoption: 'at least 4 days with use in the full month to the day',
  })
  const audited = await app.services.db
    .selectFrom('audit')
    .select('operation')
    .where('workspace_id', '=', w.id)
    .where('operation', 'like', 'insights.features.%efin%')
    .orderBy('id')
    .execute()
  expect(audited.map((a) => a.operation)).toEqual([
    'insights.features.define',
    'insights.features.approveDefinition',
    'insights.features.define',
  ])
})

test('nobody decides twice, what says nothing new is refused, and a definition that matches nothing is told so', async () => {
  const featureId = await aFeature('Board')
  await expect(app.perform(proposeDefinition, w.as.admin, { featureId, why: 'the same as ever' })).rejects.toThrow(
    /default says just this/,
  )
  await expect(
    app.perform(proposeDefinition, w.as.admin, {
      featureId,
      unit: 'days',
      atLeast: 40,
      windowKind: 'rolling',
      windowLength: 30,
      why: 'too much',
    }),
  ).rejects.toThrow(/30 days cannot hold 40/)
  const { id } = await app.perform(proposeDefinition, w.as.admin, { featureId, unit: 'days', atLeast: 2, why: 'twice' })
  await app.perform(withdrawDefinition, w.as.admin, { id })
  await expect(app.perform(approveDefinition, w.as.admin, { id })).rejects.toThrow(/withdrawn already/)
  const tried = await app.perform(tryDefinition, w.as.admin, {
    featureId,
    valueEvents: [{ kind: 'exact', value: 'nothing.like.this' }],
  })
  expect(tried).toMatchObject({
    names: 0,
    adopters: 0,
    problem: 'No event of Board fits, so nobody could ever adopt it by this definition.',
  })
  await expect(
    app.perform(proposeDefinition, w.as.leader, { featureId, unit: 'days', atLeast: 2, why: 'twice' }),
  ).rejects.toMatchObject({ code: 'forbidden' })
})

test('a feature that is taken out comes back under its name with its definitions', async () => {
  const id = await aFeature('Export')
  await app.perform(proposeDefinition, w.as.admin, {
    featureId: id,
    unit: 'days',
    atLeast: 2,
    why: 'twice',
    approve: true,
  })
  await app.perform(removeFeature, w.as.admin, { id })
  await expect(app.perform(getFeature, w.as.admin, { id })).rejects.toMatchObject({ code: 'not-found' })
  expect(await aFeature('Export')).toBe(id)
  expect((await app.perform(getFeature, w.as.admin, { id })).feature).toMatchObject({
    definitionVersion: 1,
    rules: [{ kind: 'prefix', value: 'export.' }],
  })
})
