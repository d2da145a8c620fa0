/** What the holder of a personal link may do: read the questions, and answer once. */
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { precondition } from '../../platform/errors.ts'
import { badLink } from '../../platform/link-tokens/rules.ts'
import type { LinkSource } from '../../platform/link-tokens/sources.ts'
import { linkOperation, type LinkContext } from '../../platform/operation.ts'
import { frictions, type Audience } from '../taxonomy.ts'
import { needFit } from './answers.ts'
import { isReleased, promiseOf } from './confidentiality.ts'
import {
  findTourToken,
  findWaveByLink,
  insertGroup,
  insertWaiting,
  isTokenUsed,
  listWaiting,
  lockWave,
  markUsed,
} from './queries.ts'
import { offeredFirst } from './question-sets.ts'
import { AnswerContent, PlaybackItem, Question } from './schemas.ts'
import { openAnswer, sealAnswer, shuffled, slotOf, tourPurpose } from './tokens.ts'

export const tourLinks: LinkSource = {
  purpose: tourPurpose,
  find: (db, tokenHash) => findTourToken(db, tourPurpose, tokenHash),
}

const link = {
  purpose: tourPurpose,
  // A line of the log would have a time, and be one for each answer.
  audit: 'none' as const,
  example: (f: Record<string, string>) => ({ kind: 'wave', id: f['waveId']! }),
}

async function needWave({ db, link: of }: Pick<LinkContext, 'db' | 'link'>) {
  const wave = await findWaveByLink(db, of)
  if (!wave || wave.state === 'draft') throw badLink('unknown')
  return wave
}
const offered = (audience: Audience) => {
  const first = offeredFirst[audience]
  const place = (code: string) => (first.includes(code) ? first.indexOf(code) : first.length)
  return frictions
    .map(({ code, name, what }) => ({ code, name, what, isFirst: first.includes(code) }))
    .sort((a, b) => place(a.code) - place(b.code))
}
const isOver = (wave: { state: string; closesOn: string }, now: Date): boolean =>
  wave.state === 'closed' || wave.closesOn < now.toISOString().slice(0, 10)

export const openQuestions = linkOperation({
  name: 'setup.answering.open',
  summary: 'The questions behind a personal link, or what became of the answers',
  kind: 'read',
  link,
  command: false,
  input: z.object({}),
  output: z.object({
    waveId: z.string(),
    company: z.string(),
    note: z.string(),
    state: z.enum(['open', 'answered', 'closed']),
    closesOn: z.string(),
    questions: z.array(Question),
    promise: z.array(z.string()),
    frictions: z
      .array(z.object({ code: z.string(), name: z.string(), what: z.string(), isFirst: z.boolean() }))
      .describe('those that this audience names most, first'),
    playback: z.array(PlaybackItem).nullable(),
  }),
  example: () => ({}),
  async run(context) {
    const wave = await needWave(context)
    const hasAnswered = (await isTokenUsed(context.db, context.link)) === true
    const state: 'answered' | 'closed' | 'open' = hasAnswered
      ? 'answered'
      : isOver(wave, context.now())
        ? 'closed'
        : 'open'
    return {
      waveId: wave.id,
      company: wave.company,
      note: wave.note,
      state,
      closesOn: wave.closesOn,
      questions: state === 'open' ? wave.questions : [],
      promise: promiseOf(wave.groupOf),
      frictions: offered(wave.audience),
      playback: hasAnswered ? wave.playback : null,
    }
  },
})

/**
 * The answer is kept, encrypted; in another transaction the link is marked as used; when a group is full, it becomes readable. Whatever
 * breaks in between, sending again ends it: an answer whose link is not marked yet is in no group, and nothing that was kept is lost.
 */
export const sendAnswer = linkOperation({
  name: 'setup.answering.send',
  summary: 'Send a whole answer by a personal link; once',
  kind: 'write',
  link,
  command: false,
  input: z.object({ answer: AnswerContent }),
  output: z.object({ state: z.enum(['kept', 'answered-before']) }),
  example: () => ({ answer: { values: [{ question: 'text', value: 'x' }] } }),
  async prepare(context, { answer }) {
    const wave = await needWave(context)
    const { db, link: of, services } = context
    if ((await isTokenUsed(db, of)) === true) return
    if (isOver(wave, context.now())) throw closed()
    needFit(wave.questions, answer)
    const slot = slotOf(of.tokenId, services)
    await insertWaiting(db, of, wave.id, { slot, sealed: sealAnswer(answer, slot, services) })
  },
  async run(context) {
    const { db: tx, link: of, emit } = context
    await lockWave(tx, of.subject.id)
    const wave = await needWave(context)
    if (wave.state === 'closed' && (await isTokenUsed(tx, of)) !== true) throw closed()
    if (!(await markUsed(tx, of))) return { state: 'answered-before' as const }
    if (await releaseGroup(context, wave)) emit('setup.tour')
    return { state: 'kept' as const }
  },
})

const closed = () =>
  precondition('This wave has closed, so nothing can be added any more. Your answer is still in this browser.')

/** @returns whether a group was full */
async function releaseGroup(
  { db: tx, link: of, services }: Pick<LinkContext, 'db' | 'link' | 'services'>,
  wave: { id: string; groupOf: number },
): Promise<boolean> {
  const { usedHashes, answers } = await listWaiting(tx, wave.id)
  const hashBySlot = new Map(usedHashes.map((hash) => [slotOf(hash, services), hash]))
  const whole = answers.filter((a) => hashBySlot.has(a.slot))
  if (!isReleased(whole.length, wave.groupOf)) return false
  await insertGroup(tx, of, wave.id, {
    answers: shuffled(whole).map((a) => ({ id: randomUUID(), content: openAnswer(a.sealed, a.slot, services) })),
    slots: whole.map((a) => a.slot),
    hashes: whole.map((a) => hashBySlot.get(a.slot)!),
  })
  return true
}
