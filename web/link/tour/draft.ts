/** An answer while it is written: it stays in this browser until the whole of it is sent. */
import { useEffect, useState } from 'react'
import type { AnswerContent, FrictionEntry, Question } from '../../../src/setup/listening-tour/schemas.ts'

export type Value = AnswerContent['values'][number]['value']
export interface Draft {
  values: Record<string, Value>
  mayQuote: boolean
}
const empty: Draft = { values: {}, mayQuote: false }

const keyOf = () => `answer ${window.location.pathname}`

function kept(): Draft {
  try {
    const text = localStorage.getItem(keyOf())
    return text ? { ...empty, ...(JSON.parse(text) as Draft) } : empty
  } catch {
    return empty
  }
}

export function useDraft() {
  const [draft, setDraft] = useState<Draft>(kept)
  useEffect(() => {
    try {
      localStorage.setItem(keyOf(), JSON.stringify(draft))
    } catch {
      // Without storage the answer lives as long as the page.
    }
  }, [draft])
  return {
    draft,
    set: (question: string, value: Value | undefined) =>
      setDraft((d) => {
        const { [question]: _before, ...others } = d.values
        return { ...d, values: value === undefined ? others : { ...others, [question]: value } }
      }),
    setMayQuote: (mayQuote: boolean) => setDraft((d) => ({ ...d, mayQuote })),
  }
}

export function forgetDraft(): void {
  try {
    localStorage.removeItem(keyOf())
  } catch {
    // There was none.
  }
}

/** As long as a text may be; more is said, and nothing is cut. */
export const longestText = 2000
export const overLength = (text: string): number => Math.max(0, text.length - longestText)

export const isAnswered = (value: Value | undefined): boolean =>
  value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0)

const isWhole = (entry: FrictionEntry): boolean => (entry.code !== null || entry.words.trim() !== '') && entry.hours > 0

/** What is to be done before it can be sent, by question. */
export function problemsOf(questions: readonly Question[], { values }: Draft): Map<string, string> {
  const problems = new Map<string, string>()
  for (const q of questions) {
    const value = values[q.id]
    if (q.isNeeded && !isAnswered(value)) problems.set(q.id, 'This one is needed.')
    else if (typeof value === 'string' && overLength(value) > 0)
      problems.set(
        q.id,
        `${overLength(value).toLocaleString('en-GB')} characters too many: shorten it to ${longestText.toLocaleString('en-GB')}.`,
      )
    else if (Array.isArray(value)) {
      if (value.some((e) => !isWhole(e))) problems.set(q.id, 'Say in a few words what it is.')
      else if (value.some((e) => overLength(e.delayed) > 0))
        problems.set(q.id, 'The decision it delayed is told at too great length.')
    }
  }
  return problems
}

export const answerOf = ({ values, mayQuote }: Draft): AnswerContent => ({
  values: Object.entries(values)
    .filter(([, value]) => isAnswered(value))
    .map(([question, value]) => ({ question, value })),
  mayQuote,
})
