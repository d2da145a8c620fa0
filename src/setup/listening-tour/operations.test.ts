import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testApp, type TestApp, type TestWorkspace } from '../../../tests/support/app.ts'
import { isProductError } from '../../platform/errors.ts'
import { newId } from '../../platform/ids.ts'
import type { Caller } from '../../platform/operation.ts'
import { readCost, setRate } from '../cost/operations.ts'
import { readReadiness } from '../readiness/operations.ts'
import { openQuestions, sendAnswer } from './answering.ts'
import { changeInterview, createInterview, listInterviews } from './interviews.ts'
import { codeEntry, listEntries, readResults } from './results.ts'
import type { AnswerContent } from './schemas.ts'
import {
  changeWave,
  closeWave,
  copyLinks,
  createWave,
  findWave,
  invitePeople,
  launchWave,
  listPeople,
  listWaves,
  playBack,
} from './waves.ts'

let app: TestApp
let w: TestWorkspace
beforeAll(async () => {
  app = await testApp()
})
afterAll(() => app.close())

const people = (n: number) =>
  Array.from({ length: n }, (_, i) => ({ name: `Person ${String(i).padStart(2, '0')}`, email: `p${i}@example.com` }))

/** An open wave of its own workspace, with the link of each person. */
async function launched(n = 12, audience: 'product-managers' | 'leaders' = 'product-managers') {
  w = await app.workspace()
  const wave = await app.perform(createWave, w.as['product-ops'], {
    title: 'First wave',
    audience,
    closesOn: '2999-12-31',
    questions: [
      { id: 'share', kind: 'share', text: 'How much of your week?' },
      { id: 'frictions', kind: 'frictions', text: 'What takes your week?', isNeeded: true },
      { id: 'area', kind: 'area', text: 'Which area?', options: ['Search', 'Billing', 'Mobile'] },
      { id: 'else', kind: 'text', text: 'What else?' },
    ],
  })
  await app.perform(invitePeople, w.as['product-ops'], { id: wave.id, people: people(n) })
  await app.perform(launchWave, w.as['product-ops'], { id: wave.id, version: wave.version })
  for (const job of await app.settle(w.id)) expect(job.error).toBeNull()
  const { rows } = await app.perform(copyLinks, w.as['product-ops'], { id: wave.id })
  return { id: wave.id, links: rows.map((r) => r.link.split('/l/')[1]!) }
}
const holder = (link: string): Caller => ({ actor: null, workspace: null, link, client: newId() })
const answer = (mark: string, area = 'Search', share = 40): AnswerContent => ({
  values: [
    { question: 'share', value: share },
    {
      question: 'frictions',
      value: [
        {
          code: null,
          words: 'slides for the board',
          often: 'weekly',
          hours: 3,
          system: 'Jira',
          waiting: 1,
          delayed: '',
          lack: 'system',
        },
      ],
    },
    { question: 'area', value: area },
    { question: 'else', value: mark },
  ],
  mayQuote: false,
})
const send = (link: string, content: AnswerContent) => app.perform(sendAnswer, holder(link), { answer: content })
const refusal = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work
    return 'taken'
  } catch (error) {
    return isProductError(error) ? `${error.code}: ${error.message}` : String(error)
  }
}
const table = async (name: string, columns = '*') =>
  (
    await sql
      .raw<Record<string, unknown>>(`select ${columns} from ${name} where workspace_id = '${w.id}'`)
      .execute(app.services.db)
  ).rows

test('results and marks appear with the fifth answer and not before, then in fives', async () => {
  const { id, links } = await launched()
  const seen: [number, number, number][] = []
  for (const [i, link] of links.slice(0, 11).entries()) {
    expect(await send(link, answer(`words ${i}`))).toEqual({ state: 'kept' })
    const results = await app.perform(readResults, w.as['product-ops'], { id })
    const told = (await app.perform(listPeople, w.as['product-ops'], { id })).people.filter((p) => p.hasAnswered)
    seen.push([results.people, results.wave.answered, told.length])
  }
  expect(seen.map(([n]) => n)).toEqual([0, 0, 0, 0, 5, 5, 5, 5, 5, 10, 10])
  expect(seen.every(([a, b, c]) => a === b && b === c)).toBe(true)
})

test('with the tables in hand no answer leads to a person: ids, order, transactions, times, audit and outbox', async () => {
  const { id, links } = await launched()
  for (const [i, link] of links.slice(0, 7).entries()) await send(link, answer(`said by number ${i}`))
  const answers = await table('tour_answer', '*, xmin::text as xmin, ctid::text as ctid')
  // One transaction for the whole group, random ids, and nothing but the answer and its wave.
  expect(new Set(answers.map((a) => a['xmin'])).size).toBe(1)
  expect(Object.keys(answers[0]!).sort()).toEqual(['content', 'ctid', 'id', 'wave_id', 'workspace_id', 'xmin'])
  expect(answers.every((a) => /^[0-9a-f]{8}-[0-9a-f]{4}-4/.test(String(a['id'])))).toBe(true)
  // Marks: those of the group in one transaction too; a token names no person and stands in the order of the hashes.
  const tokens = await table('tour_token', '*, xmin::text as xmin')
  expect(new Set(tokens.filter((t) => t['mark'] === 2).map((t) => t['xmin'])).size).toBe(1)
  expect(Object.keys(tokens[0]!).sort()).toEqual(['mark', 'token_hash', 'wave_id', 'workspace_id', 'xmin'])
  // What waits is not readable, of one length, and written by another transaction than the mark that follows it.
  const waiting = await table('tour_waiting', '*, xmin::text as xmin')
  expect(waiting).toHaveLength(2)
  expect(new Set(waiting.map((v) => String(v['sealed']).length)).size).toBe(1)
  expect(JSON.stringify(waiting)).not.toMatch(/said by|slides|Search/)
  const markedBy = new Set(tokens.filter((t) => t['mark'] === 1).map((t) => t['xmin']))
  expect(waiting.some((v) => markedBy.has(v['xmin']))).toBe(false)
  expect(waiting.some((v) => tokens.some((t) => t['token_hash'] === v['slot']))).toBe(false)
  // Nothing else of the database says anything of an answer.
  const invited = await table('tour_invited')
  expect(Object.keys(invited[0]!).sort()).toEqual([
    'asked_on',
    'email',
    'id',
    'name',
    'reminders',
    'wave_id',
    'workspace_id',
  ])
  const elsewhere = JSON.stringify([
    await table('audit'),
    await table('outbox_message'),
    await table('record_change'),
    await table('asking'),
    await table('job'),
  ])
  expect(elsewhere).not.toMatch(/said by number/)
  expect(elsewhere).not.toContain('setup.answering')
  for (const token of tokens) expect(elsewhere).not.toContain(String(token['token_hash']))
  expect(id).toBeTruthy()
})

test('the order in which a group is kept is not the order in which it came', async () => {
  const orders = new Set<string>()
  for (let round = 0; round < 3; round++) {
    const { links } = await launched(10)
    for (const [i, link] of links.slice(0, 5).entries()) await send(link, answer(`n${i}`))
    const stored = await table('tour_answer', 'content, ctid::text as ctid')
    orders.add(
      stored.map((a) => (a['content'] as AnswerContent).values.find((v) => v.question === 'else')!.value).join(),
    )
  }
  // Three times in the order of coming happens by chance in one of 1.7 million runs.
  expect(orders.size === 1 && orders.has('n0,n1,n2,n3,n4')).toBe(false)
})

test('a link answers once: sent again, twice at the same moment, or by a stranger', async () => {
  const { id, links } = await launched()
  const twice = await Promise.all([send(links[0]!, answer('a')), send(links[0]!, answer('b'))])
  expect(twice.map((t) => t.state).sort()).toEqual(['answered-before', 'kept'])
  expect(await send(links[0]!, answer('c'))).toEqual({ state: 'answered-before' })
  expect(await table('tour_waiting')).toHaveLength(1)
  expect(await refusal(send('not-a-link', answer('x')))).toMatch(/^not-found: This link is unknown/)
  expect((await app.perform(openQuestions, holder(links[0]!))).state).toBe('answered')
  expect((await app.perform(openQuestions, holder(links[1]!))).state).toBe('open')
  expect((await app.perform(findWave, w.as.leader, { id })).answered).toBe(0)
})

test('an answer whose link was not marked, since the server stopped in between, is in no group and counts once when it is sent again', async () => {
  const { id, links } = await launched()
  await send(links[0]!, answer('broken off'))
  await sql`update tour_token set mark = 0 where workspace_id = ${w.id}`.execute(app.services.db)
  for (const link of links.slice(1, 6)) await send(link, answer('whole'))
  expect((await app.perform(readResults, w.as.admin, { id })).people).toBe(5)
  expect(await send(links[0]!, answer('broken off'))).toEqual({ state: 'kept' })
  for (const link of links.slice(6, 10)) await send(link, answer('whole'))
  const results = await app.perform(readResults, w.as.admin, { id })
  expect(results.people).toBe(10)
  expect(results.texts[0]!.said.filter((s) => s.text === 'broken off')).toHaveLength(1)
})

test('what does not fit is refused in words that name the question; a comment of 100 kB and script keep their place', async () => {
  const { id, links } = await launched()
  expect(await refusal(send(links[0]!, { values: [], mayQuote: false }))).toMatch(
    /“What takes your week\?” has no answer yet/,
  )
  expect(await refusal(send(links[0]!, answer('x'.repeat(100_000))))).toMatch(/^invalid/)
  expect((await app.perform(openQuestions, holder(links[0]!))).state).toBe('open')
  const script = '<script>alert(1)</script>'
  for (const link of links.slice(0, 5)) await send(link, answer(script))
  expect((await app.perform(readResults, w.as.admin, { id })).texts[0]!.said[0]!.text).toBe(script)
})

test('by area: refused while people answer, then shown without leaving a few over; comments never', async () => {
  const { id, links } = await launched(20)
  const areas = [
    ...Array<string>(9).fill('Search'),
    ...Array<string>(6).fill('Billing'),
    ...Array<string>(5).fill('Mobile'),
  ]
  for (const [i, link] of links.entries()) await send(link, answer(`c${i}`, areas[i]))
  expect(await refusal(app.perform(readResults, w.as.admin, { id, area: 'Search' }))).toMatch(/once the wave is closed/)
  const wave = await app.perform(findWave, w.as.admin, { id })
  await app.perform(closeWave, w.as.admin, { id, version: wave.version })
  const search = await app.perform(readResults, w.as.admin, { id, area: 'Search' })
  expect([search.people, search.texts, search.areas.map((a) => a.people)]).toEqual([9, [], [9, 6, 5]])
  expect(await refusal(app.perform(readResults, w.as.admin, { id, area: 'Nowhere' }))).toMatch(/^forbidden: Too few/)
})

test('closing throws away unread what is too little for a group, says so, and takes nothing more', async () => {
  const { id, links } = await launched()
  for (const link of links.slice(0, 7)) await send(link, answer('x'))
  const wave = await app.perform(findWave, w.as.admin, { id })
  const closed = await app.perform(closeWave, w.as.admin, { id, version: wave.version })
  expect([closed.state, closed.answered, closed.leftOver]).toEqual(['closed', 5, 2])
  expect(await table('tour_waiting')).toEqual([])
  expect(await refusal(send(links[8]!, answer('late')))).toMatch(
    /^precondition: This wave has closed.*still in this browser/,
  )
  expect((await app.perform(openQuestions, holder(links[8]!))).state).toBe('closed')
  expect((await app.perform(listPeople, w.as.admin, { id })).people.filter((p) => p.hasAnswered)).toHaveLength(5)
})

test('after the launch questions and promise stand; its last day can move; nine people are no wave', async () => {
  const { id } = await launched()
  const { version, closesOn } = await app.perform(findWave, w.as.admin, { id })
  expect(closesOn).toBe('2999-12-31')
  for (const change of [
    { questions: [{ id: 'x', kind: 'text' as const, text: 'Who are you?' }] },
    { groupOf: 3 },
    { note: 'New' },
  ])
    expect(await refusal(app.perform(changeWave, w.as.admin, { id, version, ...change }))).toMatch(
      /has been launched with what people were told/,
    )
  expect((await app.perform(changeWave, w.as.admin, { id, version, closesOn: '2999-11-30' })).closesOn).toBe(
    '2999-11-30',
  )
  const few = await app.perform(createWave, w.as.admin, { title: 'Few', audience: 'leaders', closesOn: '2999-12-31' })
  await app.perform(invitePeople, w.as.admin, { id: few.id, people: people(9) })
  expect(await refusal(app.perform(launchWave, w.as.admin, { id: few.id, version: 1 }))).toMatch(
    /Interview them instead/,
  )
})

test('who was asked lately for something else rests: one budget over all waves', async () => {
  await launched()
  const second = await app.perform(createWave, w.as.admin, {
    title: 'Second',
    audience: 'leaders',
    closesOn: '2999-12-31',
  })
  await app.perform(invitePeople, w.as.admin, { id: second.id, people: people(12) })
  await app.perform(launchWave, w.as.admin, { id: second.id, version: 1 })
  await app.settle(w.id)
  expect((await app.perform(listPeople, w.as.admin, { id: second.id })).people.filter((p) => p.askedOn)).toEqual([])
})

test('words are coded by rule, corrected by people, and two who do it at once are told', async () => {
  const { id, links } = await launched()
  for (const link of links.slice(0, 5)) await send(link, answer('x'))
  const { entries } = await app.perform(listEntries, w.as['product-ops'], { id, ownWordsOnly: true })
  expect(entries.map((e) => [e.code, e.by])).toEqual(Array(5).fill(['executive-decks', 'words']))
  for (const e of entries.slice(0, 3))
    await app.perform(codeEntry, w.as['product-ops'], { answerId: e.answerId, entry: 0, code: 'reporting', was: null })
  expect(
    await refusal(
      app.perform(codeEntry, w.as['product-ops'], {
        answerId: entries[0]!.answerId,
        entry: 0,
        code: 'skills',
        was: null,
      }),
    ),
  ).toMatch(/^conflict/)
  const { frictions } = await app.perform(readResults, w.as['product-ops'], { id })
  expect(frictions.map((f) => [f.code, f.people])).toEqual([
    ['reporting', 3],
    ['other', 2],
  ])
})

test('words that may not be quoted are read by Product Ops alone; another workspace sees nothing at all', async () => {
  const { id, links } = await launched()
  for (const link of links.slice(0, 5))
    await send(link, { ...answer('in confidence, and long enough to quote'), mayQuote: link === links[0] })
  const all = await app.perform(readResults, w.as['product-ops'], { id })
  const some = await app.perform(readResults, w.as.leader, { id })
  expect([all.texts[0]!.said.length, some.texts[0]!.said.length, some.hidden]).toEqual([5, 1, 4])
  expect((await app.perform(readCost, w.as.leader)).quotes).toHaveLength(1)
  const other = await app.workspace()
  expect(await refusal(app.perform(readResults, other.as.admin, { id }))).toMatch(/^not-found/)
  expect((await app.perform(listWaves, other.as.admin)).waves).toEqual([])
})

test('what it costs follows from the answers and a stated rate, and so does whether it is time', async () => {
  const { links } = await launched(10)
  for (const link of links) await send(link, answer('x', 'Search', 40))
  expect((await app.perform(readCost, w.as.leader)).money).toBeNull()
  const cost = await app.perform(setRate, w.as.leader, { version: 0, amount: 100, basis: 'Controlling' })
  expect([cost.hoursPerWeek, cost.money]).toEqual([30, 30 * 46 * 100])
  const { verdict, triggers } = await app.perform(readReadiness, w.as.leader)
  expect([verdict, triggers[0]!.basis, triggers[0]!.isMet, Math.round(triggers[0]!.value! * 100)]).toEqual([
    'likely',
    'measured',
    true,
    40,
  ])
})

test('playback reaches those who answered, by the link that they have', async () => {
  const { id, links } = await launched()
  for (const link of links.slice(0, 5)) await send(link, answer('x'))
  const wave = await app.perform(findWave, w.as.admin, { id })
  await app.perform(playBack, w.as.admin, {
    id,
    version: wave.version,
    items: [{ said: 'Slides take days', answer: 'will', what: 'One page for the board' }],
  })
  expect((await app.perform(openQuestions, holder(links[0]!))).playback).toHaveLength(1)
  expect((await app.perform(openQuestions, holder(links[9]!))).playback).toBeNull()
})

test('interviews are read by Product Ops and administrators, count from three on, and leave no notes in the history', async () => {
  w = await app.workspace()
  for (const person of ['Ada', 'Grace', 'Edsger']) {
    const { id } = await app.perform(createInterview, w.as['product-ops'], { audience: 'leaders', person })
    await app.perform(changeInterview, w.as['product-ops'], {
      id,
      version: 1,
      state: 'held',
      notes: 'Told in confidence',
      share: 50,
      frictions: [{ code: 'portfolio-view', often: 'weekly', hours: 4 }],
    })
    const cost = await app.perform(readCost, w.as.leader)
    expect(cost.frictions.length).toBe(person === 'Edsger' ? 1 : 0)
  }
  expect(await refusal(app.perform(listInterviews, w.as.leader))).toMatch(/^forbidden/)
  expect((await app.perform(listInterviews, w.as['product-ops'])).interviews).toHaveLength(3)
  expect(JSON.stringify(await table('record_change'))).not.toContain('Told in confidence')
})
