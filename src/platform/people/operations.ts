import { z } from 'zod'
import { PersonId } from '../field-types.ts'
import { roles } from '../auth/permissions.ts'
import { notFound, precondition } from '../errors.ts'
import { newId } from '../ids.ts'
import { operation, type WorkspaceContext } from '../operation.ts'
import { writeMessage } from '../outbox/writing.ts'
import { findWorkspace } from '../workspaces/queries.ts'
import { invitationMail } from './rules.ts'
import { makeLink } from '../link-tokens/making.ts'
import { revokeLinks } from '../link-tokens/queries.ts'
import {
  adminsForUpdate,
  deleteInvitation,
  deleteInvitationsOf,
  insertInvitation,
  insertRemoval,
  listPeople,
  openInvitations,
  removeMember,
  setRole,
} from './queries.ts'

const RoleName = z.enum(roles)
const invitationDays = 7
export const invitationSubject = (id: string) => ({ kind: 'invitation', id })
export const invitationPurpose = 'invitation'

export const listPeopleOperation = operation({
  name: 'people.list',
  summary: 'The people of the workspace and the open invitations',
  kind: 'read',
  may: 'workspace:admin',
  restsOn: [],
  input: z.object({}),
  output: z.object({
    people: z.array(
      z.object({
        userId: z.string(),
        name: z.string(),
        email: z.string(),
        role: RoleName,
        joinedAt: z.string(),
        isByGroup: z.boolean(),
      }),
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
  restsOn: [],
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
  output: z.object({
    id: z.string(),
    link: z.string(),
    expiresAt: z.string(),
    mail: z
      .enum(['queued', 'held', 'none'])
      .describe('whether the link goes out by mail; none where no mail server is set up'),
  }),
  example: () => ({ email: 'new.person@example.com', role: 'product-manager' as const }),
  target: (input) => `${input.email} as ${input.role}`,
  async run(context, { email: given, role }) {
    const { db, scope, actor, now, services } = context
    const email = given.toLowerCase()
    const expiresAt = new Date(now().getTime() + invitationDays * 86_400_000)
    const id = newId(now().getTime())
    await insertInvitation(db, {
      id,
      workspaceId: scope.workspaceId,
      email,
      role,
      invitedBy: actor.userId,
      createdAt: now(),
      expiresAt,
    })
    const { address: link } = await makeLink(context, {
      purpose: invitationPurpose,
      subject: invitationSubject(id),
      expiresAt,
      mostUses: 1,
      createdBy: actor.userId,
    })
    const mail = services.mail.isSetUp
      ? await mailInvitation(context, { id, email, role, link, expiresAt })
      : ('none' as const)
    return { id, link, expiresAt: expiresAt.toISOString(), mail }
  },
})

/** The mail with the link: it has no other text than what the person is invited to. */
async function mailInvitation(
  context: WorkspaceContext,
  to: { id: string; email: string; role: string; link: string; expiresAt: Date },
): Promise<'queued' | 'held'> {
  const { db, scope, actor } = context
  const workspace = (await findWorkspace(db, scope.workspaceId))?.name ?? scope.slug
  const message = await writeMessage(context, {
    key: `invitation ${to.id}`,
    purpose: invitationPurpose,
    about: invitationSubject(to.id),
    permission: 'workspace:admin',
    topic: 'people',
    createdBy: actor.userId,
    content: { channel: 'mail', to: to.email, ...invitationMail({ ...to, workspace, from: actor.name }) },
  })
  return message.state === 'held' ? 'held' : 'queued'
}

export const withdrawInvitation = operation({
  name: 'people.withdrawInvitation',
  summary: 'Make an open invitation’s link useless',
  kind: 'write',
  may: 'workspace:admin',
  input: z.object({ id: z.uuid() }),
  output: z.object({}),
  example: (f) => ({ id: f['invitationId']! }),
  target: (input) => input.id,
  async run({ db, scope, now }, { id }) {
    if (!(await deleteInvitation(db, scope, id))) throw notFound('open invitation', id)
    await revokeLinks(db, scope, { subject: invitationSubject(id) }, now())
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
  async run({ db, scope }, { userId, role }) {
    const admins = await adminsForUpdate(db, scope)
    if (role !== 'admin' && admins.length === 1 && admins[0] === userId)
      throw precondition('This is the only admin of the workspace. Make somebody else an admin first.')
    if (!(await setRole(db, scope, userId, role))) throw notFound('person', userId)
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
  async run({ db, scope, actor, now }, { userId }) {
    const admins = await adminsForUpdate(db, scope)
    if (admins.length === 1 && admins[0] === userId)
      throw precondition('This is the only admin of the workspace. Make somebody else an admin first.')
    if (!(await removeMember(db, scope, userId))) throw notFound('person', userId)
    await insertRemoval(db, scope, { userId, removedBy: actor.userId, at: now() })
    // One from before would bring them back.
    for (const id of await deleteInvitationsOf(db, scope, userId))
      await revokeLinks(db, scope, { subject: invitationSubject(id) }, now())
    return {}
  },
})
