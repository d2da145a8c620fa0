import { invalid } from '../../platform/errors.ts'

/** What a request says: `?input=` of a read, or the body. */
export function readInput(text: string | undefined): unknown {
  if (!text) return {}
  // PostgreSQL holds no NUL in a text; an even number of backslashes before it makes it plain letters.
  if (/(?<!\\)(?:\\\\)*\\u0000/.test(text)) throw invalid('The input holds a NUL character (\\u0000). Send it without.')
  try {
    return JSON.parse(text)
  } catch {
    throw invalid('The input is not JSON. Send it as ?input={…}, percent-encoded, or as the body of a POST.')
  }
}
