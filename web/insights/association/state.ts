import { defaultStringifySearch } from '@tanstack/react-router'
import type { AssociationRow } from '../../../src/insights/analyses/association/schemas.ts'
import { useAddress } from '../../ui/address.ts'
import { bandsFor } from '../analyses/cut.ts'
import { points } from '../../ui/format.ts'

export interface AssociationState {
  month?: string
  window?: number
  adoptionMonths?: number
  segmentBy?: string
  show?: string
  feature?: string
}
/** What is left open is the question that was stored: nothing is sent that was not chosen. */
export const inputOf = (state: AssociationState) => ({
  ...(state.month ? { month: state.month } : {}),
  ...(state.window ? { window: state.window } : {}),
  ...(state.adoptionMonths ? { adoptionMonths: state.adoptionMonths } : {}),
  ...(state.segmentBy ? { segmentBy: state.segmentBy, ...bandsFor(state.segmentBy) } : {}),
})

/** The address of one feature's evidence by what it asks. */
export const searchOf = ({ segment, bands: _, ...asked }: Record<string, unknown>): string =>
  defaultStringifySearch({ ...asked, ...(segment === undefined ? {} : { show: segment }) })

export const useAssociationState = () => useAddress<AssociationState>()

export const interval = (d: { low: number; high: number }): string => `${points(d.low)} to ${points(d.high)}`

/** Said by word, weight and colour: never by colour alone. */
export const classOf = (row: Pick<AssociationRow, 'evidence' | 'adjusted'>): string =>
  row.evidence !== 'associated'
    ? `word is-${row.evidence}`
    : `word is-associated ${(row.adjusted?.value ?? 0) < 0 ? 'is-worse' : 'is-better'}`
