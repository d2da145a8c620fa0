import type { Use } from '../../../src/insights/analyses/renewals/operations.ts'

export const useNames: Record<Use, string> = {
  all: 'Use all',
  some: 'Use some',
  none: 'Use none',
  'not-entitled': 'Entitled to none',
  'not-measured': 'Not measured',
}
/** Worst first. */
export const useOrder: Use[] = ['none', 'some', 'all', 'not-entitled', 'not-measured']
