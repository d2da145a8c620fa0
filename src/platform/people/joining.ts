/** What the holder of an invitation's link may do: read it, and join. */
import { z } from 'zod'
import { roles } from '../auth/permissions.ts'
import { insertAudit } from '../audit/queries.ts'
import { invalid, precondition } from '../errors.ts'
import { badLink } from '../link-tokens/rules.ts'
import type { LinkScope } from '../link-tokens/scope.ts'
import { linkOperation, type LinkContext } from '../operation.ts'
import { addMember } from '../workspaces/queries.ts'
import { invitationPurpose, invitationSubject } from './operations.ts'
import { acceptInvitation, findInvitation } from './queries.ts'

const link = {
  purpose: invitationPurpose,
  audit: 'subject' as const,
  example: (f: Record<string, string>) => invitationSubject(f['invitationId']!),
}

async function need(context: Pick<LinkContext, 'db'>, of: LinkScope) {
  const found = await findInvitation(context.db, of)
  if (!found) throw badLink('used')
  return found
}

export const readInvitation = linkOperation({
  name: 'people.invitation',
  summary: 'What an invitation is to, for whoever holds its link',
  kind: 'read',
  link,
  input: z.object({}),
  output: z.object({
    email: z.string(),
    role: z.enum(roles),
    workspace: z.string(),
    isKnown: z.boolean().describe('whether there is a person with this address, who joins by signing in'),
  }),
  example: () => ({}),
  async run({ db, link: of, services }) {
    const { email, role, workspaceName } = await need({ db }, of)
    return { email, role, workspace: workspaceName, isKnown: (await services.signIn.findByEmail(email)) !== null }
  },
})

export const joinWorkspace = linkOperation({
  name: 'people.join',
  summary: 'Accept an invitation: as a new person by name and password, as a known one by being signed in',
  kind: 'write',
  link,
  input: z.object({
    name: z.string().trim().min(1).max(80).optional(),
    password: z.string().max(200).optional(),
  }),
  output: z.object({ email: z.string() }),
  example: () => ({ name: 'New person', password: 'a long password' }),
  async prepare({ db, link: of, services, actor }, { name, password }) {
    const { email } = await need({ db }, of)
    const known = await services.signIn.findByEmail(email)
    // A person who is known has proven it with their password before the link adds them to a workspace.
    if (known) {
      if (actor?.userId !== known.userId)
        throw precondition(
          `There is a person with the address ${email} already. Sign in as them first, then open the link again.`,
        )
      return known
    }
    const { passwords, provider } = services.signIn.ways
    if (!passwords)
      throw precondition(`Passwords are turned off here. Sign in by ${provider?.name}, and you have joined.`)
    if (!name || !password) throw invalid('“name” and “password” are needed: nobody has this address yet.')
    return services.signIn.createPerson({ name, email, password })
  },
  async run({ db, link: of, now }, _, person) {
    const found = await need({ db }, of)
    if (!(await acceptInvitation(db, of, now()))) throw badLink('used')
    await addMember(db, { workspaceId: of.workspaceId, userId: person.userId, role: found.role, joinedAt: now() })
    // Besides the line about the link, the one about the person whom it made a member.
    await insertAudit(db, {
      at: now(),
      workspaceId: of.workspaceId,
      actor: { ...person, isOwner: false, mayReadPaths: false, face: 'link' },
      operation: 'people.acceptInvitation',
      outcome: 'done',
      target: `${found.email} as ${found.role}`,
    })
    return { email: found.email }
  },
})
