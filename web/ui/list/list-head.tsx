/** The heads of a list’s columns: a press sorts, the edge is drawn to make it wider, by arrow keys too. */
import { Checkbox } from '@mantine/core'
import type { KeyboardEvent } from 'react'
import type { ListModel } from './use-list.ts'

const step = 16

export function ListHead<T extends object>({ list, hasBulk }: { list: ListModel<T>; hasBulk: boolean }) {
  const { table, columns, sort, rows, selectedRows } = list
  const shown = table.getHeaderGroups()[0]?.headers ?? []
  return (
    <>
      <colgroup>
        {hasBulk ? <col className="list-select-col" /> : null}
        {shown.map((header, i) => (
          // The first takes what is left until somebody gives it a width.
          <col
            key={header.id}
            style={i === 0 && list.choice.widths[header.id] === undefined ? undefined : { width: header.getSize() }}
          />
        ))}
      </colgroup>
      <thead>
        <tr>
          {hasBulk ? (
            <th scope="col" className="list-select">
              <Checkbox
                size="xs"
                aria-label="Select all"
                checked={rows.length > 0 && selectedRows.length === rows.length}
                indeterminate={selectedRows.length > 0 && selectedRows.length < rows.length}
                onChange={(event) => list.selectAll(event.currentTarget.checked)}
              />
            </th>
          ) : null}
          {shown.map((header) => {
            const column = columns.find((c) => c.key === header.id)!
            const isSorted = sort?.key === column.key
            const onKeyDown = (event: KeyboardEvent) => {
              const by = event.key === 'ArrowRight' ? step : event.key === 'ArrowLeft' ? -step : 0
              if (by === 0) return
              event.preventDefault()
              list.resize(column.key, header.getSize() + by)
            }
            return (
              <th
                key={column.key}
                scope="col"
                className={column.isNumber ? 'end' : undefined}
                title={column.hint}
                aria-sort={isSorted ? (sort.isDown ? 'descending' : 'ascending') : undefined}
              >
                {column.by ? (
                  <button type="button" className="sort" onClick={() => list.sortBy(column)}>
                    <span className="list-head-text">{column.title}</span>
                    <span className="sort-mark" aria-hidden>
                      {isSorted ? (sort.isDown ? '▼' : '▲') : ''}
                    </span>
                  </button>
                ) : (
                  <span className="list-head-text">{column.title}</span>
                )}
                <span
                  className={header.column.getIsResizing() ? 'list-edge is-drawn' : 'list-edge'}
                  role="separator"
                  aria-orientation="vertical"
                  aria-label={`Width of ${column.title}`}
                  aria-valuenow={header.getSize()}
                  aria-valuemin={64}
                  aria-valuemax={900}
                  tabIndex={0}
                  onMouseDown={header.getResizeHandler()}
                  onTouchStart={header.getResizeHandler()}
                  onKeyDown={onKeyDown}
                />
              </th>
            )
          })}
        </tr>
      </thead>
    </>
  )
}
