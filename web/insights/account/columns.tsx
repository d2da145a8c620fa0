/** The columns that tables of accounts have in common, each in the same words everywhere. */
import { day } from '../../ui/format.ts'
import { Money } from '../../ui/money.tsx'
import type { Column } from '../../ui/table.tsx'
import { AccountLink } from './account-link.tsx'

export const nameColumn: Column<{ accountId: string; name: string }> = {
  key: 'name',
  title: 'Account',
  by: (r) => r.name.toLowerCase(),
  render: (r) => <AccountLink id={r.accountId} name={r.name} />,
}

export const segmentColumn: Column<{ segment: string }> = {
  key: 'segment',
  title: 'Segment',
  by: (r) => r.segment,
  render: (r) => r.segment,
}

export const arrColumn = (currency: string): Column<{ arr: number }> => ({
  key: 'arr',
  title: 'ARR',
  by: (r) => r.arr,
  render: (r) => <Money amount={r.arr} currency={currency} />,
  isNumber: true,
})

export const renewalColumn: Column<{ renewalDate: string | null; renewsSoon?: boolean }> = {
  key: 'renewal',
  title: 'Renews',
  by: (r) => r.renewalDate,
  render: (r) =>
    r.renewalDate ? (
      <span className={r.renewsSoon ? 'soon' : undefined}>{day(r.renewalDate)}</span>
    ) : (
      <span className="faint">not known</span>
    ),
  isNumber: true,
}

/** @param of what was used last, where it is not said beside it */
export const lastUseColumn = (title = 'Last use', of?: string): Column<{ lastUse: string | null }> => ({
  key: 'last',
  title,
  by: (r) => r.lastUse,
  render: (r) => (r.lastUse ? day(r.lastUse) : <span className="faint">never</span>),
  isNumber: true,
  ...(of ? { hint: of } : {}),
})

export const ownerColumn: Column<{ owner: string | null; ownerEmail: string | null }> = {
  key: 'owner',
  isWho: true,
  title: 'Owner',
  by: (r) => r.owner ?? '',
  render: (r) => <Owner name={r.owner} email={r.ownerEmail} />,
}

function Owner({ name, email }: { name: string | null; email: string | null }) {
  if (!name) return <span className="faint">none</span>
  return email ? <a href={`mailto:${email}`}>{name}</a> : name
}
