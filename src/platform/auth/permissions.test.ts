import { expect, test } from 'vitest'
import { isAllowed, permissions, permissionsOf, roles } from './permissions.ts'

test('an admin may everything but decide for a product manager', () => {
  expect(permissionsOf.admin).toEqual(permissions.filter((permission) => permission !== 'decisions:decide'))
  expect(roles.filter((role) => isAllowed(role, 'decisions:decide'))).toEqual(['product-manager'])
})

test('everybody may read what was shared with them; aggregates are for all but stakeholders', () => {
  for (const role of roles)
    expect([
      role,
      isAllowed(role, 'workspace:read'),
      isAllowed(role, 'shared:read'),
      isAllowed(role, 'insights:read'),
    ]).toEqual([role, true, true, role !== 'stakeholder'])
  expect(permissionsOf.stakeholder).toEqual(['workspace:read', 'shared:read', 'requests:ask'])
})

test('a stakeholder sees no account by name; only admins and Product Ops change data or read the audit log', () => {
  const who = (permission: (typeof permissions)[number]) => roles.filter((role) => isAllowed(role, permission))
  expect(who('insights:accounts')).toEqual(['admin', 'product-ops', 'product-manager', 'leader'])
  expect(who('insights:edit')).toEqual(['admin', 'product-ops'])
  expect(who('audit:read')).toEqual(['admin', 'product-ops'])
  expect(who('workspace:admin')).toEqual(['admin'])
})
