import type { Dataset } from '../../../src/insights/datasets/schemas.ts'

export const datasetNames: Record<Dataset, { title: string; what: string }> = {
  accounts: { title: 'Accounts', what: 'who they are: segment, owner, renewal' },
  subscriptions: { title: 'Subscriptions', what: 'what accounts pay, and until when' },
  mrr: { title: 'MRR by month', what: 'or what each account paid by month' },
  users: { title: 'Users', what: 'who belongs to which account' },
  usage: { title: 'Usage', what: 'events or daily counts' },
  entitlements: { title: 'Entitlements', what: 'who may use which feature' },
}
export const datasetOrder: Dataset[] = ['accounts', 'subscriptions', 'mrr', 'users', 'usage', 'entitlements']
