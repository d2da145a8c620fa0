import type { Db } from '../db/database.ts'
import type { Role } from '../auth/permissions.ts'
import type { LinkScope } from '../link-tokens/scope.ts'
import type { Scope } from '../scope.ts'

export interface Person {
  userId: string
  name: string
  email: string
  role: Role
  joinedAt: Date
  /** Set by a group of the sign-on provider, and set again at each sign-in. */
  isByGroup: boolean
}

export async function listPeople(db: Db, scope: Scope): Promise<Person[]> {
  return db
    .selectFrom('member')
    .innerJoin('auth_user', 'auth_user.id', 'member.user_id')
    .where('member.workspace_id', '=', scope.workspaceId)
    .select([
      'member.user_id as userId',
      'auth_user.name',
      'auth_user.email',
      'member.role',
      'member.joined_at as joinedAt',
      'member.by_group as isByGroup',
    ])
    .orderBy('auth_user.name')
    .execute()
}

export async function findPerson(db: Db, userId: string): Promise<{ name: string; email: string } | null> {
  return (
    (await db.selectFrom('auth_user').select(['name', 'email']).where('id', '=', userId).executeTakeFirst()) ?? null
  )
}

/** Of people who are here or were. */
export async function namesOfPeople(db: Db, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('auth_user')
    .where('id', 'in', [...new Set(ids)])
    .select(['id', 'name'])
    .execute()
  return new Map(rows.map((row) => [row.id, row.name]))
}

export async function listPeopleInRoles(
  db: Db,
  scope: Scope,
  roles: readonly Role[],
): Promise<{ id: string; name: string }[]> {
  return db
    .selectFrom('member')
    .innerJoin('auth_user', 'auth_user.id', 'member.user_id')
    .where('member.workspace_id', '=', scope.workspaceId)
    .where('member.role', 'in', roles)
    .select(['auth_user.id', 'auth_user.name'])
    .orderBy('auth_user.name')
    .execute()
}

export async function setRole(
  db: Db,
  scope: Scope,
  userId: string,
  role: Role,
  { isByGroup = false }: { isByGroup?: boolean } = {},
): Promise<boolean> {
  const result = await db
    .updateTable('member')
    .set({ role, by_group: isByGroup })
    .where('workspace_id', '=', scope.workspaceId)
    .where('user_id', '=', userId)
    .executeTakeFirst()
  return Number(result.numUpdatedRows) > 0
}

export async function removeMember(db: Db, scope: Scope, userId: string): Promise<boolean> {
  const result = await db
    .deleteFrom('member')
    .where('workspace_id', '=', scope.workspaceId)
    .where('user_id', '=', userId)
    .executeTakeFirst()
  return Number(result.numDeletedRows) > 0
}

/** Kept until an invitation brings them back: neither the sample company's open door nor a group does. */
export async function insertRemoval(
  db: Db,
  scope: Scope,
  removal: { userId: string; removedBy: string; at: Date },
): Promise<void> {
  const change = { removed_by: removal.removedBy, removed_at: removal.at }
  await db
    .insertInto('member_removal')
    .values({ workspace_id: scope.workspaceId, user_id: removal.userId, ...change })
    .onConflict((c) => c.columns(['workspace_id', 'user_id']).doUpdateSet(change))
    .execute()
}

export async function wasRemoved(db: Db, workspaceId: string, userId: string): Promise<boolean> {
  const row = await db
    .selectFrom('member_removal')
    .select('user_id')
    .where('workspace_id', '=', workspaceId)
    .where('user_id', '=', userId)
    .executeTakeFirst()
  return row !== undefined
}

/** @returns the short names of the workspaces that the person was taken out of */
export async function removalsOf(db: Db, userId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('member_removal')
    .innerJoin('workspace', 'workspace.id', 'member_removal.workspace_id')
    .where('user_id', '=', userId)
    .select('workspace.slug')
    .execute()
  return rows.map((row) => row.slug)
}

export async function membershipsOf(
  db: Db,
  userId: string,
): Promise<{ workspace: string; kind: 'own' | 'sample'; role: Role; byGroup: boolean }[]> {
  return db
    .selectFrom('member')
    .innerJoin('workspace', 'workspace.id', 'member.workspace_id')
    .where('member.user_id', '=', userId)
    .select(['workspace.slug as workspace', 'workspace.kind', 'member.role', 'member.by_group as byGroup'])
    .execute()
}

/** Locks the admins' rows, so that two admins who step down at once cannot leave none. */
export async function adminsForUpdate(db: Db, scope: Scope): Promise<string[]> {
  const rows = await db
    .selectFrom('member')
    .select('user_id')
    .where('workspace_id', '=', scope.workspaceId)
    .where('role', '=', 'admin')
    .forUpdate()
    .execute()
  return rows.map((row) => row.user_id)
}

export interface Invitation {
  id: string
  workspaceId: string
  email: string
  role: Role
  expiresAt: Date
  acceptedAt: Date | null
}

export async function insertInvitation(
  db: Db,
  invitation: {
    id: string
    workspaceId: string
    email: string
    role: Role
    invitedBy: string
    createdAt: Date
    expiresAt: Date
  },
): Promise<void> {
  await db
    .insertInto('invitation')
    .values({
      id: invitation.id,
      workspace_id: invitation.workspaceId,
      email: invitation.email,
      role: invitation.role,
      invited_by: invitation.invitedBy,
      created_at: invitation.createdAt,
      expires_at: invitation.expiresAt,
      accepted_at: null,
    })
    .execute()
}

export async function openInvitations(db: Db, scope: Scope): Promise<Omit<Invitation, 'workspaceId'>[]> {
  return db
    .selectFrom('invitation')
    .where('workspace_id', '=', scope.workspaceId)
    .where('accepted_at', 'is', null)
    .select(['id', 'email', 'role', 'expires_at as expiresAt', 'accepted_at as acceptedAt'])
    .orderBy('created_at', 'desc')
    .execute()
}

export async function deleteInvitation(db: Db, scope: Scope, id: string): Promise<boolean> {
  const result = await db
    .deleteFrom('invitation')
    .where('workspace_id', '=', scope.workspaceId)
    .where('id', '=', id)
    .where('accepted_at', 'is', null)
    .executeTakeFirst()
  return Number(result.numDeletedRows) > 0
}

/** Open invitations to the address that a person signs in by. @returns their ids */
export async function deleteInvitationsOf(db: Db, scope: Scope, userId: string): Promise<string[]> {
  const rows = await db
    .deleteFrom('invitation')
    .where('workspace_id', '=', scope.workspaceId)
    .where('accepted_at', 'is', null)
    .where('email', '=', (e) => e.selectFrom('auth_user').select('email').where('id', '=', userId))
    .returning('id')
    .execute()
  return rows.map((row) => row.id)
}

/** The open invitation that a link leads to, with its workspace's name. */
export async function findInvitation(
  db: Db,
  link: LinkScope,
): Promise<(Invitation & { workspaceName: string }) | null> {
  const row = await db
    .selectFrom('invitation')
    .innerJoin('workspace', 'workspace.id', 'invitation.workspace_id')
    .where('invitation.workspace_id', '=', link.workspaceId)
    .where('invitation.id', '=', link.subject.id)
    .where('accepted_at', 'is', null)
    .select([
      'invitation.id',
      'workspace_id as workspaceId',
      'email',
      'role',
      'expires_at as expiresAt',
      'accepted_at as acceptedAt',
      'workspace.name as workspaceName',
    ])
    .executeTakeFirst()
  return row ?? null
}

export async function invitationsFor(
  db: Db,
  email: string,
  now: Date,
): Promise<{ id: string; workspaceId: string; role: Role }[]> {
  return db
    .selectFrom('invitation')
    .where('email', '=', email)
    .where('accepted_at', 'is', null)
    .where('expires_at', '>', now)
    .select(['id', 'workspace_id as workspaceId', 'role'])
    .orderBy('created_at')
    .execute()
}

/** @returns whether the invitation was still open: a link works once */
export async function acceptInvitation(
  db: Db,
  { workspaceId, subject }: Pick<LinkScope, 'workspaceId' | 'subject'>,
  at: Date,
): Promise<boolean> {
  const result = await db
    .updateTable('invitation')
    .set({ accepted_at: at })
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', subject.id)
    .where('accepted_at', 'is', null)
    .executeTakeFirst()
  return Number(result.numUpdatedRows) > 0
}

export async function installation(
  db: Db,
): Promise<{ setupTokenHash: string | null; setupExpiresAt: Date | null; ownerUserId: string | null }> {
  const row = await db.selectFrom('installation').selectAll().where('id', '=', 1).executeTakeFirstOrThrow()
  return { setupTokenHash: row.setup_token_hash, setupExpiresAt: row.setup_expires_at, ownerUserId: row.owner_user_id }
}

export async function setSetupToken(db: Db, tokenHash: string, expiresAt: Date): Promise<void> {
  await db
    .updateTable('installation')
    .set({ setup_token_hash: tokenHash, setup_expires_at: expiresAt })
    .where('id', '=', 1)
    .where('owner_user_id', 'is', null)
    .execute()
}

/** @returns whether nobody was owner before: the setup link works once */
export async function claimInstallation(db: Db, userId: string): Promise<boolean> {
  const result = await db
    .updateTable('installation')
    .set({ owner_user_id: userId, setup_token_hash: null, setup_expires_at: null })
    .where('id', '=', 1)
    .where('owner_user_id', 'is', null)
    .executeTakeFirst()
  return Number(result.numUpdatedRows) > 0
}

export interface TokenOwner {
  userId: string
  name: string
  email: string
  mayReadPaths: boolean
}

export async function findToken(db: Db, tokenHash: string): Promise<TokenOwner | null> {
  const row = await db
    .selectFrom('access_token')
    .innerJoin('auth_user', 'auth_user.id', 'access_token.user_id')
    .where('token_hash', '=', tokenHash)
    .select([
      'access_token.user_id as userId',
      'auth_user.name',
      'auth_user.email',
      'access_token.may_read_paths as mayReadPaths',
    ])
    .executeTakeFirst()
  return row ?? null
}

export async function insertToken(
  db: Db,
  token: { id: string; userId: string; name: string; tokenHash: string; mayReadPaths: boolean; createdAt: Date },
): Promise<void> {
  await db
    .insertInto('access_token')
    .values({
      id: token.id,
      user_id: token.userId,
      name: token.name,
      token_hash: token.tokenHash,
      may_read_paths: token.mayReadPaths,
      created_at: token.createdAt,
      last_used_at: null,
    })
    .execute()
}
