import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { uploadFromPath } from '../src/insights/datasets/importing/operations.ts'
import { operations } from '../src/operations.ts'
import { isAllowed, permissions, roles, type Permission, type Role } from '../src/platform/auth/permissions.ts'
import { isProductError } from '../src/platform/errors.ts'
import { newId } from '../src/platform/ids.ts'
import { insertJob } from '../src/platform/jobs/queries.ts'
import { insertInvitation } from '../src/platform/people/queries.ts'
import { insertUpload } from '../src/platform/files/queries.ts'
import { saveMapping } from '../src/insights/datasets/mapping/queries.ts'
import { insertExclusion, saveLink } from '../src/insights/accounts/queries.ts'
import { insertDecision, updateDecision } from '../src/decisions/queries.ts'
import { DecisionContent } from '../src/decisions/schemas.ts'
import { insertRequest } from '../src/requests/queries.ts'
import { insertDefinition } from '../src/insights/features/definitions/queries.ts'
import { insertFeature } from '../src/insights/features/queries.ts'
import { insertStory } from '../src/insights/stories/queries.ts'
import { insertList } from '../src/insights/whitespace/queries.ts'
import { insertAlert, insertMetric } from '../src/insights/targets/queries/metrics.ts'
import { insertAnnotation } from '../src/insights/annotations/queries.ts'
import { settleFile, takeFile } from '../src/insights/datasets/schedules/queries/files.ts'
import { insertSchedule } from '../src/insights/datasets/schedules/queries/schedules.ts'
import { insertFinding } from '../src/insights/freshness/queries.ts'
import { insertObjective } from '../src/insights/targets/queries/objectives.ts'
import { insertView } from '../src/sharing/queries.ts'
import { MeasureRef } from '../src/insights/targets/measures.ts'
import { addMember } from '../src/platform/workspaces/queries.ts'
import type { AnyOperation, Caller, Fixtures } from '../src/platform/operation.ts'
import { testApp, type TestApp, type TestWorkspace } from './support/app.ts'
import { scopeOf } from './support/scope.ts'

let app: TestApp
let own: TestWorkspace
let other: TestWorkspace
beforeAll(async () => {
  app = await testApp()
  own = await app.workspace()
  other = await app.workspace()
})
afterAll(() => app.close())

const made = new Map<string, Fixtures>()
const whose = (caller: Caller) => `${caller.workspace} ${caller.actor?.userId}`

/** Rows that every example input can point at, a set for each caller, made anew after a try that may have used them up. */
async function fixtures(workspace: TestWorkspace, role: Role = 'admin'): Promise<Fixtures> {
  const key = whose(workspace.as[role])
  const rows = made.get(key) ?? (await makeFixtures(workspace, role))
  made.set(key, rows)
  return rows
}

async function makeFixtures(workspace: TestWorkspace, role: Role): Promise<Fixtures> {
  const { db } = app.services
  const scope = scopeOf(workspace.id)
  const ids = {
    jobId: newId(),
    failedJobId: newId(),
    invitationId: newId(),
    featureId: newId(),
    definitionId: newId(),
    storyId: newId(),
    whitespaceListId: newId(),
  }
  await insertJob(db, {
    id: ids.jobId,
    workspaceId: workspace.id,
    kind: 'none',
    input: {},
    createdBy: 'x',
    createdAt: new Date(),
  })
  await insertJob(db, {
    id: ids.failedJobId,
    workspaceId: workspace.id,
    kind: 'insights.refresh',
    input: {},
    createdBy: 'x',
    createdAt: new Date(),
  })
  await db.updateTable('job').set({ state: 'failed' }).where('id', '=', ids.failedJobId).execute()
  await insertInvitation(db, {
    id: ids.invitationId,
    workspaceId: workspace.id,
    email: 'x@example.com',
    role: 'leader',
    tokenHash: newId(),
    invitedBy: 'x',
    createdAt: new Date(),
    expiresAt: new Date(),
  })
  await insertFeature(
    db,
    scope,
    {
      id: ids.featureId,
      name: `Feature ${ids.featureId}`,
      area: null,
      isCore: false,
      releasedOn: null,
      owner: null,
      entitledPlans: null,
    },
    new Date(),
  )
  await insertDefinition(db, scope, {
    id: ids.definitionId,
    featureId: ids.featureId,
    version: 1,
    validFrom: '2025-01-01',
    unit: 'days',
    atLeast: 3,
    windowKind: 'calendar',
    windowLength: 1,
    valueEvents: null,
    why: 'x',
    proposedBy: 'x',
    proposedByName: 'x',
    proposedAt: new Date(),
  })
  await insertList(db, scope, {
    id: ids.whitespaceListId,
    name: 'x',
    month: '2025-12',
    question: {},
    note: null,
    createdBy: 'x',
    createdAt: new Date(),
  })
  await insertStory(db, scope, {
    id: ids.storyId,
    identity: ids.storyId,
    weight: 1,
    at: new Date(),
    finding: {
      rule: 'not-measured',
      featureId: null,
      feature: null,
      segmentBy: null,
      segment: null,
      text: 'x',
      caveat: 'x',
      evidence: 'fact',
      arr: 1,
      accounts: 1,
      value: 0.1,
      low: 0,
      high: 0.2,
      unit: 'share',
      bars: [],
      figures: [],
      address: '/',
      month: '2025-12',
    },
  })
  const saved = await app.services.files.save(
    (async function* () {
      yield new TextEncoder().encode('id,account\nu1,a1\n')
    })(),
  )
  await insertUpload(db, {
    ...saved,
    workspaceId: workspace.id,
    name: 'users.csv',
    outsidePath: null,
    createdBy: 'x',
    createdAt: new Date(),
  })
  const mappingId = await saveMapping(
    db,
    scope,
    {
      name: newId(),
      headerSignature: '',
      mapping: {
        dataset: 'users',
        source: 'product',
        file: {},
        fields: { id: { column: 'id' }, account: { column: 'account' } },
      },
    },
    new Date(),
  )
  const productManagerId = workspace.as['product-manager'].actor!.userId
  const draftId = newId()
  const decisionId = newId()
  const requestId = newId()
  const at = new Date()
  for (const id of [draftId, decisionId])
    await insertDecision(db, scope, {
      id,
      deciderId: productManagerId,
      content: DecisionContent.parse({ title: 'Test' }),
      by: 'x',
      at,
    })
  await updateDecision(
    db,
    scope,
    { id: decisionId, version: 1 },
    { decided: { by: productManagerId, revisitOn: '2026-06-30', figure: null } },
    at,
  )
  await insertRequest(db, scope, {
    id: requestId,
    question: 'Who uses what?',
    askedBy: workspace.as[role].actor!.userId,
    askedAt: at,
    namesAccounts: false,
    taken: null,
  })
  const exclusionId = newId()
  const linkedExtId = newId()
  await insertExclusion(
    db,
    scope,
    { id: exclusionId, field: 'name', operator: 'is', value: 'x', reason: 'test' },
    new Date(),
  )
  await saveLink(db, scope, {
    source: 'product',
    extId: linkedExtId,
    accountExtId: null,
    method: 'person',
    decidedBy: 'x',
    decidedAt: new Date(),
  })
  const warehouse = await app.services.warehouses.open(workspace.id)
  const batchId = await warehouse.write(async (con) => {
    const { id } = (await con.one<{ id: number }>('select coalesce(max(id), 0) + 1 as id from batch'))!
    await con.run(
      `insert into batch values ($1, 'users', 'users.csv', '', '', '{}', 'product', 'add', 'x', 'x', now()::timestamp, 0, 0, 0, 0, 0, null, null, null)`,
      [id],
    )
    return id
  })
  const measured = { metricId: newId(), alertId: newId(), objectiveId: newId() }
  await insertMetric(
    db,
    scope,
    { id: measured.metricId, ref: MeasureRef.parse({ measure: 'arr' }), key: measured.metricId, createdBy: 'x' },
    new Date(),
  )
  await insertAlert(
    db,
    scope,
    {
      id: measured.alertId,
      metricId: measured.metricId,
      kind: 'below',
      threshold: 1,
      month: '2025-12',
      value: 0,
      prior: null,
    },
    new Date(),
  )
  await insertObjective(
    db,
    scope,
    { id: measured.objectiveId, title: 'An objective', owner: 'x', from: '2025-01', to: '2025-12' },
    'x',
    new Date(),
  )
  const viewId = newId()
  await insertView(
    db,
    scope,
    {
      id: viewId,
      path: '/insights/revenue',
      search: '',
      reads: [
        { operation: 'insights.analyses.movements', input: {} },
        { operation: 'insights.analyses.retentionTrend', input: {} },
      ],
      title: 'x',
      note: '',
      forStakeholders: true,
      people: [],
      grants: { accounts: true, names: false, export: true },
      sharedBy: workspace.as[role].actor!.userId,
    },
    new Date(),
  )
  const annotationId = newId()
  await insertAnnotation(
    db,
    scope,
    { id: annotationId, kind: 'outage', from: '2025-07-01', to: null, text: 'x' },
    'x',
    new Date(),
  )
  const scheduled = { scheduleId: newId(), scheduledFileId: newId(), findingId: newId() }
  await insertSchedule(
    db,
    scope,
    {
      id: scheduled.scheduleId,
      name: scheduled.scheduleId,
      mappingId,
      mode: 'add',
      rejects: { kind: 'none' },
      place: { kind: 'url', url: 'https://localhost/none.csv', header: null },
      secret: null,
      timing: { every: 'minutes', minutes: 1440 },
      nextAt: null,
      createdBy: 'x',
    },
    new Date(),
  )
  await takeFile(
    db,
    scope,
    {
      id: scheduled.scheduledFileId,
      scheduleId: scheduled.scheduleId,
      jobId: newId(),
      name: 'x.csv',
      sha256: 'x',
      sizeBytes: 1,
      changedMs: null,
      etag: null,
      lastModified: null,
      uploadId: null,
    },
    new Date(),
  )
  await settleFile(
    db,
    scheduled.scheduledFileId,
    { state: 'refused', batchId: null, books: null, problem: 'x', uploadId: null },
    new Date(),
  )
  await insertFinding(
    db,
    scope,
    { id: scheduled.findingId, identity: scheduled.findingId, kind: 'volume', text: 'x', address: '/data' },
    new Date(),
  )
  const otherUserId = newId()
  await db
    .insertInto('auth_user')
    .values({
      id: otherUserId,
      name: 'Somebody',
      email: `${otherUserId}@example.com`,
      emailVerified: true,
      image: null,
      createdAt: new Date(),
      updatedAt: new Date(),
    })
    .execute()
  await addMember(db, { workspaceId: workspace.id, userId: otherUserId, role: 'stakeholder', joinedAt: new Date() })
  return {
    ...ids,
    ...measured,
    ...scheduled,
    viewId,
    annotationId,
    productManagerId,
    draftId,
    decisionId,
    requestId,
    exclusionId,
    linkedExtId,
    batchId: String(batchId),
    uploadId: saved.id,
    mappingId,
    filePath: app.services.files.path(saved.id),
    otherUserId,
    workspaceId: workspace.id,
  }
}

async function codeOf(op: AnyOperation, caller: Caller, input: unknown): Promise<string> {
  let code = 'failed'
  try {
    await app.perform(op, caller, input)
    code = 'allowed'
  } catch (error) {
    if (!isProductError(error)) throw error
    code = error.code
  } finally {
    // What was not let in used nothing up, and neither did a read. Who is signed out was given the rows of somebody else.
    if (op.kind === 'write' && !['forbidden', 'not-found', 'unauthenticated'].includes(code)) {
      if (caller.actor) made.delete(whose(caller))
      else made.clear()
    }
  }
  return code
}
/** One operation is for the command line on the server alone; here everybody is there, so that roles alone decide. */
const onTheServer = (caller: TestWorkspace['as']['admin']) => ({
  ...caller,
  actor: { ...caller.actor!, mayReadPaths: true },
})
/** What a caller who may ask can still be told: the state of the workspace is not what is tested here. */
const admitted = ['allowed', 'precondition', 'conflict']

test('only the command line on the server names files by path', async () => {
  expect(await codeOf(uploadFromPath, own.as.admin, { path: '/etc/hostname' })).toBe('forbidden')
})

describe.each(operations.map((op) => [op.name, op] as const))('%s', (_, op) => {
  const permission = (permissions as readonly string[]).includes(op.may) ? (op.may as Permission) : null

  test('signed out', async () => {
    const code = await codeOf(op, { actor: null, workspace: own.slug }, op.example(await fixtures(own)))
    expect(code).toBe(op.may === 'public' ? 'allowed' : 'unauthenticated')
  })

  test.each(roles)('as %s of the workspace', async (role) => {
    const code = await codeOf(op, onTheServer(own.as[role]), op.example(await fixtures(own, role)))
    if (permission && !isAllowed(role, permission)) expect(code).toBe('forbidden')
    else if (op.may === 'owner') expect(code).toBe('forbidden')
    else expect(admitted).toContain(code)
  })

  if (permission) {
    test.each(roles)('another workspace as %s: it does not exist', async (role) => {
      expect(await codeOf(op, { ...own.as[role], workspace: other.slug }, op.example(await fixtures(other)))).toBe(
        'not-found',
      )
    })
    test('ids of another workspace, asked within the own one, change and show nothing', async () => {
      const foreign = await fixtures(other)
      const input = op.example(foreign) as Record<string, unknown>
      const named =
        op.name === 'uploads.fromPath'
          ? []
          : Object.values(input).filter((value) => typeof value === 'string' && Object.values(foreign).includes(value))
      // Not every right is the admin's: product managers alone decide.
      const code = await codeOf(op, onTheServer(own.as[roles.find((role) => isAllowed(role, permission))!]), input)
      if (named.length > 0) expect(code).toBe('not-found')
      else expect([...admitted, 'not-found']).toContain(code)
    })
    test('a denied try is in the audit log', async () => {
      const role = roles.find((r) => !isAllowed(r, permission))
      if (!role) return
      await codeOf(op, own.as[role], op.example(await fixtures(own)))
      const row = await app.services.db
        .selectFrom('audit')
        .select(['outcome', 'operation'])
        .where('actor_id', '=', own.as[role].actor!.userId)
        .orderBy('id', 'desc')
        .executeTakeFirst()
      expect(row).toEqual({ outcome: 'denied', operation: op.name })
    })
  }
})
