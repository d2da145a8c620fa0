/** What an account can be to a feature; exactly one of these at a day. */
export const adoptionStates = ['adopted', 'dormant', 'tried', 'never-used', 'not-measured', 'not-entitled'] as const
export type AdoptionState = (typeof adoptionStates)[number]
