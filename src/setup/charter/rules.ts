/** What changed from one edition of the charter to the next. */
import { invalid } from '../../platform/errors.ts'

export interface Lines {
  above: readonly string[]
  below: readonly string[]
}
export type Move = 'taken on' | 'put off' | 'moved above' | 'moved below' | 'left out'
export interface CharterChange {
  text: string
  move: Move
}

/** Line by line, by their words; a new order is no change. */
export function changesOf(before: Lines, after: Lines): CharterChange[] {
  const [wasAbove, wasBelow] = [new Set(before.above), new Set(before.below)]
  const now = new Set([...after.above, ...after.below])
  return [
    ...after.above
      .filter((text) => !wasAbove.has(text))
      .map((text): CharterChange => ({ text, move: wasBelow.has(text) ? 'moved above' : 'taken on' })),
    ...after.below
      .filter((text) => !wasBelow.has(text))
      .map((text): CharterChange => ({ text, move: wasAbove.has(text) ? 'moved below' : 'put off' })),
    ...[...before.above, ...before.below]
      .filter((text) => !now.has(text))
      .map((text): CharterChange => ({ text, move: 'left out' })),
  ]
}

/** @throws invalid where a line stands twice, or nothing is above */
export function checkLines({ above, below }: Lines): void {
  const all = [...above, ...below]
  const twice = all.find((text, i) => all.indexOf(text) !== i)
  if (twice !== undefined) throw unfit('above', `“${twice}” stands twice. What is above the line is not below it`)
  if (above.length === 0) throw unfit('above', 'say at least one thing that the team of today delivers')
}
const unfit = (path: string, message: string) =>
  invalid(`“${path}”: ${message}.`, { issues: [{ path, message: `“${path}”: ${message}.` }] })
