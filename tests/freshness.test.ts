/** The checks of the data raise no false alarm on the sample company. */
import { describe, expect, test } from 'vitest'
import { readFreshness } from '../src/insights/freshness/operations.ts'
import type { Actor } from '../src/platform/operation.ts'
import { addMember } from '../src/platform/workspaces/queries.ts'
import { openSampleCompany } from '../src/setup/sample-company/operations.ts'
import { testApp } from './support/app.ts'

describe('the sample company', () => {
  test.each([
    [1, 0.4],
    [2, 0.3],
    [7, 0.6],
  ])('with seed %i at scale %f raises no false alarm', async (seed, scale) => {
    const other = await testApp()
    try {
      const owner = await other.services.signIn.createPerson({
        name: 'Owner',
        email: 'owner@example.com',
        password: 'a long password',
      })
      const actor: Actor = { ...owner, isOwner: true, mayReadPaths: false, face: 'http' }
      const { slug, jobId } = await other.perform(openSampleCompany, { actor, workspace: null }, { seed, scale })
      await other.services.jobs.settled(jobId!)
      const { id } = await other.services.db
        .selectFrom('workspace')
        .select('id')
        .where('slug', '=', slug)
        .executeTakeFirstOrThrow()
      await addMember(other.services.db, { workspaceId: id, userId: owner.userId, role: 'admin', joinedAt: new Date() })
      const checks = await other.services.db
        .selectFrom('job')
        .select('id')
        .where('workspace_id', '=', id)
        .where('kind', '=', 'insights.checkFreshness')
        .execute()
      expect(checks).toHaveLength(1)
      expect(await other.services.jobs.settled(checks[0]!.id)).toMatchObject({ state: 'done', result: { findings: 0 } })
      const read = await other.perform(readFreshness, { actor, workspace: slug })
      expect([read.late, read.stopped, read.findings, read.dataTo]).toEqual([[], [], 0, '2025-12-31'])
    } finally {
      await other.close()
    }
  })
})
