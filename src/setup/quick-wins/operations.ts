import { z } from 'zod'
import { Id } from '../../platform/field-types.ts'
import { invalid, notFound } from '../../platform/errors.ts'
import { monthIndex } from '../../platform/calendar/month.ts'
import { hashToken, newId } from '../../platform/ids.ts'
import { operation, type WorkspaceContext } from '../../platform/operation.ts'
import { listPeople, namesOfPeople } from '../../platform/people/queries.ts'
import { findThings } from '../../platform/rooms/finding.ts'
import type { Thing } from '../../platform/rooms/thing.ts'
import { readFindings } from '../findings.ts'
import { choices } from '../pillar-choice/queries.ts'
import { audiences, frictions, pillars } from '../taxonomy.ts'
import { candidatesOf } from './candidates.ts'
import { listSamples, quickWinRecords, saveSample, type StoredQuickWin } from './queries.ts'
import { readQuickWins, type Read } from './reading.ts'
import { monthsOf, nextDay, refuseSample, stateOf, totalsOf } from './rules.ts'
import { QuickWin, QuickWinChange, QuickWinDetail, QuickWinDraft, QuickWinTotals, tapMinutes } from './schemas.ts'

const todayOf = ({ now }: Pick<WorkspaceContext, 'now'>) => now().toISOString().slice(0, 10)

const readAll = (context: WorkspaceContext, all: readonly StoredQuickWin[]): Promise<Read[]> =>
  readQuickWins({ ...context, wins: context.services.rooms.wins }, all, todayOf(context))

async function showQuickWins(context: WorkspaceContext, all: readonly Read[]): Promise<QuickWin[]> {
  const { rooms } = context.services
  const names = await namesOfPeople(
    context.db,
    all.flatMap(({ win }) => win.ownerId ?? []),
  )
  const things = await findThings(
    context,
    all.flatMap(({ win }) => thingOf(context, win) ?? []),
  )
  return all.map(({ win, assessed }) => {
    const kind = win.win === null ? undefined : rooms.wins.get(win.win)
    const thing = thingOf(context, win)
    return {
      id: win.id,
      title: win.title,
      what: win.what,
      friction: frictionOf(win.friction),
      audience: win.audience,
      owner: win.ownerId === null ? null : { id: win.ownerId, name: names.get(win.ownerId) ?? 'somebody who left' },
      win: kind ? { win: kind.win, name: kind.name, how: kind.how, time: kind.time, ...kind.counted } : null,
      winOf: thing ? plainThing(things(thing), thing.id) : null,
      people: win.people,
      timesPerMonth: win.timesPerMonth,
      statedBefore: win.statedBefore,
      statedAfter: win.statedAfter,
      deliveredOn: win.deliveredOn,
      droppedBecause: win.droppedBecause,
      ...assessed,
      version: win.version,
    }
  })
}

const thingOf = (
  { services }: WorkspaceContext,
  { win, winOf }: StoredQuickWin,
): { kind: string; id: string } | null => {
  const kind = win === null ? undefined : services.rooms.wins.get(win)
  return winOf !== null && kind?.about ? { kind: kind.about, id: winOf } : null
}
const plainThing = (thing: Thing | null, id: string) => ({
  id,
  title: thing?.title ?? 'not there any more, or not for your role',
  address: thing?.address ?? null,
})
const frictionOf = (code: string | null) => {
  if (code === null) return null
  const known = frictions.find((f) => f.code === code)
  return { code, name: known?.name ?? code, pillar: known?.pillar ?? null }
}

/** @throws not-found */
async function need(context: WorkspaceContext, id: string): Promise<StoredQuickWin> {
  const found = await quickWinRecords.find(context.db, context.scope, id)
  if (!found) throw notFound('quick win', id)
  return found
}

/** Whose tap it is, as nothing but this quick win can tell. */
const volunteerOf = ({ services, actor }: WorkspaceContext, id: string): string =>
  hashToken(`${services.secretFor('volunteers')} ${id} ${actor.userId}`)

async function detailOf(context: WorkspaceContext, id: string): Promise<QuickWinDetail> {
  const [read] = await readAll(context, [await need(context, id)])
  const { win, samples, record, assessed } = read!
  const [shown] = await showQuickWins(context, [read!])
  const today = todayOf(context)
  const first = win.deliveredOn === null ? null : monthIndex(win.deliveredOn.slice(0, 7))
  const months =
    first === null ? [] : Array.from({ length: monthIndex(today.slice(0, 7)) - first + 1 }, (_, i) => first + i)
  const own = samples.filter((s) => s.volunteer === volunteerOf(context, id))
  const of = (side: 'before' | 'after') => samples.filter((s) => s.side === side).map((s) => s.minutes)
  const mine = (side: 'before' | 'after') => own.find((s) => s.side === side)?.minutes ?? null
  const delivered = record?.done.filter(
    (d) => win.deliveredOn !== null && d.at.toISOString().slice(0, 10) >= win.deliveredOn,
  )
  return {
    ...shown!,
    samples: { before: of('before'), after: of('after') },
    mine: { before: mine('before'), after: mine('after') },
    months: monthsOf(win, record, assessed, months.slice(-13), nextDay(today)),
    forWhom: [...Map.groupBy(delivered ?? [], (d) => d.forWhom)]
      .map(([role, done]) => ({ role, times: done.length }))
      .sort((a, b) => b.times - a.times),
  }
}

type Draft = z.output<typeof QuickWinDraft>

/** @throws invalid for an owner, a friction or a win that is not there */
async function checkDraft(context: WorkspaceContext, draft: Draft): Promise<void> {
  const { rooms } = context.services
  if (draft.friction !== null && !frictions.some((f) => f.code === draft.friction))
    throw unfit(
      'friction',
      `there is no “${draft.friction}” in the taxonomy. It knows ${frictions.map((f) => f.code).join(', ')}`,
    )
  const kind = draft.win === null ? null : rooms.wins.get(draft.win)
  if (kind === undefined)
    throw unfit(
      'win',
      `nothing counts “${draft.win}”. What is counted: ${[...rooms.wins.keys()].join(', ') || 'nothing yet'}`,
    )
  if (draft.winOf !== null && !kind?.about)
    throw unfit('winOf', 'say first what delivers it, and of that one cannot be told from another. Leave this out')
  if (draft.ownerId !== null && !(await listPeople(context.db, context.scope)).some((p) => p.userId === draft.ownerId))
    throw notFound('person', draft.ownerId)
}
const unfit = (path: string, message: string) =>
  invalid(`“${path}”: ${message}.`, { issues: [{ path, message: `“${path}”: ${message}.` }] })

/** @throws not-found */
async function checkThing(context: WorkspaceContext, draft: Draft): Promise<void> {
  if (draft.winOf === null) return
  const about = context.services.rooms.wins.get(draft.win!)!.about!
  if (!(await findThings(context, [{ kind: about, id: draft.winOf }]))({ kind: about, id: draft.winOf }))
    throw notFound(about, draft.winOf)
}

export const listQuickWins = operation({
  name: 'setup.quickWins.list',
  summary: 'The ledger of hours given back: every quick win with before, after, method and confidence',
  kind: 'read',
  may: 'setup:read',
  input: z.object({ state: z.enum(['planned', 'delivered', 'dropped']).optional() }),
  output: z.object({ rows: z.array(QuickWin), totals: QuickWinTotals, asOf: z.string() }),
  example: () => ({}),
  csv: {
    fileName: () => 'quick-wins.csv',
    rows: (o) =>
      o.rows.map((w) => ({
        id: w.id,
        quick_win: w.title,
        state: w.state,
        friction: w.friction?.name ?? null,
        audience: w.audience,
        owner: w.owner?.name ?? null,
        delivered_by: w.win?.name ?? null,
        delivered_on: w.deliveredOn,
        before_minutes: w.before?.minutes ?? null,
        before_method: w.before?.method ?? null,
        before_timed: w.before?.of ?? null,
        after_minutes: w.after?.minutes ?? null,
        after_method: w.after?.method ?? null,
        after_timed: w.after?.of ?? null,
        times: w.times?.n ?? null,
        times_method: w.times?.how ?? null,
        hours_given_back: w.hours?.value ?? null,
        hours_low: w.hours?.low ?? null,
        hours_high: w.hours?.high ?? null,
        confidence: w.confidence,
        waiting_before_minutes: w.waiting?.before?.minutes ?? null,
        waiting_after_minutes: w.waiting?.after?.minutes ?? null,
      })),
  },
  async run(context, { state }) {
    const all = await readAll(context, await quickWinRecords.list(context.db, context.scope))
    const wanted = state ? all.filter(({ win }) => stateOf(win) === state) : all
    return {
      rows: await showQuickWins(context, wanted),
      totals: totalsOf(all.map(({ assessed }) => assessed)),
      asOf: todayOf(context),
    }
  },
})

export const getQuickWin = operation({
  name: 'setup.quickWins.get',
  summary: 'One quick win with its measurements, month by month and for whom',
  kind: 'read',
  may: 'setup:read',
  input: z.object({ id: Id }),
  output: QuickWinDetail,
  example: (f) => ({ id: f['quickWinId']! }),
  run: (context, { id }) => detailOf(context, id),
})

export const createQuickWin = operation({
  name: 'setup.quickWins.create',
  summary: 'Plan a quick win: what takes time, whose, and what takes it away',
  kind: 'write',
  may: 'setup:edit',
  input: QuickWinDraft,
  output: QuickWinDetail,
  example: () => ({ title: 'Usage of a feature without asking for a query', people: 12, timesPerMonth: 4 }),
  target: (input) => input.title,
  async run(context, draft) {
    await checkDraft(context, draft)
    await checkThing(context, draft)
    const { db, scope, actor, now } = context
    const id = newId(now().getTime())
    await quickWinRecords.insert(db, scope, { ...draft, id, createdBy: actor.userId, createdAt: now() }, now())
    return detailOf(context, id)
  },
})

export const updateQuickWin = operation({
  name: 'setup.quickWins.update',
  summary: 'Change a quick win, say from which day it is delivered, or drop it with the reason',
  kind: 'write',
  may: 'setup:edit',
  input: QuickWinChange,
  output: QuickWinDetail,
  example: (f) => ({ id: f['quickWinId']!, version: 1, title: 'Usage without a query', deliveredOn: '2025-11-03' }),
  target: (input) => input.id,
  async run(context, sent) {
    const { id, version, ...change } = sent
    // What delivered it may have gone since: as long as nobody names another, it stays named.
    const before = await quickWinRecords.needVersion(context, { id, version, given: change }, () =>
      detailOf(context, id),
    )
    const isKept = change.win === before.win && change.winOf === before.winOf
    await checkDraft(context, isKept ? { ...change, win: null, winOf: null } : change)
    if (!isKept) await checkThing(context, change)
    if (change.deliveredOn !== null && change.deliveredOn > todayOf(context))
      throw unfit('deliveredOn', 'this day is still to come. Say it once it is delivered')
    await quickWinRecords.changeAtVersion(context, { id, version, given: change }, change, () => detailOf(context, id))
    return detailOf(context, id)
  },
})

export const sampleQuickWin = operation({
  name: 'setup.quickWins.time',
  summary: 'Say in one tap what it took the last time; three volunteers are enough, and nobody sees whose tap it was',
  kind: 'write',
  may: 'setup:read',
  input: z.object({
    id: Id,
    side: z.enum(['before', 'after']),
    minutes: z.union(tapMinutes.map((n) => z.literal(n))),
  }),
  output: QuickWinDetail,
  example: (f) => ({ id: f['quickWinId']!, side: 'before' as const, minutes: 30 as const }),
  target: (input) => input.id,
  async run(context, { id, side, minutes }) {
    const win = await need(context, id)
    const volunteer = volunteerOf(context, id)
    const others = (await listSamples(context.db, context.scope, id)).filter(
      (s) => s.side === side && s.volunteer !== volunteer,
    )
    refuseSample(win, side, others.length)
    await saveSample(context.db, context.scope, { quickWinId: id, side, volunteer, minutes, onDay: todayOf(context) })
    return detailOf(context, id)
  },
})

const Candidate = z.object({
  code: z.string(),
  name: z.string(),
  pillar: z.enum(pillars).nullable(),
  audience: z.enum(audiences),
  people: z.int(),
  hoursPerWeek: z.number(),
  low: z.number(),
  high: z.number(),
  win: z.string().nullable(),
})

export const listQuickWinCandidates = operation({
  name: 'setup.quickWins.candidates',
  summary: 'What to begin with: the frictions of the listening tour that cost most and are no quick win yet',
  kind: 'read',
  may: 'setup:read',
  input: z.object({}),
  output: z.object({ rows: z.array(Candidate), asOf: z.string().nullable() }),
  example: () => ({}),
  async run(context) {
    const findings = await readFindings(context)
    const { pillar: chosen } = await choices.find(context.db, context.scope)
    const taken = (await quickWinRecords.list(context.db, context.scope))
      .filter((win) => win.droppedBecause === null)
      .map((win) => ({ code: win.friction, audience: win.audience }))
    return {
      rows: candidatesOf(findings, new Set(context.services.rooms.wins.keys()), taken, chosen),
      asOf: findings.asOf,
    }
  },
})

export const quickWinOptions = operation({
  name: 'setup.quickWins.options',
  summary: 'What a quick win can name: what delivers and counts it, people, frictions',
  kind: 'read',
  may: 'setup:read',
  restsOn: ['people'],
  input: z.object({}),
  output: z.object({
    wins: z.array(z.object({ win: z.string(), name: z.string(), how: z.string(), about: z.string().nullable() })),
    people: z.array(z.object({ id: z.string(), name: z.string() })),
    frictions: z.array(z.object({ code: z.string(), name: z.string(), pillar: z.enum(pillars).nullable() })),
  }),
  example: () => ({}),
  async run({ db, scope, services }) {
    return {
      wins: [...services.rooms.wins.values()].map(({ win, name, how, about }) => ({ win, name, how, about })),
      people: (await listPeople(db, scope)).map((p) => ({ id: p.userId, name: p.name })),
      frictions: frictions.map(({ code, name, pillar }) => ({ code, name, pillar })),
    }
  },
})
