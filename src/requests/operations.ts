import { addresses } from '../platform/rooms/addresses.ts'
import { z } from 'zod'
import { PersonId, VersionNumber } from '../platform/field-types.ts'
import { isAccountNamed } from '../insights/accounts/warehouse.ts'
import { Day } from '../insights/datasets/schemas.ts'
import { addDays, daysBetween } from '../platform/calendar/month.ts'
import { isAllowed, roles } from '../platform/auth/permissions.ts'
import { invalidField, notFound, precondition } from '../platform/errors.ts'
import { newId } from '../platform/ids.ts'
import { placeWithin } from '../platform/links/address.ts'
import { linkThings } from '../platform/links/queries.ts'
import { operation, type WorkspaceContext } from '../platform/operation.ts'
import { listPeopleInRoles, namesOfPeople } from '../platform/people/queries.ts'
import {
  findAlike,
  insertRequest,
  listAskedSince,
  listOpen,
  listRequests,
  requestRecords,
  type StoredRequest,
} from './queries.ts'
import {
  groupRepeated,
  hoursBetween,
  isAskedBy,
  isVisible,
  isWithheld,
  likeness,
  refuseAnswer,
  refuseEnd,
  timesOf,
  type Reader,
} from './rules.ts'
import { Group, Person, Request, RequestState, Times } from './schemas.ts'
import { inWarehouse } from '../platform/warehouse/in-warehouse.ts'

const Id = z.uuid()
const Known = z.object({ id: Id, version: VersionNumber.describe('as it was read; a stale one is refused') })
const Line = z
  .string()
  .trim()
  .min(3)
  .max(300)
  .regex(/^[^\n\r]*$/, 'a text in one line')

const readerOf = ({ actor, scope }: WorkspaceContext): Reader => ({
  userId: actor.userId,
  seesAccounts: isAllowed(scope.role, 'insights:accounts'),
})

async function showRequests(context: WorkspaceContext, all: readonly StoredRequest[]): Promise<Request[]> {
  const names = await namesOfPeople(
    context.db,
    all.flatMap((r) => [r.askedBy, r.assignedTo, r.answeredBy].filter((id) => id !== null)),
  )
  const person = (id: string) => ({ id, name: names.get(id) ?? 'somebody who left' })
  const reader = readerOf(context)
  return all.map((r) => ({
    id: r.id,
    question: r.question,
    state: r.state,
    askedBy: person(r.askedBy),
    askedAt: r.askedAt.toISOString(),
    isMine: r.askedBy === reader.userId,
    assignedTo: r.assignedTo === null ? null : person(r.assignedTo),
    answer:
      r.answer === null || r.answeredBy === null || isWithheld(r, reader)
        ? null
        : {
            text: r.answer,
            address: r.answerAddress,
            by: person(r.answeredBy),
            at: (r.answeredAt ?? r.askedAt).toISOString(),
          },
    isWithheld: (r.answer !== null || r.closedBecause !== null) && isWithheld(r, reader),
    sameAs: r.sameAs,
    namesAccounts: r.namesAccounts,
    closedBecause: isWithheld(r, reader) ? null : r.closedBecause,
    hoursOpen: hoursBetween(
      r.askedAt,
      (r.state === 'answered' ? r.answeredAt : r.state === 'closed' ? r.closedAt : null) ?? context.now(),
    ),
    version: r.version,
  }))
}

/** One that the reader may see; another workspace's, or one that is not for the reader, does not exist. */
async function needRequest(context: WorkspaceContext, id: string): Promise<StoredRequest> {
  const found = await requestRecords.find(context.db, context.scope, id)
  if (!found || !isVisible(found, readerOf(context))) throw notFound('request', id)
  return found
}

const shown = async (context: WorkspaceContext, id: string): Promise<Request> =>
  (await showRequests(context, [await needRequest(context, id)]))[0]!

type Sent = { id: string; version: number; [field: string]: unknown }
const knownOf = ({ id, version, ...given }: Sent) => ({ id, version, given })

/** As it was read by who changes it. @throws not-found, conflict */
async function needRead(context: WorkspaceContext, sent: Sent): Promise<StoredRequest> {
  await needRequest(context, sent.id)
  return requestRecords.needVersion(context, knownOf(sent), () => shown(context, sent.id))
}

async function changed(
  context: WorkspaceContext,
  sent: Sent,
  change: Parameters<typeof requestRecords.changeAtVersion>[2],
): Promise<Request> {
  await requestRecords.changeAtVersion(context, knownOf(sent), change, () => shown(context, sent.id))
  return shown(context, sent.id)
}

const answering = roles.filter((role) => isAllowed(role, 'requests:answer'))
const namesAccount = (context: WorkspaceContext, text: string): Promise<boolean> =>
  inWarehouse(context, (con) => isAccountNamed(con, text))
const isAnalysis = (place: string) => place.startsWith('/insights/') || place.startsWith(addresses.account)
const decoded = (address: string): string => {
  try {
    return decodeURIComponent(address)
  } catch {
    return address
  }
}

export const listRequestsOperation = operation({
  name: 'requests.list',
  summary: 'What was asked of Product Ops, newest first',
  kind: 'read',
  may: 'requests:ask',
  restsOn: ['people'],
  input: z.object({
    state: RequestState.optional(),
    mineOnly: z.boolean().default(false),
    ids: z.array(Id).max(200).optional(),
    cursor: Id.optional(),
    limit: z.int().min(1).max(200).default(50),
  }),
  output: z.object({ rows: z.array(Request), nextCursor: z.string().nullable() }),
  example: () => ({ state: 'open' as const }),
  csv: {
    fileName: () => 'requests.csv',
    rows: (o) =>
      o.rows.map((r) => ({
        id: r.id,
        question: r.question,
        state: r.state,
        asked_by: r.askedBy.name,
        asked_at: r.askedAt,
        assigned_to: r.assignedTo?.name ?? null,
        answer: r.answer?.text ?? null,
        address: r.answer?.address ?? null,
        answered_by: r.answer?.by.name ?? null,
        answered_at: r.answer?.at ?? null,
        hours: r.hoursOpen,
        found_at_once: r.sameAs !== null,
      })),
  },
  async run(context, { state, mineOnly, ids, cursor, limit }) {
    const { userId, seesAccounts } = readerOf(context)
    const rows = await listRequests(context.db, context.scope, {
      limit: limit + 1,
      ...(state ? { state } : {}),
      ...(mineOnly ? { askedBy: userId } : {}),
      ...(ids ? { ids } : {}),
      ...(cursor ? { before: cursor } : {}),
      ...(seesAccounts ? {} : { reader: userId }),
    })
    const page = rows.slice(0, limit)
    return { rows: await showRequests(context, page), nextCursor: rows.length > limit ? page.at(-1)!.id : null }
  },
})

export const searchRequests = operation({
  name: 'requests.search',
  summary: 'Earlier answers to what is being asked',
  kind: 'read',
  may: 'requests:ask',
  restsOn: [],
  input: z.object({ text: z.string().trim().max(300), limit: z.int().min(1).max(20).default(3) }),
  output: z.object({ rows: z.array(Request) }),
  example: () => ({ text: 'enterprise collaboration' }),
  async run(context, { text, limit }) {
    const { typed, rows } = await findAlike(context.db, context.scope, text)
    const reader = readerOf(context)
    const fitting = rows
      .filter((r) => isVisible(r, reader) && !isWithheld(r, reader))
      .map((r) => ({ request: r, alike: likeness(typed, r.words), asked: isAskedBy(typed, r.words) }))
      .filter(({ alike, asked }) => alike >= 0.5 || asked >= 0.75)
      .sort((a, b) => b.alike + b.asked - a.alike - a.asked)
    return {
      rows: await showRequests(
        context,
        fitting.slice(0, limit).map(({ request }) => request),
      ),
    }
  },
})

export const askRequest = operation({
  name: 'requests.ask',
  summary: 'Ask Product Ops a question, or take an earlier answer to it',
  kind: 'write',
  may: 'requests:ask',
  input: z.object({
    question: Line,
    taken: Id.nullable()
      .default(null)
      .describe('the request whose answer answers this one too; it counts as answered at once'),
  }),
  output: Request,
  example: () => ({ question: 'How many Enterprise accounts use Collaboration?' }),
  target: (input) => input.question,
  prepare: (context, { question }) => namesAccount(context, question),
  async run(context, { question, taken }, namesAccounts) {
    const { db, scope, actor, now } = context
    const earlier = taken === null ? null : await needRequest(context, taken)
    if (earlier && (earlier.state !== 'answered' || isWithheld(earlier, readerOf(context))))
      throw precondition('That question has no answer to take.')
    const id = newId(now().getTime())
    // An answer that was itself taken from another leads to where it comes from.
    await insertRequest(db, scope, {
      id,
      question,
      askedBy: actor.userId,
      askedAt: now(),
      namesAccounts,
      taken: earlier && { ...earlier, id: earlier.sameAs ?? earlier.id },
    })
    return shown(context, id)
  },
})

export const answerRequest = operation({
  name: 'requests.answer',
  summary: 'Answer a question with a sentence and the analysis that shows it',
  kind: 'write',
  may: 'requests:answer',
  input: Known.extend({
    text: z.string().trim().min(1).max(1000).meta({ title: 'Answer', description: 'A sentence, with its number' }),
    address: z
      .string()
      .trim()
      .min(1)
      .max(4000)
      .meta({ title: 'Analysis', description: 'The link of the analysis that shows it; “Copy link” on its page' }),
  }),
  output: Request,
  example: (f) => ({
    id: f['requestId']!,
    version: 1,
    text: '4 of 83 do.',
    address: '/insights/adoption?month=2025-12',
  }),
  target: (input) => input.id,
  async prepare(context, { id, text, address }) {
    const known = await requestRecords.find(context.db, context.scope, id)
    return namesAccount(context, `${known?.question ?? ''} ${text} ${decoded(address)}`)
  },
  async run(context, sent, namesAccounts) {
    const { services, scope, actor, db, now } = context
    const { id, text, address } = sent
    refuseAnswer((await needRead(context, sent)).state)
    const place = placeWithin(address, { baseUrl: services.baseUrl(), slug: scope.slug })
    if (place === null || !isAnalysis(place))
      throw invalidField(
        'address',
        'this is no analysis of this workspace. Open the analysis that shows the answer and copy its link.',
      )
    await linkThings(db, scope, {
      from: { kind: 'request', id },
      relation: 'answered-by',
      to: { kind: 'analysis', id: place },
      by: actor.userId,
      at: now(),
    })
    return changed(context, sent, {
      state: 'answered',
      answer: text,
      answerAddress: place,
      answeredBy: actor.userId,
      answeredAt: now(),
      namesAccounts,
    })
  },
})

export const assignRequest = operation({
  name: 'requests.assign',
  summary: 'Say who will answer a question',
  kind: 'write',
  may: 'requests:answer',
  input: Known.extend({ person: PersonId.nullable().describe('null: nobody yet') }),
  output: Request,
  example: (f) => ({ id: f['requestId']!, version: 1, person: null }),
  target: (input) => `${input.id} to ${input.person ?? 'nobody'}`,
  async run(context, sent) {
    const { person } = sent
    refuseAnswer((await needRead(context, sent)).state)
    if (
      person !== null &&
      !(await listPeopleInRoles(context.db, context.scope, answering)).some((p) => p.id === person)
    )
      throw notFound('person who answers', person)
    return changed(context, sent, { assignedTo: person })
  },
})

export const closeRequest = operation({
  name: 'requests.close',
  summary: 'Close a question without an answer, with the reason',
  kind: 'write',
  may: 'requests:ask',
  input: Known.extend({ because: z.string().trim().min(1).max(500).meta({ title: 'Reason' }) }),
  output: Request,
  example: (f) => ({ id: f['requestId']!, version: 1, because: 'Not needed any more.' }),
  target: (input) => `${input.id}: ${input.because}`,
  prepare: (context, { because }) => namesAccount(context, because),
  async run(context, sent, namesAccounts) {
    const known = await needRead(context, sent)
    refuseEnd(known, context.actor.userId, isAllowed(context.scope.role, 'requests:answer'), 'closed')
    return changed(context, sent, {
      state: 'closed',
      closedBecause: sent.because,
      closedAt: context.now(),
      namesAccounts: known.namesAccounts || namesAccounts,
    })
  },
})

export const reopenRequest = operation({
  name: 'requests.reopen',
  summary: 'Open a question again, because the answer does not answer it',
  kind: 'write',
  may: 'requests:ask',
  input: Known,
  output: Request,
  example: (f) => ({ id: f['answeredRequestId']!, version: 1 }),
  target: (input) => input.id,
  async run(context, sent) {
    const known = await needRead(context, sent)
    refuseEnd(known, context.actor.userId, isAllowed(context.scope.role, 'requests:answer'), 'open')
    return changed(context, sent, {
      state: 'open',
      sameAs: null,
      answeredAt: null,
      closedAt: null,
      closedBecause: null,
    })
  },
})

const defaultSpanDays = 90

export const readRequestFigures = operation({
  name: 'requests.figures',
  summary: 'Time to answer, what is open, and what is asked again and again',
  kind: 'read',
  may: 'requests:ask',
  restsOn: [],
  input: z.object({ days: z.int().min(1).max(730).default(defaultSpanDays).describe('the span that ends today') }),
  output: z.object({
    from: Day,
    to: Day,
    asked: z.int(),
    times: Times,
    byPeople: Times.describe('without those that found their answer at once'),
    foundAtOnce: z.int(),
    open: z.int(),
    oldestOpenHours: z.number().nullable(),
    groups: z.array(Group),
  }),
  example: () => ({ days: 90 }),
  csv: {
    fileName: () => 'repeated-questions.csv',
    rows: (o) =>
      o.groups.map((g) => ({
        question: g.question,
        times: g.times,
        people: g.people,
        last_asked: g.lastAskedAt,
        address: g.address,
      })),
  },
  async run(context, { days }) {
    const { db, scope, now } = context
    const to = now().toISOString().slice(0, 10)
    const from = addDays(to, 1 - days)
    const all = await listAskedSince(db, scope, new Date(`${from}T00:00:00Z`))
    const open = await listOpen(db, scope)
    const within = (at: Date | null) => at !== null && daysBetween(from, at.toISOString().slice(0, 10)) >= 0
    const answered = all.filter((r) => r.state === 'answered' && within(r.answeredAt))
    const asked = all.filter((r) => within(r.askedAt))
    const reader = readerOf(context)
    const hours = (list: readonly StoredRequest[]) => timesOf(list.map((r) => hoursBetween(r.askedAt, r.answeredAt!)))
    return {
      from,
      to,
      asked: asked.length,
      times: hours(answered),
      byPeople: hours(answered.filter((r) => r.sameAs === null)),
      foundAtOnce: answered.filter((r) => r.sameAs !== null).length,
      open: open.length,
      oldestOpenHours: open[0] ? hoursBetween(open[0].askedAt, now()) : null,
      groups: groupRepeated(
        asked
          .filter((r) => isVisible(r, reader) && !isWithheld(r, reader))
          .map((r) => ({ ...r, address: r.answerAddress })),
      ).slice(0, 20),
    }
  },
})

export const listAnswerersOperation = operation({
  name: 'requests.answerers',
  summary: 'Who may answer questions',
  kind: 'read',
  may: 'requests:answer',
  restsOn: ['people'],
  command: false,
  input: z.object({}),
  output: z.object({ rows: z.array(Person) }),
  example: () => ({}),
  run: async ({ db, scope }) => ({ rows: await listPeopleInRoles(db, scope, answering) }),
})
