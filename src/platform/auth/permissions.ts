/** Who may do what: one table from role to permissions, read by `perform` and by the web's menus. */
export const roles = ['admin', 'product-ops', 'product-manager', 'leader', 'stakeholder'] as const
export type Role = (typeof roles)[number]

export const roleNames: Record<Role, string> = {
  admin: 'Admin',
  'product-ops': 'Product Ops',
  'product-manager': 'Product manager',
  leader: 'Leader',
  stakeholder: 'Stakeholder',
}

export const permissions = [
  'workspace:read', // name, currency, own jobs
  'workspace:admin', // people, roles, settings
  'audit:read',
  'insights:read', // aggregates: rates, ARR by segment, definitions
  'insights:accounts', // account names, owners, drill-down and their export
  'insights:edit', // imports, features, crosswalk, exclusions
] as const
export type Permission = (typeof permissions)[number]

const everyone: Permission[] = ['workspace:read', 'insights:read']
const insiders: Permission[] = [...everyone, 'insights:accounts']

export const permissionsOf: Record<Role, readonly Permission[]> = {
  admin: permissions,
  'product-ops': [...insiders, 'insights:edit', 'audit:read'],
  'product-manager': insiders,
  leader: insiders,
  stakeholder: everyone,
}

export const isAllowed = (role: Role, permission: Permission): boolean => permissionsOf[role].includes(permission)
