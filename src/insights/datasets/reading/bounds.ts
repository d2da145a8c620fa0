/** What reading one file may cost, whatever the file says of itself: counted while it is read, not believed beforehand. */
import { limit } from '../../../platform/errors.ts'

/** How a file is read: for as long as somebody waits for it. */
export interface Reading {
  path: string
  fileName: string
  signal?: AbortSignal | undefined
}

const mb = 1024 ** 2
/** A sheet repeats its words by number and is compressed besides; real ones hold three to ten times the bytes of their file as text. */
const spareBytes = 64 * mb
const bytesForByte = 60
const mostBytes = 2 * 1024 * mb

/** So much text a file of this size may become. */
export const mostTextOf = (fileBytes: number): number => Math.min(mostBytes, spareBytes + bytesForByte * fileBytes)

const tooMuch = (most: number) =>
  limit(
    `The file holds more than ${Math.floor(most / mb).toLocaleString('en-GB')} MB of text once it is unpacked, far more than a file of its size should. Export what is needed as CSV and import that.`,
  )

/** Counts what is made of a file. @throws limit by the returned function, once it is too much */
export function textCounter(fileBytes: number): (bytes: number) => void {
  const most = mostTextOf(fileBytes)
  let made = 0
  return (bytes) => {
    made += bytes
    if (made > most) throw tooMuch(most)
  }
}

/** No reading of a sheet that is within its other bounds comes near it. */
const mostMs = 5 * 60_000

/** @returns to be called between two pieces of work: ends it when nobody waits any more, or when it takes too long */
export function pacer(signal: AbortSignal | undefined): () => void {
  const until = performance.now() + mostMs
  return () => {
    signal?.throwIfAborted()
    if (performance.now() > until)
      throw limit('The file takes longer than five minutes to unpack. Export what is needed as CSV and import that.')
  }
}
