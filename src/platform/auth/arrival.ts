/** What a sign-in by the provider means for memberships: invitations to that address, and roles by group. */
import { insertAudit } from '../audit/queries.ts'
import type { Db } from '../db/database.ts'
import type { Log } from '../log.ts'
import { notifyLive } from '../live/queries.ts'
import type { Actor } from '../operation.ts'
import {
  acceptInvitation,
  adminsForUpdate,
  findPerson,
  invitationsFor,
  membershipsOf,
  removalsOf,
  removeMember,
  setRole,
} from '../people/queries.ts'
import { proveScope } from '../scope.ts'
import { addMember, findWorkspaceBySlug } from '../workspaces/queries.ts'
import { changesByGroups, rolesByGroups, type RoleChange } from './group-roles.ts'
import type { SingleSignOn } from './single-sign-on.ts'

export interface Arrival {
  email: string
  isVerified: boolean
  groups: readonly string[]
}

/** Whether an unknown person may come in at all: by an invitation to their address, or by a group where the operator allows that. */
export async function mayArrive(db: Db, provider: SingleSignOn, arrival: Arrival, now: Date): Promise<boolean> {
  if (!arrival.isVerified) return false
  if (provider.joinsByGroup && rolesByGroups(provider.roles, arrival.groups).size > 0) return true
  return (await invitationsFor(db, arrival.email, now)).length > 0
}

/** Before each session that the provider opens; all of it or nothing. */
export async function settleArrival(
  tx: Db,
  {
    provider,
    arrival,
    userId,
    now,
    log,
  }: { provider: SingleSignOn; arrival: Arrival; userId: string; now: Date; log: Log },
): Promise<void> {
  const person = await findPerson(tx, userId)
  if (!person) return
  const actor: Actor = { userId, ...person, face: 'web', isOwner: false, mayReadPaths: false }
  const record = async (workspaceId: string, operation: string, target: string) => {
    await insertAudit(tx, { at: now, workspaceId, actor, operation, outcome: 'done', target })
    await notifyLive(tx, workspaceId, ['people'])
  }
  if (arrival.isVerified)
    for (const invitation of await invitationsFor(tx, arrival.email, now)) {
      const subject = { kind: 'invitation', id: invitation.id }
      if (!(await acceptInvitation(tx, { workspaceId: invitation.workspaceId, subject }, now))) continue
      await addMember(tx, { workspaceId: invitation.workspaceId, userId, role: invitation.role, joinedAt: now })
      await record(invitation.workspaceId, 'people.acceptInvitation', `${arrival.email} as ${invitation.role}`)
    }
  const changes = changesByGroups(
    provider.roles,
    arrival.groups,
    await membershipsOf(tx, userId),
    await removalsOf(tx, userId),
  )
  for (const change of changes) {
    const workspace = await findWorkspaceBySlug(tx, change.workspace)
    if (!workspace) {
      log.warn(`sign-on: a group gives a role in “${change.workspace}”, and there is no such workspace`)
      continue
    }
    if (await applyChange(tx, workspace.id, userId, change, now))
      await record(workspace.id, `people.${change.kind}ByGroup`, `${arrival.email} as ${change.role}`)
    else log.warn(`sign-on: ${arrival.email} stays the only admin of “${change.workspace}”, whatever the groups say`)
  }
}

/** @returns false where it would leave the workspace without an admin */
async function applyChange(
  tx: Db,
  workspaceId: string,
  userId: string,
  change: RoleChange,
  now: Date,
): Promise<boolean> {
  // The operator names group and workspace in the configuration.
  const scope = proveScope({ workspaceId })
  if (change.kind === 'join') {
    await addMember(tx, { workspaceId, userId, role: change.role, joinedAt: now, isByGroup: true })
    return true
  }
  const admins = await adminsForUpdate(tx, scope)
  const isOnlyAdmin = admins.length === 1 && admins[0] === userId
  if (isOnlyAdmin && (change.kind === 'leave' || change.role !== 'admin')) return false
  return change.kind === 'leave'
    ? removeMember(tx, scope, userId)
    : setRole(tx, scope, userId, change.role, { isByGroup: true })
}
