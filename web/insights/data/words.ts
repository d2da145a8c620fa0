import type { Dataset } from '../../../src/insights/datasets/schemas.ts'

export const datasetNames: Record<Dataset, { title: string; what: string }> = {
  accounts: { title: 'Accounts', what: 'who the customers are: segment, owner, renewal' },
  subscriptions: { title: 'Subscriptions', what: 'what they pay, from when to when; contracts too' },
  mrr: { title: 'MRR by month', what: 'instead of subscriptions: what each paid at month-ends' },
  users: { title: 'Users', what: 'which user belongs to which account' },
  usage: { title: 'Usage', what: 'events, or daily counts, by account, user or subscription' },
  entitlements: { title: 'Entitlements', what: 'which plan or account may use which feature' },
}
export const datasetOrder: Dataset[] = ['accounts', 'subscriptions', 'mrr', 'users', 'usage', 'entitlements']
