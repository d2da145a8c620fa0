/** A dense table: header that sticks, numbers to the right, sorted by a click or a key, rows that open; long ones are found in and shown by the hundred. */
import { Button, TextInput } from '@mantine/core'
import { useDeferredValue, useMemo, useState, type KeyboardEvent, type MouseEvent, type ReactNode } from 'react'
import { useSharedFrame } from '../api.ts'
import { count } from './format.ts'
import './table.css'

export interface Column<T> {
  key: string
  title: ReactNode
  /** What is sorted by; a column without it is not sortable. */
  by?: (row: T) => string | number | null
  render: (row: T) => ReactNode
  isNumber?: boolean
  /** A line to the left of the column. */
  startsGroup?: boolean
  hint?: string
  width?: number
  /** Says who an account is or who looks after it; left out of a shared view that grants no names. */
  isWho?: boolean
}

export interface TableProps<T> {
  label: string
  columns: readonly Column<T>[]
  rows: readonly T[]
  keyOf: (row: T) => string
  onOpen?: ((row: T) => void) | undefined
  isCurrent?: (row: T) => boolean
  initialSort?: { key: string; down: boolean }
  maxHeight?: number
  empty?: ReactNode
  /** The server hands the rows over page by page, with a button of its own. */
  isPaged?: boolean
}

const mostAtOnce = 100

export function Table<T>({
  label,
  columns: given,
  rows,
  keyOf,
  onOpen,
  isCurrent,
  initialSort,
  maxHeight,
  empty,
  isPaged = false,
}: TableProps<T>) {
  const shared = useSharedFrame()
  const hidesWho = shared !== null && !shared.hasNames
  const columns = useMemo(() => (hidesWho ? given.filter((c) => !c.isWho) : given), [given, hidesWho])
  const [find, setFind] = useState('')
  const [most, setMost] = useState(mostAtOnce)
  const sought = useDeferredValue(find.trim().toLowerCase())
  const [sort, setSort] = useState(initialSort ?? null)
  const sorted = useMemo(() => {
    const by = columns.find((c) => c.key === sort?.key)?.by
    if (!by || !sort) return rows
    const sign = sort.down ? -1 : 1
    return [...rows].sort((a, b) => {
      const left = by(a)
      const right = by(b)
      if (left === null || right === null) return left === right ? 0 : left === null ? 1 : -1
      return sign * (left < right ? -1 : left > right ? 1 : 0)
    })
  }, [columns, rows, sort])
  const isLong = !isPaged && rows.length > mostAtOnce
  const found = useMemo(() => {
    if (!isLong || sought === '') return sorted
    return sorted.filter((row) =>
      columns.some((c) => {
        const value = c.by?.(row)
        return typeof value === 'string' && value.toLowerCase().includes(sought)
      }),
    )
  }, [columns, sorted, isLong, sought])
  const shown = isLong ? found.slice(0, most) : sorted
  const toggle = (column: Column<T>) =>
    setSort((now) =>
      now?.key === column.key
        ? { key: column.key, down: !now.down }
        : { key: column.key, down: column.isNumber ?? false },
    )
  const onKey = (event: KeyboardEvent<HTMLTableRowElement>, row: T) => {
    if (event.target !== event.currentTarget) return
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault()
      onOpen?.(row)
    }
    const to =
      event.key === 'ArrowDown'
        ? event.currentTarget.nextElementSibling
        : event.key === 'ArrowUp'
          ? event.currentTarget.previousElementSibling
          : null
    if (to instanceof HTMLElement) {
      event.preventDefault()
      to.focus()
    }
  }
  if (rows.length === 0 && empty) return <>{empty}</>
  const frame = (
    <div
      className="table-frame"
      style={maxHeight ? { maxHeight } : undefined}
      tabIndex={0}
      role="region"
      aria-label={label}
    >
      <table className="table" aria-label={label}>
        <thead>
          <tr>
            {columns.map((c) => (
              <th
                key={c.key}
                scope="col"
                className={classOf(c)}
                style={c.width ? { width: c.width } : undefined}
                title={c.hint}
                aria-sort={sort?.key === c.key ? (sort.down ? 'descending' : 'ascending') : undefined}
              >
                {c.by ? (
                  <button type="button" className="sort" onClick={() => toggle(c)}>
                    {c.title}
                    <span className="sort-mark" aria-hidden>
                      {sort?.key === c.key ? (sort.down ? '▼' : '▲') : ''}
                    </span>
                  </button>
                ) : (
                  c.title
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((row) => (
            <tr
              key={keyOf(row)}
              className={[onOpen ? 'can-open' : '', isCurrent?.(row) ? 'is-current' : ''].join(' ').trim() || undefined}
              tabIndex={onOpen ? 0 : undefined}
              onClick={onOpen ? () => onOpen(row) : undefined}
              onKeyDown={onOpen ? (event) => onKey(event, row) : undefined}
            >
              {columns.map((c, i) =>
                i === 0 ? (
                  <th key={c.key} scope="row" className={classOf(c)} onMouseEnter={nameWhole}>
                    {c.render(row)}
                  </th>
                ) : (
                  <td key={c.key} className={classOf(c)}>
                    {c.render(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
  if (!isLong) return frame
  return (
    <>
      {columns.some((c) => typeof c.by?.(rows[0]!) === 'string') ? (
        <TextInput
          size="xs"
          w={220}
          mb={8}
          aria-label={`Find in ${label}`}
          placeholder="Find in the table"
          value={find}
          onChange={(e) => {
            setFind(e.currentTarget.value)
            setMost(mostAtOnce)
          }}
        />
      ) : null}
      {frame}
      <p className="small faint table-more" role="status">
        {found.length === 0
          ? `Nothing of ${count(rows.length)} lines is named so.`
          : `${count(shown.length)} of ${count(found.length)} lines shown`}
        {shown.length < found.length ? (
          <Button size="compact-xs" variant="subtle" ml="xs" onClick={() => setMost(most + mostAtOnce)}>
            Show {count(Math.min(mostAtOnce, found.length - shown.length))} more
          </Button>
        ) : null}
      </p>
    </>
  )
}

/** A name that ends in an ellipsis is told whole on hover. */
const nameWhole = ({ currentTarget: cell }: MouseEvent<HTMLTableCellElement>) => {
  if (cell.scrollWidth > cell.clientWidth) cell.title = cell.textContent
}

const classOf = <T,>(column: Column<T>) =>
  [column.isNumber ? 'end' : '', column.startsGroup ? 'group-start' : ''].join(' ').trim() || undefined
