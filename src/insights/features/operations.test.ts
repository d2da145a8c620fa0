import { afterAll, beforeAll, expect, test } from 'vitest'
import { testApp, type TestApp, type TestWorkspace } from '../../../tests/support/app.ts'
import { applyFeatures, listFeaturesOperation, removeFeature } from './operations.ts'

let app: TestApp
let w: TestWorkspace
beforeAll(async () => {
  app = await testApp()
  w = await app.workspace()
})
afterAll(() => app.close())

const catalogue = async () => (await app.perform(listFeaturesOperation, w.as.admin)).features
const one = (name: string, value: string) => ({ name, rules: [{ kind: 'exact' as const, value }] })

test('five thousand features come in as one list, and the same list again makes none twice', async () => {
  const features = Array.from({ length: 5000 }, (_, k) => one(`Feature ${k}`, `feature.${k}`))
  expect(await app.perform(applyFeatures, w.as.admin, { features })).toMatchObject({ created: 5000, changed: 0 })
  expect(await app.perform(applyFeatures, w.as.admin, { features })).toMatchObject({ created: 0, changed: 5000 })
  const known = await catalogue()
  expect(known).toHaveLength(5000)
  expect(known.find((f) => f.name === 'Feature 4999')).toMatchObject({
    version: 2,
    rules: [{ kind: 'exact', value: 'feature.4999' }],
  })
})

test('a list changes what it says, whatever the case of the name, and leaves the rest of a feature as it is', async () => {
  await app.perform(applyFeatures, w.as.admin, { features: [{ ...one('Search', 'search'), owner: 'Search team' }] })
  await app.perform(applyFeatures, w.as.admin, {
    features: [
      { ...one('SEARCH', 'search.opened'), area: 'Work' },
      one('Search', 'search'),
      one('Finder', 'search.opened'),
    ],
  })
  const known = await catalogue()
  expect(known.find((f) => f.name === 'Search')).toMatchObject({
    owner: 'Search team',
    area: null,
    rules: [{ kind: 'exact', value: 'search' }],
  })
  expect(known.find((f) => f.name === 'Finder')!.rules).toEqual([{ kind: 'exact', value: 'search.opened' }])
  await expect(app.perform(applyFeatures, w.as.admin, { features: [one('Third', 'search')] })).rejects.toThrow(
    'The rule exact “search” belongs to “Search” already. Take it out there first.',
  )
})

test('a feature that was taken out comes back under its name with what it was', async () => {
  const made = (await catalogue()).find((f) => f.name === 'Search')!
  await app.perform(removeFeature, w.as.admin, { id: made.id })
  const again = await app.perform(applyFeatures, w.as.admin, { features: [one('search', 'search')] })
  expect(again).toMatchObject({ created: 0, changed: 1 })
  expect((await catalogue()).find((f) => f.id === made.id)).toMatchObject({ name: 'search', owner: 'Search team' })
})
