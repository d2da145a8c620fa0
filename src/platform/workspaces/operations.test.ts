import { afterAll, beforeAll, expect, test } from 'vitest'
import { testApp, type TestApp, type TestWorkspace } from '../../../tests/support/app.ts'
import { createWorkspace, getSession, getWorkspace, renameWorkspace } from './operations.ts'

let app: TestApp
let workspace: TestWorkspace
beforeAll(async () => {
  app = await testApp()
  workspace = await app.workspace({ currency: 'USD' })
})
afterAll(() => app.close())

test('who makes a workspace is its admin, and the same name makes another workspace', async () => {
  const owner = { actor: { ...workspace.as.leader.actor!, isOwner: true }, workspace: null }
  const first = await app.perform(createWorkspace, owner, { name: 'Example company', currency: 'CHF' })
  const second = await app.perform(createWorkspace, owner, { name: 'Example company' })
  expect([first.slug, second.slug]).toEqual(['example-company', 'example-company-2'])
  const { person, workspaces } = await app.perform(getSession, owner)
  expect(person).toMatchObject({ email: owner.actor.email, isOwner: true })
  expect(workspaces.map(({ slug, role, currency }) => [slug, role, currency])).toEqual([
    ['example-company', 'admin', 'CHF'],
    ['example-company-2', 'admin', 'EUR'],
    [workspace.slug, 'leader', 'USD'],
  ])
  expect(workspaces[2]!.permissions).toEqual([...app.services.rooms.rights.get('leader')!])
})

test('nobody signed in is told nothing of any workspace', async () => {
  expect(await app.perform(getSession, { actor: null, workspace: workspace.slug })).toEqual({
    person: null,
    workspaces: [],
  })
})

test('of two who rename at once the second is told that it changed meanwhile', async () => {
  const { version } = await app.perform(getWorkspace, workspace.as.stakeholder)
  const rename = (name: string) =>
    app.perform(renameWorkspace, workspace.as.admin, { name, version }).then(
      () => name,
      (error: unknown) => error,
    )
  const ends = await Promise.all(['One', 'Two'].map(rename))
  const [winner] = ends.filter((end) => typeof end === 'string')
  expect(ends.find((end) => typeof end !== 'string')).toMatchObject({ code: 'conflict' })
  expect(await app.perform(getWorkspace, workspace.as.stakeholder)).toMatchObject({
    name: winner,
    version: version + 1,
    currency: 'USD',
  })
})
