/** Accounts by pages: what they sum to, the table, more of them, and the file. */
import { Button } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { useAsk, useRead, type ApiError, type InputOf, type OutputOf, type ReadName } from '../../api.ts'
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
/** The operations that list accounts by cursor. */
type Listing = { [N in ReadName]: OutputOf<N> extends List<unknown> ? N : never }[ReadName]
type RowOf<N extends Listing> = OutputOf<N>['rows'][number]
interface Shown<L, R> {
  label: string
  columns: (list: L) => Column<R>[]
  keyOf: (row: R) => string
  sum?: (list: L) => ReactNode
  empty?: string
  maxHeight?: number | undefined
}
interface Props<N extends Listing> extends Shown<OutputOf<N>, RowOf<N>> {
  operation: N
  input: InputOf<N>
}

export function AccountPages<N extends Listing>({ operation, input, ...shown }: Props<N>) {
  const ask = useAsk()
  const first = useRead(operation, { ...input, limit: 100 })
  return (
    <Pages<OutputOf<N>, RowOf<N>>
      // What was turned to belongs to one question; another begins anew.
      key={JSON.stringify(input)}
      first={first}
      ask={(cursor) => ask(operation, { ...input, limit: 100, cursor })}
      csv={<CsvButton operation={operation} input={{ ...input, limit: 200 }} />}
      {...shown}
    />
  )
}

interface PagesProps<L, R> extends Shown<L, R> {
  first: Pick<UseQueryResult<L, ApiError>, 'data' | 'error' | 'isPending' | 'refetch'>
  ask: (cursor: string) => Promise<L>
  csv: ReactNode
}

function Pages<L extends List<R>, R>({
  first,
  ask,
  csv,
  label,
  columns,
  keyOf,
  sum,
  empty = 'No account is in this state.',
  maxHeight,
}: PagesProps<L, R>) {
  const [more, setMore] = useState<L[]>([])
  const [isBusy, setBusy] = useState(false)
  return (
    <Await query={first} rows={6}>
      {(list) => {
        const last = more.at(-1) ?? list
        const rows = [list, ...more].flatMap((one) => one.rows)
        const next = (cursor: string) => {
          setBusy(true)
          void ask(cursor)
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
                  <Button
                    size="compact-xs"
                    variant="subtle"
                    ml={8}
                    loading={isBusy}
                    onClick={() => next(last.nextCursor!)}
                  >
                    Show more
                  </Button>
                ) : null}
              </span>
              <span className="page-actions">
                <CopyLink />
                {csv}
              </span>
            </div>
          </div>
        )
      }}
    </Await>
  )
}
