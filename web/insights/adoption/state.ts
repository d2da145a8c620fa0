import { isPick, isText, useAddress } from '../../ui/address.ts'

export interface Cell {
  feature: string
  segment: string | null
  state: 'adopters' | 'others' | 'not-measured'
}
export interface AdoptionState {
  month?: string
  segmentBy?: string
  andBy?: string
  bands?: number[]
  window?: number
  adoptionMonths?: number
  /** Part of a feature's name, where there are more features than the map can show. */
  find?: string
  cell?: Cell
}

export function useAdoptionState(): [AdoptionState, (change: Partial<AdoptionState>) => void] {
  const [state, set] = useAddress<AdoptionState>({ find: isText, cell: isPick('feature', 'state') })
  return [state, (change) => set(change, { asStep: 'cell' in change })]
}
