/** Who may do what: from role to permissions, read by `perform` and by the web's menus. Rooms above bring their own (`rooms/room.ts`). */
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
] as const
type Own = (typeof permissions)[number]
/** Of this table, or of a room: `market:edit`. One that nobody declares keeps the product from starting. */
export type Permission = Own | `${string}:${string}`

const everyone: Own[] = ['workspace:read', 'shared:read', 'requests:ask']
const insiders: Own[] = [...everyone, 'insights:read', 'insights:accounts', 'insights:curate', 'decisions:read']

export const permissionsOf: Record<Role, readonly Own[]> = {
  admin: permissions.filter((permission) => permission !== 'decisions:decide'),
  'product-ops': [...insiders, 'insights:edit', 'audit:read', 'decisions:prepare', 'requests:answer'],
  'product-manager': [...insiders, 'decisions:prepare', 'decisions:decide'],
  leader: insiders,
  stakeholder: everyone,
}

/** Of this table alone; what rooms bring is in the scope of who asks. */
export const isAllowed = (role: Role, permission: Own): boolean => permissionsOf[role].includes(permission)

/** By role, all that is declared anywhere. */
export type Rights = ReadonlyMap<Role, ReadonlySet<string>>
