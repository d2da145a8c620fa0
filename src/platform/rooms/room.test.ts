import { expect, test } from 'vitest'
import { z } from 'zod'
import { operation } from '../operation.ts'
import { compose, type Room } from './room.ts'
import type { Shareable } from './shareable.ts'

const ask = operation({
  name: 'market.list',
  summary: 'x',
  kind: 'read',
  may: 'market:read',
  input: z.object({}),
  output: z.object({}),
  example: () => ({}),
  run: async () => ({}),
})
const market = (more: Partial<Room> = {}): Room => ({
  name: 'market',
  operations: [ask],
  permissions: { 'market:read': ['admin', 'leader'] },
  ...more,
})

test('a room brings permissions of its own, each with the roles that have it', () => {
  const { rights } = compose([market()])
  expect(['admin', 'leader', 'stakeholder'].map((role) => rights.get(role as 'admin')!.has('market:read'))).toEqual([
    true,
    true,
    false,
  ])
  expect(rights.get('leader')!.has('insights:read')).toBe(true)
})

test.each([
  ['a permission that nobody declares', [market({ permissions: {} })], 'market:read'],
  [
    'a permission that is declared twice',
    [market(), { name: 'x', operations: [], permissions: { 'audit:read': [] } }],
    'audit:read',
  ],
  ['an operation twice', [market(), { name: 'y', operations: [ask] }], 'market.list'],
  [
    'a page to share without a rule of withholding',
    [market({ shareables: [{ path: '/market', analyses: [ask], withholding: new Map() } as unknown as Shareable] })],
    'withheld',
  ],
  [
    'a follower of the refresh that no room brings',
    [market({ afterRefresh: [{ kind: 'market.tell', isNeeded: null }] })],
    'market.tell',
  ],
] as [string, Room[], string][])('the product does not start with %s', (_, rooms, named) => {
  expect(() => compose(rooms)).toThrow(named)
})
