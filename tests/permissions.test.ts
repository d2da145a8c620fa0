import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { operations } from '../src/operations.ts'
import { isAllowed, permissions, roles, type Permission } from '../src/platform/auth/permissions.ts'
import { isProductError } from '../src/platform/errors.ts'
import { newId } from '../src/platform/ids.ts'
import { insertJob } from '../src/platform/jobs/queries.ts'
import { insertInvitation } from '../src/platform/people/queries.ts'
import { insertFeature } from '../src/insights/features/queries.ts'
import { addMember } from '../src/platform/workspaces/queries.ts'
import type { Fixtures } from '../src/platform/operation.ts'
import { testApp, type TestApp, type TestWorkspace } from './support/app.ts'

let app: TestApp
let own: TestWorkspace, other: TestWorkspace
beforeAll(async () => { app = await testApp(); own = await app.workspace(); other = await app.workspace() })
afterAll(() => app.close())

/** Rows that every example input can point at, made anew for each try, since a try may use them up. */
async function fixtures(workspace: TestWorkspace): Promise<Fixtures> {
  const { db } = app.services
  const scope = { workspaceId: workspace.id }
  const ids = { jobId: newId(), failedJobId: newId(), invitationId: newId(), featureId: newId() }
  await insertJob(db, { id: ids.jobId, workspaceId: workspace.id, kind: 'none', input: {}, createdBy: 'x', createdAt: new Date() })
  await insertJob(db, { id: ids.failedJobId, workspaceId: workspace.id, kind: 'insights.refresh', input: {}, createdBy: 'x', createdAt: new Date() })
  await db.updateTable('job').set({ state: 'failed' }).where('id', '=', ids.failedJobId).execute()
  await insertInvitation(db, { id: ids.invitationId, workspaceId: workspace.id, email: 'x@example.com', role: 'leader', tokenHash: newId(), invitedBy: 'x', createdAt: new Date(), expiresAt: new Date() })
  await insertFeature(db, scope, { id: ids.featureId, name: `Feature ${ids.featureId}`, area: null, isCore: false, releasedOn: null }, new Date())
  const otherUserId = newId()
  await db.insertInto('auth_user').values({ id: otherUserId, name: 'Somebody', email: `${otherUserId}@example.com`, emailVerified: true, image: null, createdAt: new Date(), updatedAt: new Date() }).execute()
  await addMember(db, { workspaceId: workspace.id, userId: otherUserId, role: 'stakeholder', joinedAt: new Date() })
  return { ...ids, otherUserId, workspaceId: workspace.id }
}

const codeOf = async (work: Promise<unknown>): Promise<string> => {
  try { await work; return 'allowed' } catch (error) { if (isProductError(error)) return error.code; throw error }
}
/** What a caller who may ask can still be told: the state of the workspace is not what is tested here. */
const admitted = ['allowed', 'precondition', 'conflict']

describe.each(operations.map((op) => [op.name, op] as const))('%s', (_, op) => {
  const permission = (permissions as readonly string[]).includes(op.may) ? op.may as Permission : null

  test('signed out', async () => {
    const code = await codeOf(app.perform(op, { actor: null, workspace: own.slug }, op.example(await fixtures(own))))
    expect(code).toBe(op.may === 'public' ? 'allowed' : 'unauthenticated')
  })

  test.each(roles)('as %s of the workspace', async (role) => {
    const code = await codeOf(app.perform(op, own.as[role], op.example(await fixtures(own))))
    if (permission && !isAllowed(role, permission)) expect(code).toBe('forbidden')
    else if (op.may === 'owner') expect(code).toBe('forbidden')
    else expect(admitted).toContain(code)
  })

  if (permission) {
    test.each(roles)('another workspace as %s: it does not exist', async (role) => {
      expect(await codeOf(app.perform(op, { ...own.as[role], workspace: other.slug }, op.example(await fixtures(other))))).toBe('not-found')
    })
    test('ids of another workspace, asked within the own one, change and show nothing', async () => {
      const foreign = await fixtures(other)
      const input = op.example(foreign) as Record<string, unknown>
      const named = Object.values(input).filter((value) => typeof value === 'string' && Object.values(foreign).includes(value))
      const code = await codeOf(app.perform(op, own.as.admin, input))
      if (named.length > 0) expect(code).toBe('not-found')
      else expect([...admitted, 'not-found']).toContain(code)
    })
    test('a denied try is in the audit log', async () => {
      const role = roles.find((r) => !isAllowed(r, permission))
      if (!role) return
      await codeOf(app.perform(op, own.as[role], op.example(await fixtures(own))))
      const row = await app.services.db.selectFrom('audit').select(['outcome', 'operation']).where('actor_id', '=', own.as[role].actor!.userId).orderBy('id', 'desc').executeTakeFirst()
      expect(row).toEqual({ outcome: 'denied', operation: op.name })
    })
  }
})
