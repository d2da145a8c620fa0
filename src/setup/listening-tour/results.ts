/** What the answers of a wave say, of whole groups alone; and coding what people wrote in their own words. */
import { z } from 'zod'
import { conflict, invalid, notFound } from '../../platform/errors.ts'
import { Id, RowNumber } from '../../platform/field-types.ts'
import { operation } from '../../platform/operation.ts'
import { frictionOf, suggestCodes } from '../taxonomy.ts'
import { codeOf, entriesOf, hoursAWeek, valueOf } from './answers.ts'
import { needPart, safeCut } from './confidentiality.ts'
import { heard } from '../findings.ts'
import { findAnswer, listAnswers, saveCoding, type StoredAnswer, type StoredWave } from './queries.ts'
import { Audience, FrictionCode, Wave } from './schemas.ts'
import { needWave, shownWave } from './showing.ts'

const Estimate = z.object({ value: z.number(), low: z.number(), high: z.number() })
export const Found = z.object({
  code: z.string(),
  name: z.string(),
  pillar: z.enum(['data', 'process', 'customer']).nullable(),
  audience: Audience,
  people: z.int(),
  hoursPerWeek: z.number(),
  low: z.number(),
  high: z.number(),
  lacksSkill: z.int(),
  waiting: z.int(),
  systems: z.array(z.object({ name: z.string(), people: z.int() })),
  areas: z.array(z.object({ name: z.string(), people: z.int() })),
})
const Counted = z.object({ name: z.string(), people: z.int() })

function partOf(wave: StoredWave, answers: readonly StoredAnswer[], area: string | undefined) {
  const id = wave.questions.find((q) => q.kind === 'area')?.id
  const areaOf = (a: StoredAnswer) => (id === undefined ? undefined : valueOf(a.content, id))
  const counts = new Map<string, number>()
  for (const a of answers) {
    const given = areaOf(a)
    if (typeof given === 'string' && given !== '') counts.set(given, (counts.get(given) ?? 0) + 1)
  }
  const cut = safeCut(counts, answers.length, wave.groupOf)
  if (area !== undefined) needPart(cut, area, wave.state === 'closed')
  return { cut, part: area === undefined ? answers : answers.filter((a) => areaOf(a) === area) }
}

export const readResults = operation({
  name: 'setup.tour.results',
  summary: 'What the counted answers of a wave say; by area once it is closed, and never of too few',
  kind: 'read',
  may: 'setup:read',
  input: z.object({ id: Id, area: z.string().max(80).optional() }),
  output: z.object({
    wave: Wave,
    people: z.int().describe('whose answers these are'),
    areas: z.array(Counted).describe('that can be looked at alone'),
    otherAreas: z.object({ people: z.int(), names: z.int() }).nullable(),
    share: Estimate.nullable(),
    shares: z.array(z.int()).describe('answers by tenths of the week, 0 to 100 %'),
    frictions: z.array(Found),
    choices: z.array(
      z.object({
        question: z.string(),
        kind: z.enum(['choice', 'scale']),
        options: z.array(Counted),
        ends: z.array(z.string()),
      }),
    ),
    texts: z.array(
      z.object({ question: z.string(), said: z.array(z.object({ text: z.string(), mayQuote: z.boolean() })) }),
    ),
    hidden: z.int().describe('texts that may not be quoted, and are read by Product Ops alone'),
  }),
  example: (f) => ({ id: f['waveId']! }),
  async run(context, { id, area }) {
    const { db, scope } = context
    const wave = await needWave(context, id)
    const shown = await shownWave(context, id)
    const all = await listAnswers(db, scope, [id])
    const { cut, part } = partOf(wave, all, area)
    const readsAll = scope.may('setup:listen')
    const of = heard(wave, part, area === undefined ? shown.invited : part.length)
    const shareId = wave.questions.find((q) => q.kind === 'share')?.id
    const percents =
      shareId === undefined ? [] : part.map((a) => valueOf(a.content, shareId)).filter((v) => typeof v === 'number')
    // Words stand without the rest of their answer, and are not cut by area: who is known by how they write is not known by where they work.
    const texts = textsOf(wave, area === undefined ? part : [])
    return {
      wave: shown,
      people: part.length,
      areas: wave.state === 'closed' ? cut.shown : [],
      otherAreas: wave.state === 'closed' ? cut.rest : null,
      share: of.share,
      shares: Array.from(
        { length: 10 },
        (_, i) => percents.filter((p) => Math.min(9, Math.floor(p / 10)) === i).length,
      ),
      frictions: of.frictions.map((f) => ({ ...f, name: frictionOf(f.code).name })),
      choices: choicesOf(wave, part),
      texts: texts.map((t) => ({ ...t, said: t.said.filter((s) => readsAll || s.mayQuote) })),
      hidden: readsAll ? 0 : texts.reduce((sum, t) => sum + t.said.filter((s) => !s.mayQuote).length, 0),
    }
  },
})

const choicesOf = (wave: StoredWave, answers: readonly StoredAnswer[]) =>
  wave.questions
    .filter((q) => q.kind === 'choice' || q.kind === 'scale')
    .map((q) => {
      const values = answers.map((a) => valueOf(a.content, q.id)).filter((v) => v !== undefined && v !== '')
      const options = q.kind === 'scale' ? [1, 2, 3, 4, 5] : q.options
      return {
        question: q.text,
        kind: q.kind as 'choice' | 'scale',
        options: options.map((o) => ({ name: String(o), people: values.filter((v) => v === o).length })),
        ends: q.kind === 'scale' ? q.options : [],
      }
    })

/** In the order of the alphabet, which is neither that of the answers nor the same for two questions. */
const textsOf = (wave: StoredWave, answers: readonly StoredAnswer[]) =>
  [
    ...wave.questions
      .filter((q) => q.kind === 'text')
      .map((q) => ({ question: q.text, said: said(answers.map((a) => ({ a, text: valueOf(a.content, q.id) }))) })),
    {
      question: 'Which decision did it delay?',
      said: said(answers.flatMap((a) => entriesOf(a.content).map((e) => ({ a, text: e.delayed })))),
    },
  ].filter((t) => t.said.length > 0)

const said = (all: readonly { a: StoredAnswer; text: unknown }[]) =>
  all
    .flatMap(({ a, text }) => (typeof text === 'string' && text !== '' ? [{ text, mayQuote: a.content.mayQuote }] : []))
    .sort((x, y) => x.text.localeCompare(y.text))

export const listEntries = operation({
  name: 'setup.tour.entries',
  summary: 'Frictions as people wrote them, with the code that each counts as',
  kind: 'read',
  may: 'setup:listen',
  input: z.object({ id: Id, ownWordsOnly: z.boolean().default(false) }),
  output: z.object({
    entries: z.array(
      z.object({
        answerId: z.string(),
        entry: z.int(),
        words: z.string(),
        system: z.string(),
        hoursPerWeek: z.number(),
        code: z.string(),
        by: z
          .enum(['person', 'words', 'coder'])
          .describe('who says so: the one who answered, a rule on their words, somebody who coded it'),
        suggested: z.array(z.string()),
        coded: z.string().nullable().describe('as it was coded last'),
      }),
    ),
  }),
  example: (f) => ({ id: f['waveId']! }),
  async run(context, { id, ownWordsOnly }) {
    await needWave(context, id)
    const answers = await listAnswers(context.db, context.scope, [id])
    return {
      entries: answers.flatMap((a) =>
        entriesOf(a.content).flatMap((e, entry) => {
          if (ownWordsOnly && e.code !== null) return []
          const coded = a.codes.get(entry)?.code
          return [
            {
              answerId: a.id,
              entry,
              words: e.words,
              system: e.system,
              hoursPerWeek: hoursAWeek(e),
              code: codeOf(e, coded),
              by: coded !== undefined ? ('coder' as const) : e.code === null ? ('words' as const) : ('person' as const),
              suggested: suggestCodes(e.words),
              coded: coded ?? null,
            },
          ]
        }),
      ),
    }
  },
})

export const codeEntry = operation({
  name: 'setup.tour.code',
  summary: 'Say which friction somebody’s words are about',
  kind: 'write',
  may: 'setup:listen',
  input: z.object({
    answerId: Id,
    entry: RowNumber,
    code: FrictionCode,
    was: FrictionCode.nullable().describe('as it was coded when you read it; null where it was not'),
  }),
  output: z.object({ code: z.string() }),
  example: (f) => ({ answerId: f['tourAnswerId']!, entry: 0, code: 'skills', was: null }),
  target: (input) => `answer to a wave, entry ${input.entry + 1}`,
  async run({ db, scope }, { answerId, entry, code, was }) {
    const answer = await findAnswer(db, scope, answerId)
    if (!answer) throw notFound('answer', answerId)
    if (!entriesOf(answer.content)[entry]) throw invalid(`“entry”: the answer has no friction ${entry + 1}.`)
    const now = answer.codes.get(entry)
    const stands = now?.code === (was ?? undefined)
    if (!stands || !(await saveCoding(db, scope, { answerId, entry, code, known: now?.version ?? 0 })))
      throw conflict('Somebody else has coded this since you opened it. Load it again to see how.', {
        current: now?.code ?? null,
      })
    return { code }
  },
})
