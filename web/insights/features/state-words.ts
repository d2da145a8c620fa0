/** The states of an account towards a feature, in the order in which bars show them, and what they are called. */
import type { AdoptionState } from '../../../src/insights/features/adoption-states.ts'

export const stateWords: Record<AdoptionState, string> = {
  adopted: 'Adopted',
  dormant: 'Dormant',
  tried: 'Tried',
  'never-used': 'Never used',
  'not-measured': 'Not measured',
  'not-entitled': 'Not entitled',
}
export const stateHints: Record<AdoptionState, string> = {
  adopted: 'meets the definition now',
  dormant: 'met it at an earlier month’s end, does not now',
  tried: 'used it, and never met the definition',
  'never-used': 'entitled and measured, no use so far',
  'not-measured': 'entitled, and no event of the account is known',
  'not-entitled': 'pays, and may not use it',
}
export const adoptionStates = Object.keys(stateWords) as AdoptionState[]
