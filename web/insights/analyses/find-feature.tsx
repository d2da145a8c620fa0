/** More features than can be looked at: the first of them are drawn, the others are found by name. */
import { CloseButton, TextInput } from '@mantine/core'
import { count } from '../../ui/format.ts'

export const mostDrawn = 40

export interface Drawn<T> {
  rows: T[]
  found: number
  all: number
}

/** @param rows in the order in which they deserve to be drawn */
export function drawnOf<T>(rows: readonly T[], nameOf: (row: T) => string, find = ''): Drawn<T> {
  const text = find.trim().toLowerCase()
  const found = text === '' ? rows : rows.filter((row) => nameOf(row).toLowerCase().includes(text))
  return { rows: found.slice(0, mostDrawn), found: found.length, all: rows.length }
}

export function FindFeature({
  drawn: { rows, found, all },
  order,
  find = '',
  onFind,
}: {
  drawn: Drawn<unknown>
  /** Which of them come first. */
  order: string
  find: string | undefined
  onFind: (find: string | undefined) => void
}) {
  if (all <= mostDrawn) return null
  return (
    <div className="find-feature">
      <TextInput
        size="xs"
        w={220}
        aria-label="Find a feature"
        placeholder="Find a feature"
        value={find}
        onChange={(e) => onFind(e.currentTarget.value || undefined)}
        rightSection={
          find ? <CloseButton size="xs" aria-label="Show all again" onClick={() => onFind(undefined)} /> : null
        }
      />
      <span className="small faint" role="status">
        {found === 0
          ? `No feature is named so, of ${count(all)}.`
          : `${count(rows.length)} of ${count(found)} ${find ? 'found' : 'features'} shown, ${order}.`}
      </span>
    </div>
  )
}
