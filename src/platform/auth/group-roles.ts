/** Which role the groups of a person give them in which workspace; the operator writes the list, the sign-on provider names the groups. */
import { roles, type Role } from './permissions.ts'

export interface GroupRole {
  group: string
  /** The short name of the workspace. */
  workspace: string
  role: Role
}

export interface HeldRole {
  workspace: string
  role: Role
  byGroup: boolean
}

export interface RoleChange {
  kind: 'join' | 'change' | 'leave'
  workspace: string
  role: Role
}

/**
 * What a sign-in changes. A group that matches sets the role, the first of several in the order admin, Product Ops,
 * product manager, leader, stakeholder. What a group gave ends when none matches; what somebody gave by hand stays.
 * @param removedFrom workspaces an admin took the person out of: no group brings them back
 */
export function changesByGroups(
  mapping: readonly GroupRole[],
  groups: readonly string[],
  held: readonly HeldRole[],
  removedFrom: readonly string[],
): RoleChange[] {
  const given = rolesByGroups(mapping, groups)
  const changes: RoleChange[] = []
  for (const [workspace, role] of given) {
    const now = held.find((one) => one.workspace === workspace)
    if (!now && !removedFrom.includes(workspace)) changes.push({ kind: 'join', workspace, role })
    if (now && (now.role !== role || !now.byGroup)) changes.push({ kind: 'change', workspace, role })
  }
  for (const { workspace, role, byGroup } of held)
    if (byGroup && !given.has(workspace)) changes.push({ kind: 'leave', workspace, role })
  return changes
}

/** @returns the role in each workspace that a group of the person is named for */
export function rolesByGroups(mapping: readonly GroupRole[], groups: readonly string[]): Map<string, Role> {
  const given = new Map<string, Role>()
  for (const { group, workspace, role } of mapping) {
    if (!groups.includes(group)) continue
    const before = given.get(workspace)
    if (!before || roles.indexOf(role) < roles.indexOf(before)) given.set(workspace, role)
  }
  return given
}

/**
 * The groups in what the provider told. Names that are no text are left out; a single one may come without a list.
 * @returns null where the provider says that there are too many to send, so that nobody loses a role by that
 */
export function groupsIn(profile: Record<string, unknown>, claim: string): string[] | null {
  const elsewhere = profile['_claim_names']
  if (typeof elsewhere === 'object' && elsewhere !== null && claim in elsewhere) return null
  const told = valueAt(profile, claim)
  return (Array.isArray(told) ? told : [told]).filter((one): one is string => typeof one === 'string' && one !== '')
}

/** A claim by its name, or within others by dots: `realm_access.roles`. */
function valueAt(profile: Record<string, unknown>, claim: string): unknown {
  if (claim in profile) return profile[claim]
  let value: unknown = profile
  for (const part of claim.split('.')) {
    if (typeof value !== 'object' || value === null) return undefined
    value = (value as Record<string, unknown>)[part]
  }
  return value
}
