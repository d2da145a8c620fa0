import { afterAll, beforeAll, expect, test } from 'vitest'
import { testApp, type TestApp, type TestWorkspace } from '../../tests/support/app.ts'
import { scopeOf } from '../../tests/support/scope.ts'
import { draftDecision } from '../decisions/operations.ts'
import { insertFeature } from '../insights/features/queries.ts'
import { newId } from '../platform/ids.ts'
import { askRequest } from '../requests/operations.ts'
import { listReferences, searchThings } from './operations.ts'

let app: TestApp
let own: TestWorkspace
let other: TestWorkspace
const featureId = newId()
let decisionId = ''
beforeAll(async () => {
  app = await testApp()
  own = await app.workspace()
  other = await app.workspace()
  await insertFeature(
    app.services.db,
    scopeOf(own.id),
    {
      id: featureId,
      name: 'Shared boards',
      area: 'Team',
      isCore: true,
      releasedOn: null,
      owner: null,
      entitledPlans: null,
    },
    new Date(),
  )
  await app.perform(askRequest, own.as.leader, { question: 'Who uses boards?' })
  decisionId = (
    await app.perform(draftDecision, own.as['product-ops'], {
      title: 'Boards for everybody',
      from: [{ kind: 'feature', id: featureId }],
    })
  ).id
})
afterAll(() => app.close())

const titles = async (caller: TestWorkspace['as']['admin'], text: string, kinds?: string[]) =>
  (await app.perform(searchThings, caller, { text, kinds })).groups.flatMap((g) => g.rows.map((r) => r.title))

test('one search finds things of every room, each with its page, grouped by kind', async () => {
  const { groups } = await app.perform(searchThings, own.as.leader, { text: 'boards' })
  expect(groups.map((g) => [g.kind, g.many, g.rows.map((r) => r.title)])).toEqual([
    ['feature', 'Features', ['Shared boards']],
    ['decision', 'Decisions', ['Boards for everybody']],
    ['request', 'Requests', ['Who uses boards?']],
  ])
  expect(groups[0]!.rows[0]).toMatchObject({ address: `/insights/feature?id=${featureId}`, detail: 'Team' })
  expect(await titles(own.as.leader, 'boards', ['decision'])).toEqual(['Boards for everybody'])
})

test('nobody finds what their role may not see, and another workspace finds nothing', async () => {
  expect(await titles(own.as.stakeholder, 'boards')).toEqual([])
  expect(await titles(other.as.admin, 'boards')).toEqual([])
})

test('what refers to a thing is read from either end, and not by another workspace', async () => {
  const ofFeature = await app.perform(listReferences, own.as.leader, { kind: 'feature', id: featureId })
  expect(ofFeature.rows).toMatchObject([
    { kind: 'decision', title: 'Boards for everybody', relation: 'based-on', direction: 'from' },
  ])
  const ofDecision = await app.perform(listReferences, own.as.leader, { kind: 'decision', id: decisionId })
  expect(ofDecision.rows).toMatchObject([{ kind: 'feature', title: 'Shared boards', direction: 'to' }])
  await expect(app.perform(listReferences, other.as.admin, { kind: 'decision', id: decisionId })).rejects.toThrow(
    'decision',
  )
  await expect(app.perform(listReferences, own.as.admin, { kind: 'planet', id: 'x' })).rejects.toThrow(
    'nothing of the kind',
  )
})

test('a decision cannot rest on what is not there, nor on what no room knows', async () => {
  const draft = (kind: string, id: string) =>
    app.perform(draftDecision, own.as['product-ops'], { title: 'x', from: [{ kind, id }] })
  await expect(draft('request', newId())).rejects.toMatchObject({ code: 'not-found' })
  await expect(draft('planet', 'x')).rejects.toMatchObject({ code: 'invalid' })
})
