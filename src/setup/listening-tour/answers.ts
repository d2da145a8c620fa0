/** Whether an answer fits the questions that were asked, and what it says of frictions. */
import { invalid, limit } from '../../platform/errors.ts'
import { suggestCodes } from '../taxonomy.ts'
import type { AnswerContent, FrictionEntry, Question } from './schemas.ts'

/** Bytes of a whole answer, of which each is kept as one of two lengths. */
export const largestAnswer = 60_000

/** @throws invalid, naming the question as the person reads it; limit for a whole answer beyond what is kept */
export function needFit(questions: readonly Question[], answer: AnswerContent): void {
  const given = new Map(answer.values.map((v) => [v.question, v.value]))
  if (given.size !== answer.values.length) throw invalid('A question is answered twice. Answer each once.')
  for (const id of given.keys())
    if (!questions.some((q) => q.id === id))
      throw invalid('An answer is to a question that was not asked. Load the page again.')
  for (const question of questions) {
    const value = given.get(question.id)
    if (isEmpty(value)) {
      if (question.isNeeded) throw invalid(`“${question.text}” has no answer yet.`)
    } else if (!fits(question, value)) throw invalid(`The answer to “${question.text}” is not one that was offered.`)
  }
  const bytes = Buffer.byteLength(JSON.stringify(answer))
  if (bytes > largestAnswer)
    throw limit(
      `Your answer is longer than can be kept: ${bytes} of ${largestAnswer} bytes. Shorten the longest text; nothing is lost.`,
    )
}

type Value = AnswerContent['values'][number]['value']
const isEmpty = (value: Value | undefined): boolean =>
  value === undefined || value === '' || (Array.isArray(value) && value.length === 0)

function fits({ kind, options }: Question, value: Value | undefined): boolean {
  if (kind === 'frictions')
    return Array.isArray(value) && value.every((entry) => entry.code !== null || entry.words.length > 0)
  if (kind === 'share') return typeof value === 'number'
  if (kind === 'scale') return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 5
  if (typeof value !== 'string') return false
  return kind === 'text' || options.includes(value)
}

const timesAWeek = { daily: 5, weekly: 1, monthly: 12 / 52, quarterly: 4 / 52 } as const

/** Hours a week of working weeks of five days. */
export const hoursAWeek = ({ often, hours }: Pick<FrictionEntry, 'often' | 'hours'>): number =>
  timesAWeek[often] * hours

/** What a friction counts as: as somebody coded it, as the person chose it, as their words suggest, else something else. */
export const codeOf = (entry: Pick<FrictionEntry, 'code' | 'words'>, corrected?: string): string =>
  corrected ?? entry.code ?? suggestCodes(entry.words)[0] ?? 'other'

export function valueOf(answer: AnswerContent, question: string): Value | undefined {
  return answer.values.find((v) => v.question === question)?.value
}

export const entriesOf = (answer: AnswerContent): FrictionEntry[] => {
  for (const { value } of answer.values) if (Array.isArray(value)) return value
  return []
}
