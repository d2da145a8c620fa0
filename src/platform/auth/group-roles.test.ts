import { expect, test } from 'vitest'
import { changesByGroups, groupsIn, rolesByGroups, type GroupRole } from './group-roles.ts'

const mapping: GroupRole[] = [
  { group: 'everyone', workspace: 'acme', role: 'stakeholder' },
  { group: 'CN=PMs,OU=Product', workspace: 'acme', role: 'product-manager' },
  { group: 'ops', workspace: 'acme', role: 'product-ops' },
  { group: 'ops', workspace: 'lab', role: 'admin' },
]

test('of several groups the first in the order of roles counts, in each workspace by itself', () => {
  expect([...rolesByGroups(mapping, ['everyone', 'ops', 'CN=PMs,OU=Product'])]).toEqual([
    ['acme', 'product-ops'],
    ['lab', 'admin'],
  ])
  expect(rolesByGroups(mapping, ['EVERYONE']).size).toBe(0)
})

test('a group lets in, and sets the role of who is in', () => {
  expect(changesByGroups(mapping, ['everyone'], [], [])).toEqual([
    { kind: 'join', workspace: 'acme', role: 'stakeholder' },
  ])
  expect(changesByGroups(mapping, ['ops'], [{ workspace: 'acme', role: 'leader', byGroup: true }], ['lab'])).toEqual([
    { kind: 'change', workspace: 'acme', role: 'product-ops' },
  ])
  expect(
    changesByGroups(mapping, ['everyone'], [{ workspace: 'acme', role: 'stakeholder', byGroup: true }], []),
  ).toEqual([])
})

test('what a group gave goes with it, what a person gave stays', () => {
  const held = [
    { workspace: 'acme', role: 'leader', byGroup: true },
    { workspace: 'lab', role: 'leader', byGroup: false },
  ] as const
  expect(changesByGroups(mapping, [], held, [])).toEqual([{ kind: 'leave', workspace: 'acme', role: 'leader' }])
})

test('who was taken out by an admin is not brought back by a group', () => {
  expect(changesByGroups(mapping, ['everyone'], [], ['acme'])).toEqual([])
})

test('groups are read from a list, from a single name and from within other claims; what is no text is left out', () => {
  expect(groupsIn({ groups: ['a', 1, null, 'b', ''] }, 'groups')).toEqual(['a', 'b'])
  expect(groupsIn({ groups: 'a' }, 'groups')).toEqual(['a'])
  expect(groupsIn({ realm_access: { roles: ['a'] } }, 'realm_access.roles')).toEqual(['a'])
  expect(groupsIn({ 'https://acme.example/groups': ['a'] }, 'https://acme.example/groups')).toEqual(['a'])
  expect(groupsIn({}, 'groups')).toEqual([])
})

test('groups that the provider holds back because they are too many are not taken for none', () => {
  expect(groupsIn({ _claim_names: { groups: 'src1' } }, 'groups')).toBeNull()
})
