import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  arrOf,
  catalogue,
  endOf,
  insertRaw,
  insertRawEvents,
  isCounted,
  isEntitled,
  isMeasured,
  paysOn,
  rawCompany,
  segmentOf,
  startOf,
  type RawCompany,
} from '../../../tests/support/raw-company.ts'
import { testApp, type TestApp, type TestWorkspace } from '../../../tests/support/app.ts'
import { listAuditOperation } from '../../platform/audit/operations.ts'
import { performWhole, type Caller } from '../../platform/operation.ts'
import { signatureOf } from '../../platform/webhooks/send.ts'
import { listWhitespace } from '../analyses/whitespace/accounts.ts'
import { analyseWhitespace } from '../analyses/whitespace/operations.ts'
import { addExclusion } from '../accounts/operations.ts'
import { applyFeatures, listFeaturesOperation } from '../features/operations.ts'
import { getWhitespaceList, handOverWhitespace, listWhitespaceLists, saveWhitespace } from './operations.ts'

let app: TestApp
let w: TestWorkspace
let c: RawCompany
let ids: Map<string, string>
let post: SMTPServer
let hook: Server
const mails: { to: string[]; text: string }[] = []
const posted: { body: string; signature: string }[] = []
let hookStatus = 200

beforeAll(async () => {
  post = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onRcptTo(address, _session, done) {
      done(address.address.startsWith('refused') ? new Error('550 no such mailbox') : null)
    },
    onData(stream, session, done) {
      let text = ''
      stream.on('data', (chunk: Buffer) => {
        text += chunk.toString()
      })
      stream.on('end', () => {
        mails.push({ to: session.envelope.rcptTo.map((r) => r.address), text })
        done()
      })
    },
  })
  await new Promise<void>((resolve) => {
    post.listen(0, '127.0.0.1', () => resolve())
  })
  hook = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString()
    })
    request.on('end', () => {
      posted.push({ body, signature: String(request.headers['x-throughline-signature']) })
      response.writeHead(hookStatus).end()
    })
  })
  await new Promise<void>((resolve) => {
    hook.listen(0, '127.0.0.1', () => resolve())
  })
  app = await testApp({
    mailUrl: `smtp://127.0.0.1:${(post.server.address() as AddressInfo).port}`,
    mayReachPrivate: true,
  })
  app.clock.set('2026-01-15T08:00:00Z')
  w = await app.workspace()
  c = rawCompany(4, 'plan-and-list')
  const warehouse = await app.services.warehouses.open(w.id)
  await warehouse.write(async (con) => {
    await insertRaw(con, c)
    await con.run(
      `update account set owner = 'Owner ' || (hash(ext_id) % 3), owner_email = case hash(ext_id) % 3 when 0 then 'zero@example.com' when 1 then 'one@example.com' end, renewal_date = date '2026-01-20' + (hash(ext_id) % 200)::integer`,
    )
    await con.run(
      `insert into account_attribute (source, ext_id, key, value, valid_from, imported_on, batch_id) select source, ext_id, 'main_contact', 'contact of ' || ext_id, null, '2025-12-31', 1 from account`,
    )
  })
  await app.perform(addExclusion, w.as.admin, { field: 'name', operator: 'contains', value: 'TEST', reason: 'test' })
  const { jobId } = await app.perform(applyFeatures, w.as.admin, {
    features: catalogue.map((f) => ({
      name: f.name,
      area: f.area,
      isCore: f.isCore,
      releasedOn: f.releasedOn,
      rules: f.names.map((value) => ({ kind: 'exact' as const, value })),
    })),
  })
  await app.services.jobs.settled(jobId)
  ids = new Map((await app.perform(listFeaturesOperation, w.as.admin)).features.map((f) => [f.name, f.id]))
})
afterAll(async () => {
  await app.close()
  await new Promise<void>((resolve) => {
    post.close(() => resolve())
  })
  hook.close()
})

const month = '2025-12'
const d = endOf(month)
const isOpen = (a: RawCompany['accounts'][number], f: (typeof catalogue)[number]) =>
  isCounted(a) &&
  arrOf(c, a.id, d) > 0 &&
  isEntitled(c, a.id, f, d) &&
  isMeasured(c, a.id, d) &&
  !c.events.some(
    (e) =>
      e.account === a.id &&
      f.names.includes(e.name) &&
      e.day >= startOf(month, -2) &&
      e.day <= d &&
      paysOn(c, a.id, e.day),
  )

test('the list is who may use a feature and has not adopted it, each with ARR and segment, and the cells add up to it', async () => {
  const featureIds = [...ids.values()]
  const listed = []
  for (const id of featureIds)
    listed.push(...(await app.perform(listWhitespace, w.as.leader, { month, featureIds: [id], limit: 200 })).rows)
  const expected = catalogue.flatMap((f) =>
    c.accounts
      .filter((a) => isOpen(a, f))
      .map((a) => `${a.id} ${f.name} ${segmentOf(a, d)} ${arrOf(c, a.id, d) / 100}`),
  )
  expect(listed.map((r) => `${r.accountId} ${r.feature} ${r.segment} ${r.arr}`).sort()).toEqual(expected.sort())
  expect(listed.every((r) => r.contacts[0]?.value === `contact of ${r.accountId}`)).toBe(true)
  const told = await app.perform(analyseWhitespace, w.as.leader, { month, featureIds })
  expect(told.cells.reduce((sum, cell) => sum + cell.accounts, 0)).toBe(expected.length)
  const accounts = c.accounts.filter((a) => catalogue.some((f) => isOpen(a, f)))
  expect([told.accounts, told.arr]).toEqual([
    accounts.length,
    accounts.reduce((sum, a) => sum + arrOf(c, a.id, d), 0) / 100,
  ])
  // Without features named, the core ones are meant.
  expect(
    new Set((await app.perform(analyseWhitespace, w.as.leader, { month })).cells.map((cell) => cell.feature)),
  ).toEqual(new Set(catalogue.filter((f) => f.isCore).map((f) => f.name)))
})

test('as a table it is what all its pages say, from one question that is written down once', async () => {
  const input = { month, featureIds: [...ids.values()] }
  const question = (caller: Caller) => performWhole(listWhitespace, app.services, caller, input, () => null)
  const paged = []
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page = await app.perform(listWhitespace, w.as.leader, { ...input, cursor, limit: 60 })
    paged.push(...page.rows)
    cursor = page.nextCursor
  }
  const lines = async () =>
    (await app.perform(listAuditOperation, w.as.admin, { limit: 200 })).rows
      .filter((r) => r.operation === listWhitespace.name)
      .map((r) => r.outcome)
  const before = await lines()
  const whole = []
  for await (const output of question(w.as.leader)) {
    expect(output.total).toBe(paged.length)
    whole.push(...output.rows)
  }
  expect(paged.length).toBeGreaterThan(120)
  expect(whole).toEqual(paged)
  await expect(question(w.as.stakeholder).next()).rejects.toMatchObject({ code: 'forbidden' })
  expect(await lines()).toEqual(['denied', 'done', ...before])
  // Where its pages are asked for it is one question too.
  const { whole: _, ...byPages } = listWhitespace
  const two = []
  for await (const page of performWhole(byPages, app.services, w.as.leader, { ...input, limit: 60 }, (output) =>
    output.nextCursor === null ? null : { ...input, limit: 60, cursor: output.nextCursor },
  ))
    two.push(...page.rows)
  expect(two).toEqual(paged)
  expect(await lines()).toEqual(['done', 'denied', 'done', ...before])
})

test('filters narrow it: segment, owner, renewal, ARR; nobody fits is said in words', async () => {
  const featureIds = [ids.get(catalogue[0]!.name)!]
  const all = await app.perform(listWhitespace, w.as.leader, { month, featureIds, limit: 200 })
  const first = all.rows[0]!
  const narrowed = await app.perform(listWhitespace, w.as.leader, {
    month,
    featureIds,
    segments: [first.segment],
    owners: [first.owner!],
    renewsWithinDays: 60,
    leastArr: 10,
    limit: 200,
  })
  expect(narrowed.rows.map((r) => r.accountId).sort()).toEqual(
    all.rows
      .filter(
        (r) => r.segment === first.segment && r.owner === first.owner && r.arr >= 10 && r.renewalDate! <= '2026-03-16',
      )
      .map((r) => r.accountId)
      .sort(),
  )
  const none = await app.perform(analyseWhitespace, w.as.leader, { month, segments: [`'; drop table feature; --`] })
  expect(none.answer.text).toMatch(/Nobody who may use/)
  await expect(
    app.perform(saveWhitespace, w.as.leader, { month, segments: ['nowhere'], name: 'Empty' }),
  ).rejects.toThrow(/nothing to keep/)
})

test('a kept list is mailed to the owners that have an address, posted with a signature, and remembers it', async () => {
  const kept = await app.perform(saveWhitespace, w.as['product-ops'], {
    month,
    name: 'Collaboration, winter',
    note: 'Please ask why.',
  })
  const { jobId } = await app.perform(handOverWhitespace, w.as['product-ops'], { id: kept.id, way: 'mail' })
  expect((await app.services.jobs.settled(jobId!)).result).toMatchObject({ queued: 2, held: 0 })
  await app.settle(w.id)
  const list = await app.perform(getWhitespaceList, w.as.leader, { id: kept.id })
  expect(
    mails
      .map((m) => m.to)
      .flat()
      .sort(),
  ).toEqual(['one@example.com', 'zero@example.com'])
  const mine = list.rows.filter((r) => r.ownerEmail === 'one@example.com')
  const mail = mails.find((m) => m.to.includes('one@example.com'))!.text
  expect(mail).toContain('Please ask why.')
  expect(mail).toContain('Collaboration-winter.csv')
  expect(mine.every((r) => mail.replaceAll('=\r\n', '').includes(r.account))).toBe(true)
  expect(list.list.withoutAddress).toBe(
    new Set(list.rows.filter((r) => r.ownerEmail === null).map((r) => r.accountId)).size,
  )

  const url = `http://127.0.0.1:${(hook.address() as AddressInfo).port}/hook`
  const sent = await app.perform(handOverWhitespace, w.as['product-ops'], { id: kept.id, way: 'webhook', url })
  expect((await app.services.jobs.settled(sent.jobId!)).state).toBe('done')
  await app.settle(w.id)
  expect(posted[0]!.signature).toBe(signatureOf(posted[0]!.body, sent.secret!))
  expect((JSON.parse(posted[0]!.body) as { items: unknown[] }).items).toHaveLength(kept.items)

  const failing = async (status: number) => {
    hookStatus = status
    await app.perform(handOverWhitespace, w.as['product-ops'], { id: kept.id, way: 'webhook', url })
    await app.settle(w.id)
    return (await app.perform(getWhitespaceList, w.as.leader, { id: kept.id })).handovers[0]
  }
  expect(await failing(410)).toMatchObject({
    outcome: 'failed',
    error: expect.stringMatching(/answered 410; nothing was taken/),
  })
  // One in trouble is asked again later.
  expect(await failing(500)).toMatchObject({
    outcome: 'queued',
    error: expect.stringMatching(/answered 500; nothing was taken/),
  })
  const after = await app.perform(getWhitespaceList, w.as.leader, { id: kept.id })
  expect(after.handovers.map((h) => [h.way, h.outcome]).sort()).toEqual([
    ['mail', 'sent'],
    ['mail', 'sent'],
    ['webhook', 'failed'],
    ['webhook', 'queued'],
    ['webhook', 'sent'],
  ])
  await expect(app.perform(getWhitespaceList, w.as.stakeholder, { id: kept.id })).rejects.toMatchObject({
    code: 'forbidden',
  })
})

test('later the list shows who has adopted, who left and who renewed', async () => {
  const kept = await app.perform(saveWhitespace, w.as.leader, {
    month: '2025-06',
    featureIds: [ids.get(catalogue[0]!.name)!],
    name: 'Since summer',
  })
  const list = await app.perform(getWhitespaceList, w.as.leader, { id: kept.id })
  for (const row of list.rows) {
    const now = arrOf(c, row.accountId, d) / 100
    expect([row.accountId, row.arrNow]).toEqual([row.accountId, now])
    expect(row.renewal).toBe(now === 0 ? 'left' : 'due')
    expect(row.hasAdopted).toBe(
      c.events.some(
        (e) =>
          e.account === row.accountId &&
          catalogue[0]!.names.includes(e.name) &&
          e.day >= '2025-10-01' &&
          e.day <= d &&
          paysOn(c, row.accountId, e.day),
      ),
    )
  }
  const warehouse = await app.services.warehouses.open(w.id)
  const [stays, uses] = list.rows.filter((r) => r.renewal === 'due').map((r) => r.accountId)
  await warehouse.write(async (con) => {
    await insertRawEvents(con, [
      { day: '2026-07-31', account: stays!, user: null, name: 'noise', batch: 7 },
      { day: '2026-07-05', account: uses!, user: null, name: 'share', batch: 7 },
    ])
  })
  app.clock.set('2026-08-10T08:00:00Z')
  const { jobId } = await app.perform(applyFeatures, w.as.admin, { features: [{ name: 'Another', rules: [] }] })
  await app.services.jobs.settled(jobId)
  const later = await app.perform(getWhitespaceList, w.as.leader, { id: kept.id })
  const of = (id: string) => later.rows.find((r) => r.accountId === id)!
  expect([of(stays!).hasAdopted, of(uses!).hasAdopted]).toEqual([false, true])
  for (const row of later.rows) {
    const now = arrOf(c, row.accountId, '2026-07-31') / 100
    const judged =
      now === 0
        ? 'left'
        : row.renewalDate! > '2026-07-31'
          ? 'due'
          : now > row.arrThen
            ? 'grew'
            : now < row.arrThen
              ? 'shrank'
              : 'renewed'
    expect([row.accountId, row.renewal]).toEqual([row.accountId, judged])
  }
  const [summary] = (await app.perform(listWhitespaceLists, w.as.leader)).rows.filter((l) => l.id === kept.id)
  expect(
    summary!.outcome.left.accounts +
      summary!.outcome.renewed.accounts +
      summary!.outcome.due.accounts +
      summary!.outcome.unknown.accounts,
  ).toBe(summary!.accounts)
})
