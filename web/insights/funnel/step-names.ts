import type { FunnelStep } from '../../../src/insights/analyses/adoption-funnel/operations.ts'

export const stepOrder: FunnelStep[] = ['paying', 'entitled', 'measured', 'ever-used', 'adopted', 'every-month']
export const stepNames: Record<FunnelStep, string> = {
  paying: 'Paying',
  entitled: 'Entitled',
  measured: 'Measured',
  'ever-used': 'Ever used it',
  adopted: 'Use it now',
  'every-month': 'Every month',
}
/** What is true of the accounts for which this step is the last. */
export const stopNames: Record<FunnelStep, string> = {
  paying: 'not entitled',
  entitled: 'not measured',
  measured: 'never used it',
  'ever-used': 'used it, not now',
  adopted: 'now, not every month',
  'every-month': 'every month',
}
