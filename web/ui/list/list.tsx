/** A list of what people work on: found, filtered, grouped, chosen and changed where it stands, by mouse and by keyboard. */
import { Button, Skeleton } from '@mantine/core'
import { useEffect, useRef, useState, type ReactNode } from 'react'
import type { InputOf, ReadName } from '../../api.ts'
import { count } from '../format.ts'
import { Failed } from '../states.tsx'
import type { ListColumn } from './columns.ts'
import { ListHead } from './list-head.tsx'
import { ListRows } from './list-rows.tsx'
import { ListTools } from './list-tools.tsx'
import type { Pages } from './pages.ts'
import { useList } from './use-list.ts'
import '../table.css'
import './list.css'

export interface ListProps<T extends object> {
  /** What is remembered of it stands under this. */
  name: string
  label: string
  /** As in “12 questions”. */
  of: readonly [one: string, many: string]
  columns: readonly ListColumn<T>[]
  pages: Pages<T>
  keyOf: (row: T) => string
  onOpen?: (row: T) => void
  openKey?: string | undefined
  /** The rows in the order in which they are shown, for the way from one to the next. */
  onOrder?: (keys: string[]) => void
  /** The page’s own filters, which ask the server. */
  filters?: ReactNode
  /** Their keys in the address: what a saved view keeps beside the list’s own. */
  filterKeys?: readonly string[]
  csv?: { operation: ReadName; input: InputOf<ReadName> }
  /** What can be done with those that are selected. */
  bulk?: (rows: T[], clear: () => void) => ReactNode
  actions?: ReactNode
  /** What stands under the name of a group. */
  groupNote?: (rows: T[]) => ReactNode
  initialGroup?: string
  /** Only read, within something else: no tools above it but the way out, and nothing of it in the address. */
  isPlain?: boolean
  /** Nothing is there at all, or nothing of what is asked for. */
  empty: ReactNode
}

export function List<T extends object>(props: ListProps<T>) {
  const { label, of, columns, pages, keyOf, onOrder } = props
  const list = useList({
    name: props.name,
    columns,
    pages,
    keyOf,
    isPlain: props.isPlain === true,
    ...(props.initialGroup ? { initialGroup: props.initialGroup } : {}),
  })
  const frame = useRef<HTMLDivElement>(null)
  const findField = useRef<HTMLInputElement>(null)
  useListKeys(frame, findField, props.isPlain !== true)
  const order = list.shownKeys.join(' ')
  useEffect(() => onOrder?.(order === '' ? [] : order.split(' ')), [order, onOrder])

  if (pages.error && pages.rows.length === 0) return <Failed error={pages.error} onRetry={pages.refetch} />
  const isEmpty = !pages.isPending && pages.rows.length === 0
  const selected = list.selectedRows
  const clear = () => list.selectAll(false)
  return (
    <div className="list">
      <ListTools
        isPlain={props.isPlain === true}
        list={list}
        label={label}
        findField={findField}
        rows={pages.rows}
        filters={props.filters}
        filterKeys={props.filterKeys ?? []}
        csv={props.csv}
        isEmpty={isEmpty}
        actions={props.actions}
      />
      {isEmpty ? (
        props.empty
      ) : (
        <>
          {props.bulk && selected.length > 0 ? (
            <div className="list-bulk" role="group" aria-label="What is selected">
              <strong>{count(selected.length)} selected</strong>
              {props.bulk(selected, clear)}
              <Button size="compact-xs" variant="subtle" color="gray" onClick={clear}>
                Clear
              </Button>
            </div>
          ) : null}
          <div className="table-frame list-frame" ref={frame} tabIndex={0} role="region" aria-label={label}>
            <table
              className="table list-table"
              aria-label={label}
              aria-busy={pages.isPending}
              style={{ minWidth: list.table.getTotalSize() + (props.bulk ? 40 : 0) }}
            >
              <ListHead list={list} hasBulk={props.bulk !== undefined} />
              {pages.isPending ? (
                <Shape columns={columns.length + (props.bulk ? 1 : 0)} />
              ) : (
                <ListRows
                  list={list}
                  hasBulk={props.bulk !== undefined}
                  openKey={props.openKey}
                  {...(props.onOpen ? { onOpen: props.onOpen } : {})}
                  {...(props.groupNote ? { groupNote: props.groupNote } : {})}
                  onClear={clear}
                />
              )}
            </table>
          </div>
          <Foot {...{ list, pages, of }} />
        </>
      )}
    </div>
  )
}

/** In the shape of what comes. */
function Shape({ columns }: { columns: number }) {
  return (
    <tbody className="loading">
      {Array.from({ length: 6 }, (_, row) => (
        <tr key={row}>
          {Array.from({ length: columns }, (__, i) => (
            <td key={i}>
              {row === 0 && i === 0 ? (
                <span className="visually-hidden" role="status">
                  Loading …
                </span>
              ) : null}
              <Skeleton height={12} width={`${80 - ((row * 17 + i * 29) % 45)}%`} />
            </td>
          ))}
        </tr>
      ))}
    </tbody>
  )
}

function Foot<T extends object>({
  list,
  pages,
  of: [one, many],
}: {
  list: ReturnType<typeof useList<T>>
  pages: Pages<T>
  of: readonly [string, string]
}) {
  const end = useRef<HTMLDivElement>(null)
  const [turn, setTurn] = useState(0)
  const { hasMore, isLoadingMore, more } = pages
  // Whoever comes to the end of what is there gets the next.
  useEffect(() => {
    const mark = end.current
    if (!mark || !hasMore || isLoadingMore || turn === 0) return
    const seen = new IntersectionObserver((entries) => entries.some((e) => e.isIntersecting) && more())
    seen.observe(mark)
    return () => seen.disconnect()
  }, [hasMore, isLoadingMore, more, turn])
  useEffect(() => {
    const onScroll = () => setTurn((n) => n + 1)
    window.addEventListener('scroll', onScroll, { once: true, capture: true, passive: true })
    return () => window.removeEventListener('scroll', onScroll, { capture: true })
  }, [])
  if (pages.isPending) return null
  const shown = list.rows.length
  const noun = (n: number) => `${count(n)} ${n === 1 ? one : many}`
  return (
    <div className="table-foot" ref={end}>
      <span role="status">
        {shown === 0
          ? 'Nothing matches these filters.'
          : list.isNarrowed
            ? `${count(shown)} of ${noun(pages.rows.length)}`
            : noun(shown)}
        {list.isPartOfAll ? `, of the first ${count(pages.rows.length)}` : hasMore ? ' so far' : ''}
      </span>
      <span className="page-actions">
        {list.isNarrowed && shown === 0 ? (
          <Button size="compact-xs" variant="default" onClick={list.widenAll}>
            Show all
          </Button>
        ) : null}
        {hasMore ? (
          <Button size="compact-xs" variant="default" loading={isLoadingMore} onClick={more}>
            Load more
          </Button>
        ) : null}
      </span>
    </div>
  )
}

/** From anywhere on the page, where nothing is typed: / finds, j and the arrow go into the list. */
function useListKeys(
  frame: React.RefObject<HTMLDivElement | null>,
  findField: React.RefObject<HTMLInputElement | null>,
  isOn: boolean,
): void {
  useEffect(() => {
    if (!isOn) return
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return
      const at = event.target instanceof HTMLElement ? event.target : document.body
      if (at.closest('input, textarea, select, [contenteditable], [role=dialog]')) return
      if (event.key === '/' && findField.current) {
        event.preventDefault()
        findField.current.focus()
      }
      if ((event.key === 'j' || event.key === 'k') && !at.closest('tr')) {
        event.preventDefault()
        frame.current?.querySelector<HTMLElement>('tbody tr[tabindex="0"]')?.focus()
      }
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [frame, findField, isOn])
}
