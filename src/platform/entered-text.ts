/**
 * Text at the one door that all of it comes through. What a store cannot hold or gives back changed is refused or left out here,
 * so that what was written and what is read are the same text.
 */
import { invalid } from './errors.ts'

/** Deeper than any input of ours is nested, and far from where a reader of it would run out of stack. */
const deepest = 40

/** Signs that take no room: byte-order mark, zero-width space and joiners, marks of direction. At an end they say nothing. */
const unseen = /[\u200B-\u200F\u2060\uFEFF]/u
const unseenOrSpace = /[\s\u200B-\u200F\u2060\uFEFF]/u

/**
 * Without signs at its ends that nobody sees. Walked sign by sign: a pattern for the end begins anew at each of them, so that
 * 4 MB of nothing else would hold the server for hours.
 */
export function withoutUnseen(text: string): string {
  if (!unseen.test(text)) return text
  let from = 0
  for (let at = 0; at < text.length && unseenOrSpace.test(text[at]!); at += 1) if (unseen.test(text[at]!)) from = at + 1
  let to = text.length
  for (let at = to - 1; at >= from && unseenOrSpace.test(text[at]!); at -= 1) if (unseen.test(text[at]!)) to = at
  return text.slice(from, to)
}

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
