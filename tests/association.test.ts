/** A refresh asks which features go with staying, and people ask on: through the operations, on the sample company. */
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testApp, type TestApp } from './support/app.ts'
import { openSampleCompany } from '../src/setup/sample-company/operations.ts'
import { newId } from '../src/platform/ids.ts'
import { insertJob, latestJob } from '../src/platform/jobs/queries.ts'
import { performKept, type Actor, type Caller } from '../src/platform/operation.ts'
import { analyseAdoptionRetention } from '../src/insights/analyses/adoption-retention/operations.ts'
import { listFeaturesOperation, saveFeatures } from '../src/insights/features/operations.ts'
import { insights } from '../src/insights/tables.ts'
import { refreshWorkspace } from '../src/insights/refresh/job.ts'
import {
  analyseAssociation,
  analyseAssociationDetail,
  getNegativeControl,
  latestAssociationOperation,
  setNegativeControl,
} from '../src/insights/analyses/association/operations.ts'
import { finishRun, latestAssociation, registerRun } from '../src/insights/analyses/association/queries.ts'
import { scopeOf } from './support/scope.ts'

let app: TestApp
let caller: Caller
let id: string
const runs = () =>
  app.services.db
    .selectFrom('job')
    .selectAll()
    .where('workspace_id', '=', id)
    .where('kind', '=', 'insights.associate')
    .execute()
const lastRun = async () => app.services.jobs.settled((await latestJob(app.services.db, id, 'insights.associate'))!.id)
const refresh = (workspaceId: string) =>
  refreshWorkspace({
    services: app.services,
    db: app.services.db,
    workspaceId,
    scope: scopeOf(workspaceId),
    createdBy: caller.actor!.userId,
    now: () => new Date(),
    signal: new AbortController().signal,
    progress: () => undefined,
  })
beforeAll(async () => {
  app = await testApp()
  const owner = await app.services.signIn.createPerson({
    name: 'The owner',
    email: 'owner@example.com',
    password: 'a long password',
  })
  const actor: Actor = { ...owner, isOwner: true, mayReadPaths: false, face: 'http' }
  const opened = await app.perform(openSampleCompany, { actor, workspace: null }, { scale: 0.25 })
  caller = { actor, workspace: opened.slug }
  await app.services.jobs.settled(opened.jobId!)
  id = (
    await app.services.db.selectFrom('workspace').select('id').where('slug', '=', opened.slug).executeTakeFirstOrThrow()
  ).id
  expect((await lastRun()).state).toBe('done')
})
afterAll(() => app.close())

test('a refresh asks the default question; the page shows the stored run, which equals what is computed when asked', async () => {
  const run = (await latestAssociation(app.services.db, scopeOf(id)))!
  expect(run.registeredAt.getTime()).toBeLessThanOrEqual(run.finishedAt.getTime())
  expect(run.spec).toMatchObject({
    month: '2025-12',
    window: 12,
    adoptionMonths: 3,
    segmentBy: 'segment',
    q: 0.1,
    leastPerArm: 30,
    leastLosses: 5,
  })
  expect(run.spec.features.map((f) => f.name)).toContain('Automations')
  const shown = await app.perform(analyseAssociation, caller, {})
  expect(shown.provenance).toMatchObject({ kind: 'stored', isExploratory: false, looks: 0, changedDefinitions: [] })
  expect(shown.features).toEqual(run.result.features)
  expect(shown.answer.text.length).toBeGreaterThan(20)
  expect(`${shown.answer.text} ${shown.answer.caveat} ${shown.features.map((f) => f.caveat).join(' ')}`).not.toMatch(
    /drives|causes /,
  )
  expect((await app.perform(latestAssociationOperation, caller, {})).run!.features).toEqual(run.result.features)
  const [first] = run.result.features
  const one = (await app.perform(latestAssociationOperation, caller, { feature: first!.feature })).run!
  expect([one.features, one.segments.every((r) => r.feature === first!.feature)]).toEqual([[first], true])
})

test('another question is computed at once, marked exploratory, and counted as one look however often it is asked', async () => {
  for (let again = 0; again < 2; again += 1)
    expect((await app.perform(analyseAssociation, caller, { window: 6 })).provenance).toMatchObject({
      kind: 'live',
      isExploratory: true,
      looks: 1,
    })
  const other = await app.perform(analyseAssociation, caller, { segmentBy: 'arr', bands: [5000] })
  expect(other.provenance.looks).toBe(2)
  expect(other.standing.notes[0]).toContain('Exploratory')
  expect((await app.perform(analyseAssociation, caller, {})).provenance).toMatchObject({ kind: 'stored', looks: 2 })
  await expect(app.perform(analyseAssociation, caller, { window: 36 })).rejects.toThrow('The longest that fits is')
})

test('an answer that was kept counts the looks that came after it', async () => {
  const looksOf = async (input: object) => {
    const { zipped } = await performKept(analyseAssociation, app.services, caller, input)
    return (JSON.parse(gunzipSync(zipped).toString()) as { provenance: { looks: number } }).provenance.looks
  }
  const before = await looksOf({})
  await looksOf({ segmentBy: 'arr', bands: [9000] })
  expect(await looksOf({})).toBe(before + 1)
  // Asked again, it is no look, and what is kept stays.
  const kept = app.services.kept.changes(id)
  await app.perform(analyseAssociation, caller, { segmentBy: 'arr', bands: [9000] })
  expect(app.services.kept.changes(id)).toBe(kept)
})

test('the detail of a feature adds up to its row, in all segments and in one; an unknown feature is not found', async () => {
  for (const segment of [undefined, 'SMB']) {
    const d = await app.perform(analyseAssociationDetail, caller, {
      feature: 'automations',
      ...(segment ? { segment } : {}),
    })
    expect(d.row).toMatchObject({ feature: 'Automations', segment: segment ?? null })
    expect(d.strata.reduce((sum, s) => sum + s.adopters.accounts + s.others.accounts, 0)).toBe(
      d.row.adopters.accounts + d.row.others.accounts,
    )
    expect(d.revenue.adopters.accounts).toBe(d.row.adopters.accounts)
  }
  await expect(app.perform(analyseAssociationDetail, caller, { feature: 'Nothing' })).rejects.toThrow('Nothing')
})

test('the page of adoption says what the run says about the feature it names', async () => {
  const { sentence } = await app.perform(analyseAdoptionRetention, caller, { segmentBy: 'segment' })
  expect(sentence.kind).toBe('finding')
  expect(sentence.caveat).toMatch(/staying/)
  expect(sentence.caveat).not.toContain('This says nothing about retention yet')
})

test('a negative control is named and the question asked anew; a changed definition shows until the next run', async () => {
  const features = (await app.perform(listFeaturesOperation, caller, {})).features
  const calendar = features.find((f) => f.name === 'Calendar')!
  await app.services.jobs.settled((await app.perform(setNegativeControl, caller, { featureId: calendar.id })).jobId)
  expect((await app.perform(getNegativeControl, caller, {})).feature).toEqual({ id: calendar.id, name: 'Calendar' })
  expect((await app.perform(analyseAssociation, caller, {})).negativeControl).toBe('Calendar')
  expect(
    (await app.perform(analyseAssociationDetail, caller, { feature: 'Search' })).negativeControl.row?.feature,
  ).toBe('Calendar')

  const { name, area, isCore, releasedOn, rules } = features.find((f) => f.name === 'Search')!
  await saveFeatures(
    app.services.db,
    scopeOf(id),
    [{ name, area, isCore, releasedOn, rules: [...rules, { kind: 'exact', value: 'search.other' }] }],
    new Date(),
  )
  const meanwhile = await app.perform(analyseAssociation, caller, {})
  expect(meanwhile.provenance).toMatchObject({ kind: 'stored', changedDefinitions: ['Search'] })
  expect(meanwhile.standing.notes.join(' ')).toContain('Defined otherwise since: Search')
  await refresh(id)
  await lastRun()
  expect((await app.perform(analyseAssociation, caller, {})).provenance).toMatchObject({
    kind: 'stored',
    changedDefinitions: [],
  })
})

test('what was registered and never answered is not shown, and one waiting run is enough', async () => {
  const run = (await latestAssociation(app.services.db, scopeOf(id)))!
  await registerRun(app.services.db, scopeOf(id), { id: newId(), spec: run.spec, specHash: 'x', at: new Date() })
  expect((await latestAssociation(app.services.db, scopeOf(id)))!.id).toBe(run.id)
  await insertJob(app.services.db, {
    id: newId(),
    workspaceId: id,
    kind: 'insights.associate',
    input: {},
    createdBy: caller.actor!.userId,
    createdAt: new Date(),
  })
  const before = (await runs()).length
  await refresh(id)
  expect((await runs()).length).toBe(before)
})

test('of a month the last run is kept, of each other month its own; looks stay', async () => {
  const scope = scopeOf(id)
  const kept = async () =>
    (
      await insights(app.services.db)
        .selectFrom('association_run')
        .where('workspace_id', '=', id)
        .select(['id', 'is_exploratory as isLook'])
        .execute()
    ).map((run) => (run.isLook ? 'a look' : run.id))
  const { spec, result } = (await latestAssociation(app.services.db, scope))!
  const store = async (month: string, at: string) => {
    const runId = newId()
    await registerRun(app.services.db, scope, { id: runId, spec: { ...spec, month }, specHash: 'x', at: new Date(at) })
    const question = { ...result.question, month }
    await finishRun(app.services.db, scope, runId, { ...result, question }, new Date(at))
    return runId
  }
  const looks = (await kept()).filter((one) => one === 'a look')
  expect(looks.length).toBeGreaterThan(1)
  const november = await store('2025-11', '2030-01-01')
  await store('2025-12', '2030-01-02')
  const last = await store('2025-12', '2030-01-03')
  expect((await kept()).sort()).toEqual([november, last, ...looks].sort())
  expect((await latestAssociation(app.services.db, scope))!.id).toBe(last)
})

test('a workspace without data has no run, and its question says what is missing', async () => {
  const empty = await app.workspace()
  await refresh(empty.id)
  const job = await latestJob(app.services.db, empty.id, 'insights.associate')
  expect(await app.services.jobs.settled(job!.id)).toMatchObject({ state: 'done', result: { runId: null } })
  expect((await app.perform(latestAssociationOperation, empty.as.leader, {})).run).toBeNull()
  await expect(app.perform(analyseAssociation, empty.as.leader, {})).rejects.toThrow('Import accounts')
})
