/** The accounts behind a bar of the bridge: what each paid before and after, whose they are, and when. */
import { Drawer } from '@mantine/core'
import type { listMovementAccounts } from '../../../src/insights/analyses/movement-accounts.ts'
import type { MovementKind } from '../../../src/insights/analyses/revenue.ts'
import { type InputOf, type OutputOf } from '../../api.ts'
import { useMay } from '../../session.ts'
import { day, exactMoney, money, month, plural } from '../../ui/format.ts'
import type { Column } from '../../ui/table.tsx'
import { AccountsWithheld } from '../views/accounts-withheld.tsx'
import { AccountLink } from '../account/account-link.tsx'
import { AccountPages } from '../account/account-pages.tsx'

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

type Input = Omit<InputOf<typeof listMovementAccounts>, 'kind'>
type Row = OutputOf<typeof listMovementAccounts>['rows'][number]

export const movementColumns = (currency: string, scale: number): Column<Row>[] => {
  const amount = (value: number) => (
    <span title={exactMoney(value * scale, currency)}>{money(value * scale, currency)}</span>
  )
  return [
    {
      key: 'name',
      title: 'Account',
      by: (r) => r.name.toLowerCase(),
      render: (r) => <AccountLink id={r.accountId} name={r.name} />,
    },
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
    {
      key: 'owner',
      isWho: true,
      title: 'Owner',
      by: (r) => r.owner ?? '',
      render: (r) =>
        r.owner ? (
          r.ownerEmail ? (
            <a href={`mailto:${r.ownerEmail}`}>{r.owner}</a>
          ) : (
            r.owner
          )
        ) : (
          <span className="faint">none</span>
        ),
    },
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
  const may = useMay('insights:accounts')
  return (
    <Drawer
      opened={bar !== undefined}
      onClose={onClose}
      position="right"
      size="min(860px, 100vw)"
      title={
        bar ? (
          <span className="drawer-title">
            {kindTitles[bar.kind]}
            {bar.month ? `, ${month(bar.month)}` : ''}
          </span>
        ) : (
          ''
        )
      }
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {!bar ? null : !may ? (
        <AccountsWithheld />
      ) : (
        <AccountPages<typeof listMovementAccounts>
          operation="insights.analyses.movementAccounts"
          input={{ ...input, kind: bar.kind }}
          label={`Accounts behind ${kindTitles[bar.kind]}`}
          sum={(list) => (
            <>
              {plural(list.accounts, 'account', 'accounts')},{' '}
              <span title={exactMoney(list.arr * scale, list.currency)}>{money(list.arr * scale, list.currency)}</span>{' '}
              of {unit}. The largest come first
              {list.total > list.accounts ? '; an account stands once for each month in which it moved' : ''}.
            </>
          )}
          columns={(list) => movementColumns(list.currency, scale)}
          keyOf={(r) => `${r.accountId} ${r.month}`}
        />
      )}
    </Drawer>
  )
}
