/** Accounts by pages: what they sum to, the table, more of them, and the file. */
import { Button } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import type { z } from 'zod'
import { useAsk, useRead, type InputOf } from '../../api.ts'
import { CopyLink } from '../../ui/copy-link.tsx'
import { CsvButton } from '../../ui/csv-button.tsx'
import { count } from '../../ui/format.ts'
import { Await } from '../../ui/states.tsx'
import { Table, type Column } from '../../ui/table.tsx'
import '../adoption/cell-drawer.css'

interface List<R> {
  rows: R[]
  nextCursor: string | null
  total: number
}
/** An operation that lists accounts by cursor. */
interface Listing {
  input: z.ZodType<unknown, { cursor?: string | undefined; limit?: number | undefined }>
  output: z.ZodType<List<unknown>>
}
type ListOf<O extends Listing> = z.output<O['output']>
type RowOf<O extends Listing> = ListOf<O>['rows'][number]
interface Props<O extends Listing> {
  operation: string
  input: InputOf<O>
  label: string
  columns: (list: ListOf<O>) => Column<RowOf<O>>[]
  keyOf: (row: RowOf<O>) => string
  sum?: (list: ListOf<O>) => ReactNode
  empty?: string
  maxHeight?: number | undefined
}

export function AccountPages<O extends Listing>(props: Props<O>) {
  // What was turned to belongs to one question; another begins anew.
  return <Pages<O> key={JSON.stringify(props.input)} {...props} />
}

function Pages<O extends Listing>({
  operation,
  input,
  label,
  columns,
  keyOf,
  sum,
  empty = 'No account is in this state.',
  maxHeight,
}: Props<O>) {
  const ask = useAsk()
  const first = useRead<O>(operation, { ...input, limit: 100 })
  const [more, setMore] = useState<ListOf<O>[]>([])
  const [isBusy, setBusy] = useState(false)
  return (
    <Await query={first} rows={6}>
      {(list) => {
        const last = more.at(-1) ?? list
        const rows = [list, ...more].flatMap((one) => one.rows) as RowOf<O>[]
        const next = () => {
          setBusy(true)
          void ask<O>(operation, { ...input, limit: 100, cursor: last.nextCursor ?? undefined })
            .then((page) => setMore((now) => [...now, page]))
            .finally(() => setBusy(false))
        }
        return (
          <div className="behind">
            {sum ? <p className="behind-sum">{sum(list)}</p> : null}
            <Table
              label={label}
              isPaged
              columns={columns(list)}
              rows={rows}
              keyOf={keyOf}
              maxHeight={maxHeight}
              empty={<p className="soft">{empty}</p>}
            />
            <div className="table-foot">
              <span>
                {count(rows.length)} of {count(list.total)} shown
                {last.nextCursor ? (
                  <Button size="compact-xs" variant="subtle" ml={8} loading={isBusy} onClick={next}>
                    Show more
                  </Button>
                ) : null}
              </span>
              <span className="page-actions">
                <CopyLink />
                <CsvButton operation={operation} input={{ ...input, limit: 200 }} />
              </span>
            </div>
          </div>
        )
      }}
    </Await>
  )
}
