/** The accounts behind a bar of the bridge: what each paid before and after, whose they are, and when. */
import type { MovementKind } from '../../../src/insights/analyses/ground/revenue.ts'
import { type InputOf, type OutputOf } from '../../api.ts'
import { day, month, plural } from '../../ui/format.ts'
import { Money } from '../../ui/money.tsx'
import type { Column } from '../../ui/table.tsx'
import { AccountPages } from '../account/account-pages.tsx'
import { nameColumn, ownerColumn } from '../account/columns.tsx'
import { AccountsDrawer } from '../analyses/frame.tsx'

export interface Bar {
  kind: MovementKind
  month?: string | undefined
}
export const kindTitles = {
  new: 'New',
  reactivation: 'Reactivation',
  expansion: 'Expansion',
  contraction: 'Contraction',
  churn: 'Churn',
} as const

type Input = Omit<InputOf<'insights.analyses.movementAccounts'>, 'kind'>
type Row = OutputOf<'insights.analyses.movementAccounts'>['rows'][number]

export const movementColumns = (currency: string, scale: number): Column<Row>[] => {
  const amount = (value: number) => <Money amount={value * scale} currency={currency} />
  return [
    nameColumn,
    { key: 'before', title: 'Before', by: (r) => r.before, render: (r) => amount(r.before), isNumber: true },
    { key: 'after', title: 'After', by: (r) => r.after, render: (r) => amount(r.after), isNumber: true },
    {
      key: 'size',
      title: 'Change',
      by: (r) => r.after - r.before,
      render: (r) => amount(r.after - r.before),
      isNumber: true,
    },
    {
      key: 'month',
      title: 'In',
      by: (r) => r.month,
      render: (r) => <span title={`seen at ${day(r.day)}`}>{month(r.month)}</span>,
      isNumber: true,
    },
    ownerColumn,
  ]
}

export function MovementDrawer({
  bar,
  input,
  scale,
  unit,
  onClose,
}: {
  bar: Bar | undefined
  input: Input
  scale: number
  unit: string
  onClose: () => void
}) {
  return (
    <AccountsDrawer
      of={bar}
      onClose={onClose}
      title={({ kind, month: at }) => `${kindTitles[kind]}${at ? `, ${month(at)}` : ''}`}
    >
      {({ kind }) => (
        <AccountPages
          operation="insights.analyses.movementAccounts"
          input={{ ...input, kind }}
          label={`Accounts behind ${kindTitles[kind]}`}
          sum={(list) => (
            <>
              {plural(list.accounts, 'account', 'accounts')},{' '}
              <Money amount={list.arr * scale} currency={list.currency} /> of {unit}. The largest come first
              {list.total > list.accounts ? '; an account stands once for each month in which it moved' : ''}.
            </>
          )}
          columns={(list) => movementColumns(list.currency, scale)}
          keyOf={(r) => `${r.accountId} ${r.month}`}
        />
      )}
    </AccountsDrawer>
  )
}
