import { z } from 'zod'
import { PersonId } from '../field-types.ts'
import { roles } from '../auth/permissions.ts'
import { notFound, precondition } from '../errors.ts'
import { hashToken, newId, newToken } from '../ids.ts'
import { operation } from '../operation.ts'
import {
  adminsForUpdate,
  deleteInvitation,
  insertInvitation,
  listPeople,
  openInvitations,
  removeMember,
  setRole,
} from './queries.ts'

const RoleName = z.enum(roles)
const invitationDays = 7

export const listPeopleOperation = operation({
  name: 'people.list',
  summary: 'The people of the workspace and the open invitations',
  kind: 'read',
  may: 'workspace:admin',
  input: z.object({}),
  output: z.object({
    people: z.array(
      z.object({ userId: z.string(), name: z.string(), email: z.string(), role: RoleName, joinedAt: z.string() }),
    ),
    invitations: z.array(
      z.object({ id: z.string(), email: z.string(), role: RoleName, expiresAt: z.string(), isExpired: z.boolean() }),
    ),
  }),
  example: () => ({}),
  async run({ db, scope, now }) {
    const people = await listPeople(db, scope)
    const invitations = await openInvitations(db, scope)
    return {
      people: people.map((p) => ({ ...p, joinedAt: p.joinedAt.toISOString() })),
      invitations: invitations.map((i) => ({
        id: i.id,
        email: i.email,
        role: i.role,
        expiresAt: i.expiresAt.toISOString(),
        isExpired: i.expiresAt <= now(),
      })),
    }
  },
})

export const listColleagues = operation({
  name: 'people.colleagues',
  summary: 'Names and roles of the people of the workspace',
  kind: 'read',
  may: 'workspace:read',
  input: z.object({}),
  output: z.object({ rows: z.array(z.object({ userId: z.string(), name: z.string(), role: RoleName })) }),
  example: () => ({}),
  async run({ db, scope }) {
    return { rows: (await listPeople(db, scope)).map(({ userId, name, role }) => ({ userId, name, role })) }
  },
})

export const invitePerson = operation({
  name: 'people.invite',
  summary: 'Invite a person by a link that works once',
  kind: 'write',
  may: 'workspace:admin',
  input: z.object({ email: z.email().max(254), role: RoleName }),
  output: z.object({ id: z.string(), link: z.string(), expiresAt: z.string() }),
  example: () => ({ email: 'new.person@example.com', role: 'product-manager' as const }),
  target: (input) => `${input.email} as ${input.role}`,
  async run({ db, scope, actor, now, services, emit }, { email: given, role }) {
    const email = given.toLowerCase()
    const token = newToken()
    const expiresAt = new Date(now().getTime() + invitationDays * 86_400_000)
    const id = newId(now().getTime())
    await insertInvitation(db, {
      id,
      workspaceId: scope.workspaceId,
      email,
      role,
      tokenHash: hashToken(token),
      invitedBy: actor.userId,
      createdAt: now(),
      expiresAt,
    })
    emit('people')
    return { id, link: `${services.baseUrl()}/invitation?token=${token}`, expiresAt: expiresAt.toISOString() }
  },
})

export const withdrawInvitation = operation({
  name: 'people.withdrawInvitation',
  summary: 'Make an open invitation’s link useless',
  kind: 'write',
  may: 'workspace:admin',
  input: z.object({ id: z.uuid() }),
  output: z.object({}),
  example: (f) => ({ id: f['invitationId']! }),
  target: (input) => input.id,
  async run({ db, scope, emit }, { id }) {
    if (!(await deleteInvitation(db, scope, id))) throw notFound('open invitation', id)
    emit('people')
    return {}
  },
})

export const changeRole = operation({
  name: 'people.changeRole',
  summary: 'Give a person another role',
  kind: 'write',
  may: 'workspace:admin',
  input: z.object({ userId: PersonId, role: RoleName }),
  output: z.object({}),
  example: (f) => ({ userId: f['otherUserId']!, role: 'leader' as const }),
  target: (input) => `${input.userId} to ${input.role}`,
  async run({ db, scope, emit }, { userId, role }) {
    const admins = await adminsForUpdate(db, scope)
    if (role !== 'admin' && admins.length === 1 && admins[0] === userId)
      throw precondition('This is the only admin of the workspace. Make somebody else an admin first.')
    if (!(await setRole(db, scope, userId, role))) throw notFound('person', userId)
    emit('people')
    return {}
  },
})

export const removePerson = operation({
  name: 'people.remove',
  summary: 'Take a person out of the workspace',
  kind: 'write',
  may: 'workspace:admin',
  input: z.object({ userId: PersonId }),
  output: z.object({}),
  example: (f) => ({ userId: f['otherUserId']! }),
  target: (input) => input.userId,
  async run({ db, scope, emit }, { userId }) {
    const admins = await adminsForUpdate(db, scope)
    if (admins.length === 1 && admins[0] === userId)
      throw precondition('This is the only admin of the workspace. Make somebody else an admin first.')
    if (!(await removeMember(db, scope, userId))) throw notFound('person', userId)
    emit('people')
    return {}
  },
})
