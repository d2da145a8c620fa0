import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeCompany } from '../sample/company.ts'
import { truthsOf } from '../sample/truths.ts'
import { writeSample } from '../sample/write.ts'
import { analyseAdoptionRetention, listAccountsBehind } from '../src/insights/analyses/adoption-retention/operations.ts'
import { listUnmatched } from '../src/insights/accounts/operations.ts'
import { importOperation, undoBatchOperation } from '../src/insights/datasets/importing/operations.ts'
import { insertUpload } from '../src/platform/files/queries/uploads.ts'
import { openSampleCompany } from '../src/setup/sample-company/operations.ts'
import { newId } from '../src/platform/ids.ts'
import type { Actor } from '../src/platform/operation.ts'
import { testApp, type TestApp } from './support/app.ts'

let app: TestApp
let folder: string
beforeAll(async () => {
  app = await testApp()
  folder = await mkdtemp(join(tmpdir(), 'throughline-sample-'))
})
afterAll(async () => {
  await app.close()
  await rm(folder, { recursive: true, force: true })
})

const shaOf = async (path: string) => {
  const files = (await readdir(path)).sort()
  return Promise.all(
    files.map(
      async (f) =>
        `${f} ${createHash('sha256')
          .update(await readFile(join(path, f)))
          .digest('hex')}`,
    ),
  )
}

test('the same seed writes the same files, another seed another company', async () => {
  const options = { seed: 3, scale: 0.1 }
  await writeSample(join(folder, 'a'), options)
  await writeSample(join(folder, 'b'), options)
  expect(await shaOf(join(folder, 'a'))).toEqual(await shaOf(join(folder, 'b')))
  await writeSample(join(folder, 'c'), { ...options, seed: 4 })
  expect((await shaOf(join(folder, 'c')))[0]).not.toBe((await shaOf(join(folder, 'a')))[0])
})

test('who adopts the feature that truly keeps customers leaves less often, and the feature without effect does nothing', () => {
  // Counted over many companies, because one is too small to show it reliably.
  const left = (feature: string, isAdopter: boolean) => {
    let years = 0
    let ends = 0
    for (let seed = 1; seed <= 12; seed += 1) {
      for (const a of makeCompany(seed, 1).accounts) {
        if (
          a.kind !== 'customer' ||
          a.segment !== 'SMB' ||
          a.adopted.has(feature) !== isAdopter ||
          a.subscriptions[0]!.plan === 'Starter'
        )
          continue
        years += 1
        if (a.subscriptions.every((s) => s.end !== null)) ends += 1
      }
    }
    return ends / years
  }
  expect(left('Automations', true)).toBeLessThan(0.75 * left('Automations', false))
  expect(Math.abs(left('Calendar', true) - left('Calendar', false))).toBeLessThan(0.06)
})

test('the planted truths come out of the files by the same import as anybody’s', async () => {
  const person = await app.services.signIn.createPerson({
    name: 'Owner',
    email: 'owner@example.com',
    password: 'a long password',
  })
  const actor: Actor = { ...person, isOwner: true, mayReadPaths: false, face: 'http' }
  const { slug, jobId } = await app.perform(openSampleCompany, { actor, workspace: null }, { seed: 2, scale: 0.5 })
  const job = await app.services.jobs.settled(jobId!)
  expect([job.state, job.error]).toEqual(['done', null])
  const caller = { actor, workspace: slug }
  const answer = await app.perform(analyseAdoptionRetention, caller, {
    month: '2025-12',
    window: 12,
    segmentBy: 'segment',
  })
  expect(answer.sentence.finding).toMatchObject({ segment: 'Enterprise', feature: 'Collaboration', isCore: true })

  // A planted adopter may by chance not have used the feature in the last three months, and a few accounts meet by domain or name only.
  const planted = truthsOf(makeCompany(2, 0.5)).find((t) => t.kind === 'adoption-gap')!.facts
  for (const segment of ['SMB', 'Mid-market', 'Enterprise']) {
    const [adopters, accounts] = String(planted[segment]).split(' of ').map(Number) as [number, number]
    const cell = answer.rows.find((r) => r.segment === segment && r.feature === 'Collaboration')!.now
    expect(Math.abs(cell.adopters / cell.eligible - adopters / accounts), segment).toBeLessThan(0.06)
    expect(accounts - cell.eligible, segment).toBeLessThanOrEqual(Math.ceil(accounts * 0.1))
  }
  const unmeasured = truthsOf(makeCompany(2, 0.5)).find((t) => t.kind === 'not-measured')!.facts['ids'] as string[]
  const listed = await app.perform(listAccountsBehind, caller, { feature: 'Boards', state: 'not-measured', limit: 200 })
  expect(listed.rows.map((r) => r.accountId)).toEqual(expect.arrayContaining(unmeasured))
  expect(answer.meta.excluded.accounts).toBeGreaterThan(0)

  const unmatched = await app.perform(listUnmatched, caller, { limit: 200 })
  const told = unmatched.rows.filter((u) => u.proposals.length > 0)
  expect(told.length).toBeGreaterThan(10)
  const company = makeCompany(2, 0.5)
  for (const u of told.filter((one) => one.proposals[0]!.confidence > 0.8)) {
    const truly = company.accounts.find((a) => a.productId === u.extId || a.billingId === u.extId)
    expect(u.proposals[0]!.accountExtId).toBe(truly?.crmId)
  }

  // Neither a file nor an undo changes the sample.
  const saved = await app.services.files.save(
    (async function* () {
      yield new TextEncoder().encode('id,account\nu1,a1\n')
    })(),
  )
  const { id } = await app.services.db
    .selectFrom('workspace')
    .select('id')
    .where('slug', '=', slug)
    .executeTakeFirstOrThrow()
  await insertUpload(app.services.db, {
    ...saved,
    id: saved.id ?? newId(),
    workspaceId: id,
    name: 'users.csv',
    outsidePath: null,
    createdBy: actor.userId,
    createdAt: new Date(),
  })
  await expect(
    app.perform(importOperation, caller, {
      uploadId: saved.id,
      mapping: {
        dataset: 'users',
        source: 'product',
        fields: { id: { column: 'id' }, account: { column: 'account' } },
      },
    }),
  ).rejects.toThrow(/sample company; its data stays as it is/)
  await expect(app.perform(undoBatchOperation, caller, { batchId: 1 })).rejects.toThrow(/sample company/)

  // Opening it again shows the same one.
  expect(await app.perform(openSampleCompany, { actor, workspace: null }, {})).toEqual({ slug, jobId: null })
})
