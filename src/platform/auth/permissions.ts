/** Who may do what: one table from role to permissions, read by `perform` and by the web's menus. */
export const roles = ['admin', 'product-ops', 'product-manager', 'leader', 'stakeholder'] as const
export type Role = (typeof roles)[number]

export const permissions = [
  'workspace:read', // name, currency, own jobs
  'workspace:admin', // people, roles, settings
  'audit:read',
  'shared:read', // what was shared with the person, and what its numbers mean
  'insights:read', // aggregates: rates, ARR by segment
  'insights:accounts', // account names, owners, drill-down and their export
  'insights:curate', // pin, annotate, assign and dismiss what stands out; share views
  'insights:edit', // imports, features, crosswalk, exclusions
  'decisions:read',
  'decisions:prepare', // write a draft and name who is to decide
  'decisions:decide', // take it and revisit it: product managers alone, whoever else may do everything
  'requests:ask',
  'requests:answer',
  'setup:read', // what the tour found, the charter, the quick wins
  'setup:edit', // waves, charter, first hire, quick wins
  'setup:choose', // the pillar to begin with, in one's own name
] as const
export type Permission = (typeof permissions)[number]

const everyone: Permission[] = ['workspace:read', 'shared:read', 'requests:ask']
const insiders: Permission[] = [
  ...everyone,
  'insights:read',
  'insights:accounts',
  'insights:curate',
  'decisions:read',
  'setup:read',
]

export const permissionsOf: Record<Role, readonly Permission[]> = {
  admin: permissions.filter((permission) => permission !== 'decisions:decide'),
  'product-ops': [...insiders, 'insights:edit', 'audit:read', 'decisions:prepare', 'requests:answer', 'setup:edit'],
  'product-manager': [...insiders, 'decisions:prepare', 'decisions:decide'],
  leader: [...insiders, 'setup:edit', 'setup:choose'],
  stakeholder: everyone,
}

export const isAllowed = (role: Role, permission: Permission): boolean => permissionsOf[role].includes(permission)
