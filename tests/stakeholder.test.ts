/** What a stakeholder may ask at all: a new operation is refused to them unless it is named here. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { operations } from '../src/operations.ts'
import { isProductError } from '../src/platform/errors.ts'
import { testApp, type TestApp, type TestWorkspace } from './support/app.ts'

let app: TestApp
let own: TestWorkspace
beforeAll(async () => {
  app = await testApp()
  own = await app.workspace()
})
afterAll(() => app.close())

const codeOf = async (work: Promise<unknown>) => {
  try {
    await work
    return 'allowed'
  } catch (error) {
    if (isProductError(error)) return error.code
    throw error
  }
}

test('a stakeholder is refused every operation that was not made for what is shared', async () => {
  const open = operations
    .filter((op) => op.may === 'shared:read')
    .map((op) => op.name)
    .sort()
  expect(open).toEqual([
    'insights.metrics.definitions',
    'insights.views.accounts',
    'insights.views.export',
    'insights.views.list',
    'insights.views.open',
    // The charter is published to everybody.
    'setup.charter.get',
  ])
  for (const op of operations) {
    if (op.name.startsWith('insights.') && op.may !== 'shared:read')
      expect([op.name, await codeOf(app.perform(op, own.as.stakeholder, {}))]).toEqual([op.name, 'forbidden'])
  }
})
