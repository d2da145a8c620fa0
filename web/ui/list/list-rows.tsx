/** The rows of a list: one of them is where the keyboard stands; arrows or j and k move, Enter opens, x selects. */
import { Checkbox } from '@mantine/core'
import { useState, type KeyboardEvent, type MouseEvent, type ReactNode } from 'react'
import { count } from '../format.ts'
import { EditableCell } from './cell-edit.tsx'
import type { ListColumn } from './columns.ts'
import type { ListModel } from './use-list.ts'

type Row<T extends object> = ListModel<T>['rows'][number]

export interface RowsProps<T extends object> {
  list: ListModel<T>
  hasBulk: boolean
  openKey: string | undefined
  onOpen?: (row: T) => void
  onClear: () => void
  groupNote?: (rows: T[]) => ReactNode
}

export function ListRows<T extends object>(props: RowsProps<T>) {
  const { list, hasBulk, openKey, onOpen, groupNote } = props
  const [at, setAt] = useState<string>()
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set())
  const reached = list.rows.some((r) => r.id === at) ? at : list.rows[0]?.id
  const columns = shownColumns(list)
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const row = event.target instanceof HTMLTableRowElement ? event.target : null
    if (!row || event.ctrlKey || event.metaKey || event.altKey) return
    const found = list.rows.find((r) => r.id === row.dataset['key'])
    const done = move(row, event.key) || act(event.key, found)
    if (done) event.preventDefault()
  }
  const act = (key: string, row: Row<T> | undefined): boolean => {
    if (!row) return false
    if ((key === 'Enter' || key === ' ') && onOpen) onOpen(row.original)
    else if (key === 'x' && hasBulk) list.select(row.id, !list.isSelected(row.id))
    else if (key === 'Escape' && list.selectedRows.length > 0) props.onClear()
    else return false
    return true
  }
  const line = (row: Row<T>) => (
    <tr
      key={row.id}
      data-key={row.id}
      className={
        [onOpen ? 'can-open' : '', row.id === openKey || list.isSelected(row.id) ? 'is-current' : '']
          .join(' ')
          .trim() || undefined
      }
      tabIndex={row.id === reached ? 0 : -1}
      onFocus={() => setAt(row.id)}
      onClick={onOpen ? (event) => isOnRow(event) && onOpen(row.original) : undefined}
    >
      {hasBulk ? (
        <td className="list-select">
          <Checkbox
            size="xs"
            aria-label={`Select ${String(columns[0]?.by?.(row.original) ?? row.id)}`}
            checked={list.isSelected(row.id)}
            onChange={(event) => list.select(row.id, event.currentTarget.checked)}
          />
        </td>
      ) : null}
      {columns.map((c, i) => (
        <Cell key={c.key} column={c} row={row.original} isName={i === 0} />
      ))}
    </tr>
  )
  if (!list.groups) return <tbody onKeyDown={onKeyDown}>{list.rows.map(line)}</tbody>
  return (
    <>
      {list.groups.map(({ name, rows }) => (
        <tbody key={name} aria-label={name} onKeyDown={onKeyDown}>
          <tr className="list-group">
            <th scope="rowgroup" colSpan={columns.length + (hasBulk ? 1 : 0)}>
              <button
                type="button"
                className="plain"
                aria-expanded={!closed.has(name)}
                onClick={() => setClosed(toggled(closed, name))}
              >
                <span className="list-group-mark" aria-hidden>
                  {closed.has(name) ? '▸' : '▾'}
                </span>
                {name} <span className="faint">{count(rows.length)}</span>
              </button>
              {groupNote ? <span className="list-group-note">{groupNote(rows.map((r) => r.original))}</span> : null}
            </th>
          </tr>
          {closed.has(name) ? null : rows.map(line)}
        </tbody>
      ))}
    </>
  )
}

export const shownColumns = <T extends object>(list: ListModel<T>): ListColumn<T>[] =>
  list.table.getVisibleLeafColumns().map((c) => list.columns.find((one) => one.key === c.id)!)

function Cell<T extends object>({ column: c, row, isName }: { column: ListColumn<T>; row: T; isName: boolean }) {
  const inner = c.edit ? (
    <EditableCell row={row} title={`${c.title}`} edit={c.edit}>
      {c.render(row)}
    </EditableCell>
  ) : (
    c.render(row)
  )
  const given = { className: c.isNumber ? 'end' : undefined, onMouseEnter: nameWhole }
  return isName ? (
    <th scope="row" {...given}>
      {inner}
    </th>
  ) : (
    <td {...given}>{inner}</td>
  )
}

/** What ends in an ellipsis is told whole on hover. */
const nameWhole = ({ currentTarget: cell }: MouseEvent<HTMLTableCellElement>) => {
  const cut = [cell, ...cell.querySelectorAll<HTMLElement>('.cut')].some((e) => e.scrollWidth > e.clientWidth)
  cell.title = cut ? cell.textContent : ''
}

/** A press on a button, a link or a field within the row is meant for that. */
const isOnRow = ({ target }: MouseEvent) =>
  !(target instanceof Element && target.closest('a, button, input, label, [role=option], .list-select, .cell-field'))

const toggled = (set: ReadonlySet<string>, one: string): Set<string> => {
  const next = new Set(set)
  if (!next.delete(one)) next.add(one)
  return next
}

function move(row: HTMLTableRowElement, key: string): boolean {
  const by = key === 'ArrowDown' || key === 'j' ? 1 : key === 'ArrowUp' || key === 'k' ? -1 : 0
  const all = [...(row.closest('table')?.querySelectorAll<HTMLElement>('tbody tr[data-key]') ?? [])]
  const to = key === 'Home' ? all[0] : key === 'End' ? all.at(-1) : by === 0 ? undefined : all[all.indexOf(row) + by]
  if (by === 0 && !to) return false
  to?.focus()
  return true
}
