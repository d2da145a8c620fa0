/**
 * Text at the one door that all of it comes through. What a store cannot hold or gives back changed is refused or left out here,
 * so that what was written and what is read are the same text.
 */
import { invalid } from './errors.ts'

/** Deeper than any input of ours is nested, and far from where a reader of it would run out of stack. */
const deepest = 40

/** Signs that take no room: byte-order mark, zero-width space and joiners, marks of direction. At an end they say nothing. */
const unseenAtStart = /^[\s\u200B-\u200F\u2060\uFEFF]*[\u200B-\u200F\u2060\uFEFF]/u
const unseenAtEnd = /[\u200B-\u200F\u2060\uFEFF][\s\u200B-\u200F\u2060\uFEFF]*$/u
const hasUnseen = /[\u200B-\u200F\u2060\uFEFF]/u

/** Without signs at its ends that nobody sees. */
export const withoutUnseen = (text: string): string =>
  hasUnseen.test(text) ? text.replace(unseenAtStart, '').replace(unseenAtEnd, '') : text

/** A password is what was typed, whatever it is made of. */
const isVerbatim = (key: string) => /password|secret|token/i.test(key)

/** @returns the same input with its texts as they are kept @throws invalid where a text is none, or the input is nested too deep */
export function entered(input: unknown, path: readonly string[] = []): unknown {
  if (typeof input === 'string') {
    needText(input, path)
    return isVerbatim(path.at(-1) ?? '') ? input : withoutUnseen(input)
  }
  if (typeof input !== 'object' || input === null) return input
  if (path.length >= deepest) throw invalid(`The input is nested more than ${deepest} levels deep.`)
  if (Array.isArray(input)) return input.map((value, i) => entered(value, [...path, String(i)]))
  return Object.fromEntries(
    Object.entries(input).map(([key, value]) => {
      needText(key, path)
      return [key, entered(value, [...path, key])]
    }),
  )
}

function needText(text: string, path: readonly string[]): void {
  const where = path.length > 0 ? `“${path.join('.')}”` : 'The input'
  if (text.includes('\0')) throw invalid(`${where} holds a NUL character (\\u0000). Send it without.`)
  if (!text.isWellFormed())
    throw invalid(`${where} holds half of a character (a lone surrogate). Send it as whole characters of Unicode.`)
}
