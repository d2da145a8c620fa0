/** Whose rows a query may touch. */
import type { Permission, Role } from './auth/permissions.ts'

declare const proven: unique symbol

/** A workspace that the caller may work in. Queries take one; only `perform`, the job runner and the server's own rounds over all workspaces make one. */
export interface Scope {
  readonly workspaceId: string
  readonly [proven]: true
}

/** The scope of a person who was shown to be a member. */
export interface MemberScope extends Scope {
  readonly slug: string
  readonly role: Role
  /** What the role may, rooms' own permissions included. */
  readonly may: (permission: Permission) => boolean
}

/** The only way to a scope: what calls it has proven who asks, or works for no person. `tests/architecture.test.ts` lists the callers. */
export const proveScope = <S extends { workspaceId: string }>(scope: S): S & Scope => scope as S & Scope
