/** A decision begins with what the cell says, in words and numbers, as they are now. */
import type { AdoptionRetention, AdoptionRow } from '../../../src/insights/analyses/ground/schemas.ts'
import { useRead } from '../../api.ts'
import { DecideButton } from '../../decisions/decide-button.tsx'
import { useMay } from '../../session.ts'
import { count, day, money, percent, plural } from '../../ui/format.ts'
import type { AdoptionState, Cell } from './state.ts'

export function DecideOnCell({
  data,
  state,
  cell,
  row,
}: {
  data: AdoptionRetention
  state: AdoptionState
  cell: Cell
  row: AdoptionRow
}) {
  const may = useMay('decisions:prepare')
  const options = useRead('decisions.options', {}, { enabled: may })
  const featureId = options.data?.features.find((f) => f.name === row.feature)?.id
  if (!may || !featureId) return null
  const { meta } = data
  const { now, retention } = row
  const rate = now.adoptionRate
  const who = cell.segment === null ? 'accounts' : `${cell.segment} accounts`
  const shown =
    rate.value === null ? '' : ` (${percent(rate.value)}, 95 % interval ${percent(rate.low)} to ${percent(rate.high)})`
  const nrr = (arm: 'adopters' | 'others') =>
    retention?.[arm].nrr == null
      ? []
      : [
          {
            label: `NRR of ${arm}, ${plural(meta.window, 'month', 'months')}`,
            text: `${percent(retention[arm].nrr)} of ${plural(retention[arm].accounts, 'account', 'accounts')}`,
            value: retention[arm].nrr,
          },
        ]
  // No measure follows a pair of attributes over time.
  const isPair = meta.andBy !== null && cell.segment !== null
  const about = {
    segmentBy: meta.segmentBy,
    bands: state.bands ?? [],
    segment: cell.segment,
    adoptionMonths: meta.adoptionMonths,
    window: meta.window,
  }
  return (
    <DecideButton
      finding={{
        title: `${row.feature}, ${cell.segment ?? 'all segments'}`,
        text: `${count(now.adopters)} of ${count(now.eligible)} eligible ${who} used ${row.feature} in the ${plural(meta.adoptionMonths, 'full month', 'full months')} to ${day(meta.nowDay)}${shown}. The ${count(now.eligible - now.adopters)} that did not hold ${money(now.arrOthers, meta.currency)} of ARR.`.replaceAll(
          '\u00a0',
          ' ',
        ),
        numbers: [
          {
            label: 'Adoption rate',
            text: rate.value === null ? 'too few accounts' : percent(rate.value),
            value: rate.value,
          },
          { label: 'Eligible', text: plural(now.eligible, 'account', 'accounts'), value: now.eligible },
          { label: 'ARR of others', text: money(now.arrOthers, meta.currency), value: now.arrOthers },
          { label: 'ARR of adopters', text: money(now.arrAdopters, meta.currency), value: now.arrAdopters },
          ...nrr('adopters'),
          ...nrr('others'),
        ],
        measures: isPair
          ? []
          : [
              { measure: 'adoption-rate', featureId, ...about },
              { measure: 'arr-others', featureId, ...about },
              { measure: 'nrr', ...about },
            ],
        from: [{ kind: 'feature', id: featureId }],
        // The month is said, so that the address shows the same later.
        address: `/insights/adoption?${new URLSearchParams({ month: meta.month, segmentBy: meta.segmentBy, ...(meta.andBy === null ? {} : { andBy: meta.andBy }), window: String(meta.window), adoptionMonths: String(meta.adoptionMonths), ...(state.bands ? { bands: JSON.stringify(state.bands) } : {}), cell: JSON.stringify(cell) }).toString()}`,
      }}
    />
  )
}
