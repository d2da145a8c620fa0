import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { testApp, type TestApp, type TestWorkspace } from '../../../tests/support/app.ts'
import { listPeopleOperation } from '../people/operations.ts'
import { operation } from '../operation.ts'
import { renameWorkspace } from '../workspaces/operations.ts'
import { workspaceSettings } from '../workspaces/queries.ts'
import { listAuditOperation } from './operations.ts'

let app: TestApp
let own: TestWorkspace
let other: TestWorkspace
beforeAll(async () => {
  app = await testApp()
  own = await app.workspace()
  other = await app.workspace()
})
afterAll(() => app.close())

/** A second apart, because what happens within one millisecond has no order. */
function rename(workspace: TestWorkspace, version: number) {
  app.clock.set(`2026-03-01T09:00:0${version}Z`)
  return app.perform(renameWorkspace, workspace.as.admin, { name: `Name ${version}`, version })
}
const listed = (input: z.input<typeof listAuditOperation.input> = {}) =>
  app.perform(listAuditOperation, own.as['product-ops'], input)

test('pages go through everything once, newest first, and show one workspace alone', async () => {
  for (let version = 1; version <= 7; version += 1) await rename(own, version)
  await rename(other, 1)
  const targets: (string | null)[] = []
  let cursor: string | undefined
  do {
    const page = await listed({ limit: 3, cursor })
    expect(page.rows.length).toBeLessThanOrEqual(3)
    targets.push(...page.rows.map((row) => row.target))
    cursor = page.nextCursor ?? undefined
  } while (cursor)
  expect(targets).toEqual(['Name 7', 'Name 6', 'Name 5', 'Name 4', 'Name 3', 'Name 2', 'Name 1'])
})

test('a denied try is shown with who tried, and can be asked for alone', async () => {
  await expect(app.perform(listPeopleOperation, own.as.leader)).rejects.toMatchObject({ code: 'forbidden' })
  expect((await listed({ outcome: 'denied' })).rows).toMatchObject([
    { operation: 'people.list', actor: own.as.leader.actor!.name, face: 'http', outcome: 'denied', target: null },
  ])
  expect((await listed({ operation: 'workspaces.' })).rows).toHaveLength(7)
  expect((await listed({ operation: 'workspaces_' })).rows).toEqual([])
  expect((await listed({ operation: '%' })).rows).toEqual([])
})

test('a write that fails leaves neither a change nor a row that says it was done', async () => {
  const breaks = operation({
    name: 'test.breaks',
    summary: 'Changes and then breaks',
    kind: 'write',
    may: 'workspace:admin',
    input: z.object({}),
    output: z.object({}),
    example: () => ({}),
    async run(context) {
      const known = { version: 8, given: {} }
      expect(await workspaceSettings.changeAtVersion(context, known, { name: 'Broken' }, async () => null)).toBe(9)
      throw new Error('broken')
    },
  })
  await expect(app.perform(breaks, own.as.admin)).rejects.toThrow('broken')
  expect((await listed({ operation: 'test.' })).rows).toEqual([])
  await rename(own, 8)
})

test('a sensitive read is recorded, a plain one is not', async () => {
  const read = (isSensitive: boolean) =>
    operation({
      name: isSensitive ? 'test.names' : 'test.rates',
      summary: 'Reads something',
      kind: 'read',
      may: 'insights:read',
      sensitive: isSensitive,
      input: z.object({}),
      output: z.object({}),
      example: () => ({}),
      run: async () => ({}),
    })
  await app.perform(read(true), own.as.leader)
  await app.perform(read(false), own.as.leader)
  expect((await listed({ operation: 'test.' })).rows.map((row) => row.operation)).toEqual(['test.names'])
})
