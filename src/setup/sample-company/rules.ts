import { roles, type Role } from '../../platform/auth/permissions.ts'

/**
 * As what a person looks at the sample company: as what they are elsewhere, the first in the order of roles where they
 * are several. Many look at it together, so that only who set the installation up is an admin of it.
 * @param held the person's roles in the workspaces of the company itself
 * @returns null for somebody who belongs to none: being signed in is no invitation
 */
export function sampleRole(isOwner: boolean, held: readonly Role[]): Role | null {
  if (isOwner) return 'admin'
  const first = roles.find((role) => held.includes(role))
  return first === 'admin' ? 'product-ops' : (first ?? null)
}
