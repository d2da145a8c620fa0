/** What does not fit in an input, in a sentence that says what was given and what to give instead; the one place where people read of it. */
import type { z } from 'zod'

type Issue = z.core.$ZodIssue

const longestShown = 60
const isSecret = (key: PropertyKey | undefined) => /secret|password|token/i.test(String(key ?? ''))

/** What was given, as it can be shown: no secrets, and of what is long its kind. */
function given(value: unknown, key: PropertyKey | undefined): string {
  if (isSecret(key)) return 'what was given'
  if (value === null) return 'nothing'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'named values'
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return String(value)
  if (typeof value !== 'string') return 'no value'
  if (value === '') return 'an empty text'
  return value.length > longestShown ? `“${value.slice(0, longestShown)}…”` : `“${value}”`
}

const kinds: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'named values',
  record: 'named values',
}
const formats: Record<string, string> = {
  uuid: 'an id, as it stands in the address of what it names',
  email: 'an e-mail address',
  url: 'a web address, such as https://example.com',
}
const units: Record<string, [one: string, many: string]> = {
  string: ['character', 'characters'],
  array: ['entry', 'entries'],
  set: ['entry', 'entries'],
}

const counted = (n: number | bigint, origin: string) => {
  const unit = units[origin]
  return `${n}${unit ? ` ${unit[Number(n) === 1 ? 0 : 1]}` : ''}`
}

const mostNamed = 12
function oneOf(values: readonly unknown[]): string {
  const named = values.slice(0, mostNamed).map(String)
  if (values.length > mostNamed) return `${named.join(', ')} or another of ${values.length}`
  return named.length > 1 ? `${named.slice(0, -1).join(', ')} or ${named.at(-1)}` : (named[0] ?? 'nothing')
}

/** What an input takes, where that can be said; null where the issue speaks for itself. */
function taken(issue: Issue): string | null {
  switch (issue.code) {
    case 'invalid_type':
      return kinds[issue.expected] ?? issue.expected
    case 'invalid_value':
      return oneOf(issue.values)
    case 'too_big':
      return `${issue.inclusive === false ? 'less than' : 'at most'} ${counted(issue.maximum, issue.origin)}`
    case 'too_small':
      return `${issue.inclusive === false ? 'more than' : 'at least'} ${counted(issue.minimum, issue.origin)}`
    case 'invalid_format':
      return issue.format === 'regex'
        ? issue.message.replace(/^Invalid .*/s, 'another form')
        : (formats[issue.format] ?? null)
    case 'invalid_union':
      return 'options' in issue && Array.isArray(issue.options) ? oneOf(issue.options) : null
    default:
      return null
  }
}

const isSentence = (message: string) => message.endsWith('.')
const endOf = (message: string) => (isSentence(message) ? message : `${message}.`)

/** @param input the whole of it: what does not fit is looked up there @returns a sentence, with the name of what does not fit where it has one */
export function sayProblem(issue: Issue, input: unknown): string {
  const path = issue.path.join('.')
  const name = path ? `“${path}”` : 'The input'
  const value = issue.path.reduce<unknown>(
    (part, key) => (part as Record<PropertyKey, unknown> | null | undefined)?.[key],
    input,
  )
  if (value === undefined && path && issue.code !== 'custom') return `${name}: This is needed and missing.`
  if (issue.code === 'unrecognized_keys')
    return `There is no ${oneOf(issue.keys.map((key) => `“${key}”`))} to be given here.`
  // A schema that says the whole sentence knows best; others name what they take.
  if (isSentence(issue.message)) return issue.message
  const takes = taken(issue)
  if (takes === null) return `${path ? `${name}: ` : ''}${endOf(issue.message)}`
  const isCount = (issue.code === 'too_big' || issue.code === 'too_small') && issue.origin in units
  const instead = isCount ? `this has ${(value as { length?: number }).length ?? 'another number'}` : null
  return `${name} takes ${takes}${instead ? `; ${instead}` : `, not ${given(value, issue.path.at(-1))}`}.`
}
