import { afterAll, beforeAll, expect, test } from 'vitest'
import { testApp, type TestApp, type TestWorkspace } from '../../../tests/support/app.ts'
import { linkThings, listLinksOf, unlinkThings } from './queries.ts'
import { scopeOf } from '../../../tests/support/scope.ts'

let app: TestApp
let own: TestWorkspace
let other: TestWorkspace
beforeAll(async () => {
  app = await testApp()
  own = await app.workspace()
  other = await app.workspace()
})
afterAll(() => app.close())

const at = new Date('2026-03-01T09:00:00Z')
const a = { kind: 'plan', id: 'a' }
const b = { kind: 'note', id: "b'; --" }
const c = { kind: 'note', id: 'c' }
const link = (from: typeof a, to: typeof a, workspace = own) =>
  linkThings(app.services.db, scopeOf(workspace.id), { from, relation: 'rests-on', to, by: 'x', at })
const linksOf = async (thing: typeof a, workspace = own) =>
  (await listLinksOf(app.services.db, scopeOf(workspace.id), thing)).map((j) => [j.direction, j.relation, j.thing])

test('a link is read from both of its ends, once however often it is made, and by no other workspace', async () => {
  await link(a, b)
  await link(a, b)
  await link(c, a)
  expect(await linksOf(a)).toEqual([
    ['to', 'rests-on', b],
    ['from', 'rests-on', c],
  ])
  expect(await linksOf(b)).toEqual([['from', 'rests-on', a]])
  expect(await linksOf(a, other)).toEqual([])
})

test('a link is taken back in its own workspace alone, and the others of its ends stay', async () => {
  await link(a, b, other)
  await unlinkThings(app.services.db, scopeOf(own.id), { from: a, relation: 'rests-on', to: b })
  expect(await linksOf(a)).toEqual([['from', 'rests-on', c]])
  expect([await linksOf(b), await linksOf(b, other)]).toEqual([[], [['from', 'rests-on', a]]])
})
