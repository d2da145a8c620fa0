/** The datasets that insights brings. What reads files is handed a list and never takes this one by itself. */
import type { Datasets } from '../declaration.ts'
import { accounts } from './accounts.ts'
import { entitlements } from './entitlements.ts'
import { mrr } from './mrr.ts'
import { subscriptions } from './subscriptions.ts'
import { usage } from './usage.ts'
import { users } from './users.ts'

export const datasets: Datasets = [accounts, subscriptions, mrr, users, usage, entitlements]
