import { invalid } from '../../platform/errors.ts'

/** What a request says: `?input=` of a read, or the body. */
export function readInput(text: string | undefined): unknown {
  if (!text) return {}
  try {
    return JSON.parse(text)
  } catch {
    throw invalid('The input is not JSON. Send it as ?input={…}, percent-encoded, or as the body of a POST.')
  }
}
