/** The table behind the picture: every segment and feature, now and twelve months on. */
import type { AdoptionRetention, AdoptionRow, RetentionArm } from '../../../src/insights/analyses/ground/schemas.ts'
import { count, exactMoney, money, percent } from '../../ui/format.ts'
import { Table, type Column } from '../../ui/table.tsx'
import type { Cell } from './state.ts'
import { featureColumn } from '../features/feature-name.tsx'

const rateOf = (arm: RetentionArm | undefined, key: 'nrr' | 'grr' | 'logo') => {
  const value = arm?.[key]
  if (!arm) return <span className="faint">–</span>
  if (value === null || value === undefined)
    return (
      <span className="faint" title="Fewer than 10 accounts: the figure is not shown, the count is">
        n {count(arm.accounts)}
      </span>
    )
  return (
    <span title={arm.mark === 'directional' ? `${arm.accounts} accounts: directional` : undefined}>
      {arm.mark === 'directional' ? '~ ' : ''}
      {percent(value, 0)}
    </span>
  )
}

export function Figures({
  data,
  current,
  onOpen,
}: {
  data: AdoptionRetention
  current: Cell | undefined
  onOpen: (cell: Cell) => void
}) {
  const { currency } = data.meta
  const columns: Column<AdoptionRow>[] = [
    featureColumn,
    { key: 'segment', title: 'Segment', by: (r) => r.segment, render: (r) => r.segment },
    {
      key: 'eligible',
      title: 'Eligible',
      by: (r) => r.now.eligible,
      render: (r) => count(r.now.eligible),
      isNumber: true,
      startsGroup: true,
      hint: 'ARR, feature released, entitled, measured',
    },
    {
      key: 'adopters',
      title: 'Adopters',
      by: (r) => r.now.adopters,
      render: (r) => count(r.now.adopters),
      isNumber: true,
    },
    {
      key: 'rate',
      title: 'Adoption',
      by: (r) => r.now.adoptionRate.value,
      render: (r) =>
        r.now.adoptionRate.mark === 'suppressed' ? (
          <span className="faint" title="Fewer than 10 eligible accounts">
            –
          </span>
        ) : (
          <>
            {r.now.adoptionRate.mark === 'directional' ? '~ ' : ''}
            {percent(r.now.adoptionRate.value)}
          </>
        ),
      isNumber: true,
    },
    {
      key: 'interval',
      title: '95 % interval',
      render: (r) =>
        r.now.adoptionRate.low === null ? (
          <span className="faint">–</span>
        ) : (
          <span className="faint">
            {percent(r.now.adoptionRate.low, 0)} to {percent(r.now.adoptionRate.high, 0)}
          </span>
        ),
      isNumber: true,
    },
    {
      key: 'arrOthers',
      title: 'ARR of others',
      by: (r) => r.now.arrOthers,
      render: (r) => <span title={exactMoney(r.now.arrOthers, currency)}>{money(r.now.arrOthers, currency)}</span>,
      isNumber: true,
      hint: 'ARR of eligible accounts that do not use it',
    },
    {
      key: 'nrrA',
      title: 'NRR adopters',
      by: (r) => r.retention?.adopters.nrr ?? null,
      render: (r) => rateOf(r.retention?.adopters, 'nrr'),
      isNumber: true,
      startsGroup: true,
      hint: 'Closed cohort that had adopted at the base day',
    },
    {
      key: 'nrrO',
      title: 'NRR others',
      by: (r) => r.retention?.others.nrr ?? null,
      render: (r) => rateOf(r.retention?.others, 'nrr'),
      isNumber: true,
    },
    {
      key: 'grrA',
      title: 'GRR adopters',
      by: (r) => r.retention?.adopters.grr ?? null,
      render: (r) => rateOf(r.retention?.adopters, 'grr'),
      isNumber: true,
    },
    {
      key: 'grrO',
      title: 'GRR others',
      by: (r) => r.retention?.others.grr ?? null,
      render: (r) => rateOf(r.retention?.others, 'grr'),
      isNumber: true,
    },
    {
      key: 'logoA',
      title: 'Logo adopters',
      by: (r) => r.retention?.adopters.logo ?? null,
      render: (r) => rateOf(r.retention?.adopters, 'logo'),
      isNumber: true,
    },
    {
      key: 'logoO',
      title: 'Logo others',
      by: (r) => r.retention?.others.logo ?? null,
      render: (r) => rateOf(r.retention?.others, 'logo'),
      isNumber: true,
    },
  ]
  return (
    <Table
      label="Adoption and retention by segment and feature"
      columns={columns}
      rows={data.rows}
      keyOf={(r) => `${r.segment} ${r.feature}`}
      initialSort={{ key: 'arrOthers', down: true }}
      maxHeight={560}
      onOpen={(r) => onOpen({ feature: r.feature, segment: r.segment, state: 'others' })}
      isCurrent={(r) => current?.feature === r.feature && current.segment === r.segment}
    />
  )
}
