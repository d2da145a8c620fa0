import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { testApp, type TestApp, type TestWorkspace } from '../../../tests/support/app.ts'
import { newDatabase } from '../../../tests/support/stores.ts'
import { hashToken } from '../ids.ts'
import { findLink } from '../link-tokens/queries.ts'
import { getWorkspace } from '../workspaces/operations.ts'
import { addMember } from '../workspaces/queries.ts'
import { changeRole, invitePerson, listPeopleOperation, removePerson, withdrawInvitation } from './operations.ts'
import { joinWorkspace, readInvitation } from './joining.ts'

let app: TestApp
let workspace: TestWorkspace
beforeAll(async () => {
  app = await testApp({ baseUrl: () => 'https://throughline.example.com' })
  workspace = await app.workspace()
})
afterAll(() => app.close())

test('an invitation is a link that only its hash is kept of, runs out after seven days and can be withdrawn', async () => {
  app.clock.set('2026-03-01T09:00:00Z')
  const { id, link, expiresAt } = await app.perform(invitePerson, workspace.as.admin, {
    email: 'New.Person@Example.com',
    role: 'product-manager',
  })
  expect(expiresAt).toBe('2026-03-08T09:00:00.000Z')
  const token = /^https:\/\/throughline\.example\.com\/l\/([\w-]{22})$/.exec(link)![1]!
  const nobody = { actor: null, workspace: null, link: token }
  expect(await app.perform(readInvitation, nobody)).toMatchObject({
    email: 'new.person@example.com',
    role: 'product-manager',
    workspace: 'Test company',
  })
  const stored = await app.services.db
    .selectFrom('invitation')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  expect(JSON.stringify([stored, await findLink(app.services.db, hashToken(token))])).not.toContain(token)

  app.clock.set('2026-03-08T09:00:00Z')
  expect((await app.perform(listPeopleOperation, workspace.as.admin)).invitations).toMatchObject([
    { id, isExpired: true },
  ])
  await expect(app.perform(readInvitation, nobody)).rejects.toThrow('This link has expired.')
  await app.perform(withdrawInvitation, workspace.as.admin, { id })
  expect((await app.perform(listPeopleOperation, workspace.as.admin)).invitations).toEqual([])
  await expect(app.perform(withdrawInvitation, workspace.as.admin, { id })).rejects.toThrow(
    'There is no open invitation',
  )
})

test('a role counts from the next request on, and who was taken out sees the workspace no more', async () => {
  const person = workspace.as.stakeholder
  const { userId } = person.actor!
  await app.perform(changeRole, workspace.as.admin, { userId, role: 'admin' })
  expect((await app.perform(listPeopleOperation, person)).people).toHaveLength(5)
  await app.perform(changeRole, workspace.as.admin, { userId, role: 'stakeholder' })
  await expect(app.perform(listPeopleOperation, person)).rejects.toMatchObject({ code: 'forbidden' })
  await app.perform(removePerson, workspace.as.admin, { userId })
  await expect(app.perform(getWorkspace, person)).rejects.toMatchObject({ code: 'not-found' })
})

test('an invitation from before brings nobody back who was taken out since', async () => {
  const other = await app.workspace()
  const person = other.as.leader
  const { userId, email } = person.actor!
  const { link } = await app.perform(invitePerson, other.as.admin, { email, role: 'admin' })
  const { link: toElsewhere } = await app.perform(invitePerson, workspace.as.admin, { email, role: 'leader' })
  const by = (address: string) => ({ ...person, workspace: null, link: address.split('/l/')[1]! })
  await app.perform(removePerson, other.as.admin, { userId })
  await expect(app.perform(joinWorkspace, by(link), {})).rejects.toThrow('This link has expired.')
  expect((await app.perform(listPeopleOperation, other.as.admin)).invitations).toEqual([])
  await app.perform(joinWorkspace, by(toElsewhere), {})
  const { link: anew } = await app.perform(invitePerson, other.as.admin, { email, role: 'leader' })
  await app.perform(joinWorkspace, by(anew), {})
  expect((await app.perform(getWorkspace, person)).slug).toBe(other.slug)
})

test('what was done to whom is in the audit log', async () => {
  const rows = await app.services.db
    .selectFrom('audit')
    .select(['operation', 'target', 'actor_id', 'outcome'])
    .where('workspace_id', '=', workspace.id)
    .where('operation', '=', 'people.remove')
    .execute()
  expect(rows).toEqual([
    {
      operation: 'people.remove',
      target: workspace.as.stakeholder.actor!.userId,
      actor_id: workspace.as.admin.actor!.userId,
      outcome: 'done',
    },
  ])
})

const { missing } = inject('postgres')
describe.each([
  { name: 'embedded', skip: null, address: async () => undefined },
  { name: 'PostgreSQL', skip: missing, address: async () => ({ url: await newDatabase() }) },
])('$name', ({ skip, address }) => {
  if (skip) {
    test.skip(`not run: ${skip}`, () => undefined)
    return
  }

  test('a workspace keeps an admin: the only one cannot go, and of two who step down at once one stays', async () => {
    const running = await testApp({ store: await address() })
    try {
      const { id, as } = await running.workspace()
      const { admin, leader } = as
      await expect(running.perform(changeRole, admin, { userId: admin.actor!.userId, role: 'leader' })).rejects.toThrow(
        'This is the only admin of the workspace.',
      )
      await expect(running.perform(removePerson, admin, { userId: admin.actor!.userId })).rejects.toThrow(
        'This is the only admin of the workspace.',
      )
      await running.perform(changeRole, admin, { userId: leader.actor!.userId, role: 'admin' })
      const stepDown = await Promise.allSettled(
        [admin, leader].map((who) => running.perform(changeRole, who, { userId: who.actor!.userId, role: 'leader' })),
      )
      expect(stepDown.map((one) => one.status).sort()).toEqual(['fulfilled', 'rejected'])
      // Whoever is a member already keeps the role they have.
      await addMember(running.services.db, {
        workspaceId: id,
        userId: admin.actor!.userId,
        role: 'stakeholder',
        joinedAt: new Date(),
      })
      const roles = await running.services.db
        .selectFrom('member')
        .select('role')
        .where('workspace_id', '=', id)
        .where('user_id', 'in', [admin.actor!.userId, leader.actor!.userId])
        .execute()
      expect(roles.map((row) => row.role).sort()).toEqual(['admin', 'leader'])
    } finally {
      await running.close()
    }
  })
})
