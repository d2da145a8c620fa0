/** Waves: made from a question set, changed until they are launched, open until they are closed. */
import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { invalid, notFound, precondition } from '../../platform/errors.ts'
import { Id } from '../../platform/field-types.ts'
import { newId } from '../../platform/ids.ts'
import { operation, type WorkspaceContext } from '../../platform/operation.ts'
import { audiences, frictions, pillars } from '../taxonomy.ts'
import { refuseFewInvited } from './confidentiality.ts'
import { inviteJobKind } from './inviting.ts'
import {
  insertInvited,
  insertTokens,
  listCountedTokens,
  listInvited,
  lockWave,
  removeInvited,
  throwWaitingAway,
  waves,
  type StoredWave,
} from './queries.ts'
import { questionSets } from './question-sets.ts'
import { Audience, Known, Playback, Question, Questions, Wave, WaveDraft } from './schemas.ts'
import { knownOf, needWave, shownWave, showWaves } from './showing.ts'
import { tokenFor, tokenHashFor } from './tokens.ts'

/** Many ask: one thing at most, else the page that a person fills in has no place for it. */
function refuseQuestions(questions: readonly Question[]): void {
  const ids = questions.map((q) => q.id)
  if (new Set(ids).size !== ids.length) throw invalid('Two questions have the same id. Give each its own.')
  for (const kind of ['frictions', 'share', 'area'] as const)
    if (questions.filter((q) => q.kind === kind).length > 1)
      throw invalid(
        `A wave asks for ${kind === 'share' ? 'a share of the week' : kind} once. Remove the second question.`,
      )
}

/** A draft may lack what only the company knows: its areas. */
function refuseWithoutOptions(questions: readonly Question[]): void {
  const lacking = questions.find((q) => ['choice', 'area'].includes(q.kind) && q.options.length < 2)
  if (lacking)
    throw precondition(
      `“${lacking.text}” needs at least two options to choose from. Add them, or leave the question out.`,
    )
}

function needState(wave: StoredWave, state: StoredWave['state'], verb: string): void {
  if (wave.state !== state)
    throw precondition(
      wave.state === 'draft'
        ? `“${wave.title}” is a draft. Launch it before you ${verb}.`
        : wave.state === 'open'
          ? `“${wave.title}” has been launched. It cannot be ${verb} any more.`
          : `“${wave.title}” is closed.`,
    )
}

const enqueue = (context: WorkspaceContext, input: { waveId: string; what: 'ask' | 'remind' | 'play-back' }) =>
  context.services.jobs.enqueue(context.db, {
    workspaceId: context.scope.workspaceId,
    kind: inviteJobKind,
    input,
    createdBy: context.actor.userId,
  })

export const readQuestionSets = operation({
  name: 'setup.tour.questionSets',
  summary: 'Question sets to start a wave of the listening tour from, one for each audience',
  kind: 'read',
  may: 'setup:read',
  input: z.object({}),
  output: z.object({ sets: z.array(z.object({ audience: Audience, questions: Questions })) }),
  example: () => ({}),
  run: async () => ({ sets: audiences.map((audience) => ({ audience, questions: questionSets[audience] })) }),
})

export const listCodes = operation({
  name: 'setup.tour.codes',
  summary: 'The frictions that answers are coded to, and the pillar that takes each away',
  kind: 'read',
  may: 'setup:read',
  restsOn: [],
  input: z.object({}),
  output: z.object({
    codes: z.array(
      z.object({ code: z.string(), name: z.string(), what: z.string(), pillar: z.enum(pillars).nullable() }),
    ),
  }),
  example: () => ({}),
  run: async () => ({ codes: frictions.map(({ words: _words, ...f }) => f) }),
})

export const listWaves = operation({
  name: 'setup.tour.list',
  summary: 'Waves of the listening tour, newest first, with how many have answered',
  kind: 'read',
  may: 'setup:read',
  input: z.object({}),
  output: z.object({ waves: z.array(Wave) }),
  example: () => ({}),
  run: async (context) => ({ waves: await showWaves(context, await waves.list(context.db, context.scope)) }),
})

export const findWave = operation({
  name: 'setup.tour.find',
  summary: 'One wave of the listening tour',
  kind: 'read',
  may: 'setup:read',
  input: z.object({ id: Id }),
  output: Wave,
  example: (f) => ({ id: f['waveId']! }),
  run: (context, { id }) => shownWave(context, id),
})

export const createWave = operation({
  name: 'setup.tour.create',
  summary: 'Draft a wave of the listening tour for one audience',
  kind: 'write',
  may: 'setup:edit',
  input: WaveDraft.extend({
    questions: Questions.optional().describe('those of the audience’s set where left out'),
  }),
  output: Wave,
  example: () => ({ title: 'Product managers', audience: 'product-managers' as const, closesOn: '2999-12-31' }),
  target: (_, output) => output?.id ?? null,
  async run(context, draft) {
    const { db, scope, actor, now } = context
    const questions = draft.questions ?? questionSets[draft.audience]
    refuseQuestions(questions)
    const id = newId(now().getTime())
    await waves.insert(
      db,
      scope,
      { ...draft, id, questions, state: 'draft', createdBy: actor.userId, createdAt: now() },
      now(),
    )
    return shownWave(context, id)
  },
})

export const changeWave = operation({
  name: 'setup.tour.change',
  summary: 'Change a wave; once it is launched only its last day can move',
  kind: 'write',
  may: 'setup:edit',
  input: Known.extend(WaveDraft.partial().shape),
  output: Wave,
  example: (f) => ({ id: f['draftWaveId']!, version: 1, title: 'Another title', closesOn: '2999-12-30' }),
  target: (input) => input.id,
  async run(context, sent) {
    const known = knownOf(sent)
    const wave = await waves.needVersion(context, known, () => shownWave(context, sent.id))
    const { closesOn, ...fixed } = known.given
    if (wave.state === 'closed') throw precondition(`“${wave.title}” is closed. Draft another wave.`)
    const changed = Object.entries(fixed).find(
      ([field, value]) => value !== undefined && !isDeepStrictEqual(value, wave[field as keyof typeof fixed]),
    )
    if (wave.state === 'open' && changed)
      throw precondition(
        `“${wave.title}” has been launched with what people were told and asked, so its ${changed[0] === 'groupOf' ? 'promise' : changed[0]} cannot change. Draft another wave, or move its last day.`,
      )
    if (sent.questions) refuseQuestions(sent.questions)
    const { id: _id, version: _version, ...change } = sent
    await waves.changeAtVersion(context, known, change, () => shownWave(context, sent.id))
    return shownWave(context, sent.id)
  },
})

export const removeWave = operation({
  name: 'setup.tour.remove',
  summary: 'Remove a draft of a wave',
  kind: 'write',
  may: 'setup:edit',
  input: z.object({ id: Id }),
  output: z.object({}),
  example: (f) => ({ id: f['draftWaveId']! }),
  target: (input) => input.id,
  async run(context, { id }) {
    needState(await needWave(context, id), 'draft', 'removed')
    await waves.remove(context, id)
    return {}
  },
})

const Person = z.object({
  name: z.string().trim().min(1).max(120),
  email: z
    .string()
    .trim()
    .max(254)
    .regex(/^[^\s@]{1,64}@[^\s@]{1,189}$/, 'an address, such as ada@example.com'),
})

export const invitePeople = operation({
  name: 'setup.tour.invite',
  summary: 'Say who a wave asks; who is named already stays as they are',
  kind: 'write',
  may: 'setup:listen',
  input: z.object({ id: Id, people: z.array(Person).min(1).max(2000) }),
  output: z.object({ added: z.int(), invited: z.int() }),
  example: (f) => ({ id: f['draftWaveId']!, people: [{ name: 'Ada', email: 'ada@example.com' }] }),
  target: (input) => input.id,
  async run(context, { id, people }) {
    const { db, scope, now } = context
    const wave = await needWave(context, id)
    if (wave.state === 'closed') throw precondition(`“${wave.title}” is closed. Draft another wave.`)
    const once = [
      ...new Map(people.map((p) => [p.email.toLowerCase(), { ...p, email: p.email.toLowerCase() }])).values(),
    ]
    const added = await insertInvited(db, scope, id, once, now())
    const invited = await listInvited(db, scope, id)
    if (wave.state === 'open' && added > 0) {
      await insertTokens(
        db,
        scope,
        id,
        invited.map((p) => tokenHashFor(id, p.id, context.services)),
      )
      await enqueue(context, { waveId: id, what: 'ask' })
    }
    return { added, invited: invited.length }
  },
})

export const uninvitePerson = operation({
  name: 'setup.tour.uninvite',
  summary: 'Take a person off a wave that has not been launched',
  kind: 'write',
  may: 'setup:listen',
  input: z.object({ id: Id, personId: Id }),
  output: z.object({}),
  example: (f) => ({ id: f['draftWaveId']!, personId: f['invitedId']! }),
  target: (input) => input.id,
  async run(context, { id, personId }) {
    needState(await needWave(context, id), 'draft', 'shortened')
    if (!(await removeInvited(context.db, context.scope, id, personId))) throw notFound('person', personId)
    return {}
  },
})

export const launchWave = operation({
  name: 'setup.tour.launch',
  summary: 'Launch a wave: its questions and its promise are locked, and everybody is asked by a personal link',
  kind: 'write',
  may: 'setup:edit',
  input: Known,
  output: Wave,
  example: (f) => ({ id: f['readyWaveId']!, version: 1 }),
  target: (input) => input.id,
  async run(context, sent) {
    const { db, scope, now, services } = context
    const current = () => shownWave(context, sent.id)
    const wave = await waves.needVersion(context, knownOf(sent), current)
    if (wave.state !== 'draft') throw precondition(`“${wave.title}” has been launched already.`)
    refuseWithoutOptions(wave.questions)
    const invited = await listInvited(db, scope, sent.id)
    refuseFewInvited(invited.length, wave.groupOf)
    if (wave.closesOn <= now().toISOString().slice(0, 10))
      throw precondition(`“${wave.title}” would close on ${wave.closesOn}, which has come already. Choose a later day.`)
    await insertTokens(
      db,
      scope,
      sent.id,
      invited.map((p) => tokenHashFor(sent.id, p.id, services)),
    )
    await waves.changeAtVersion(context, knownOf(sent), { state: 'open', openedAt: now() }, current)
    await enqueue(context, { waveId: sent.id, what: 'ask' })
    return current()
  },
})

export const remindWave = operation({
  name: 'setup.tour.remind',
  summary: 'Remind those who are not known to have answered; twice at most, two days apart',
  kind: 'write',
  may: 'setup:edit',
  input: z.object({ id: Id }),
  output: z.object({ jobId: z.string() }),
  example: (f) => ({ id: f['waveId']! }),
  target: (input) => input.id,
  async run(context, { id }) {
    needState(await needWave(context, id), 'open', 'reminded')
    if (!context.services.mail.isSetUp)
      throw precondition(
        'No mail server is set up, so nobody can be reminded by mail. Copy the links of those who have not answered instead.',
      )
    return { jobId: await enqueue(context, { waveId: id, what: 'remind' }) }
  },
})

export const closeWave = operation({
  name: 'setup.tour.close',
  summary: 'Close a wave: nobody answers any more, and what is too little for a group is thrown away unread',
  kind: 'write',
  may: 'setup:edit',
  input: Known,
  output: Wave,
  example: (f) => ({ id: f['waveId']!, version: 1 }),
  target: (input) => input.id,
  async run(context, sent) {
    const current = () => shownWave(context, sent.id)
    await lockWave(context.db, sent.id)
    const wave = await waves.needVersion(context, knownOf(sent), current)
    if (wave.state !== 'open') needState(wave, 'open', 'close it')
    const leftOver = await throwWaitingAway(context.db, sent.id)
    await waves.changeAtVersion(context, knownOf(sent), { state: 'closed', closedAt: context.now(), leftOver }, current)
    return current()
  },
})

export const listPeople = operation({
  name: 'setup.tour.people',
  summary: 'Who a wave asks, and who is known to have answered: told for whole groups at a time',
  kind: 'read',
  may: 'setup:listen',
  input: z.object({ id: Id }),
  output: z.object({
    people: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        email: z.string(),
        askedOn: z.string().nullable(),
        reminders: z.int(),
        hasAnswered: z.boolean(),
      }),
    ),
    isMailSetUp: z.boolean(),
  }),
  example: (f) => ({ id: f['waveId']! }),
  async run(context, { id }) {
    await needWave(context, id)
    const { db, scope, services } = context
    const [people, counted] = [await listInvited(db, scope, id), await listCountedTokens(db, scope, id)]
    return {
      people: people.map((p) => ({ ...p, hasAnswered: counted.has(tokenHashFor(id, p.id, services)) })),
      isMailSetUp: services.mail.isSetUp,
    }
  },
})

export const copyLinks = operation({
  name: 'setup.tour.links',
  summary: 'The personal links of a wave, to hand over by another way than mail',
  kind: 'read',
  may: 'setup:listen',
  sensitive: true,
  input: z.object({ id: Id }),
  output: z.object({ rows: z.array(z.object({ name: z.string(), email: z.string(), link: z.string() })) }),
  csv: { fileName: () => 'links', rows: (output) => output.rows },
  example: (f) => ({ id: f['waveId']! }),
  target: (input) => input.id,
  async run(context, { id }) {
    const { db, scope, services } = context
    const wave = await needWave(context, id)
    if (wave.state !== 'open')
      throw precondition(
        `“${wave.title}” is ${wave.state === 'draft' ? 'a draft: it has no links before it is launched' : 'closed'}.`,
      )
    return {
      rows: (await listInvited(db, scope, id)).map((p) => ({
        name: p.name,
        email: p.email,
        link: `${services.baseUrl()}/l/${tokenFor(id, p.id, services)}`,
      })),
    }
  },
})

export const playBack = operation({
  name: 'setup.tour.playBack',
  summary: 'Tell those who answered what was heard, what will be done and what will not, and why',
  kind: 'write',
  may: 'setup:edit',
  input: Known.extend({ items: Playback.min(1) }),
  output: Wave,
  example: (f) => ({
    id: f['waveId']!,
    version: 1,
    items: [{ said: 'Figures take a day', answer: 'will' as const, what: 'One place to ask them' }],
  }),
  target: (input) => input.id,
  async run(context, sent) {
    const current = () => shownWave(context, sent.id)
    const wave = await waves.needVersion(context, knownOf(sent), current)
    if (wave.state === 'draft')
      throw precondition(`“${wave.title}” has not been launched: nobody has said anything yet.`)
    await waves.changeAtVersion(
      context,
      knownOf(sent),
      { playback: sent.items, playbackAt: wave.playbackAt ?? context.now() },
      current,
    )
    // Corrections are read on the page; the mail goes out once.
    if (!wave.playbackAt) await enqueue(context, { waveId: sent.id, what: 'play-back' })
    return current()
  },
})
