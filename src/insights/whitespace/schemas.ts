import { z } from 'zod'
import { Day, Month } from '../datasets/schemas.ts'

/** What became of an account since its list was made: at its renewal, or so far. */
export const Renewal = z.enum(['left', 'renewed', 'grew', 'shrank', 'due', 'unknown'])
export type Renewal = z.infer<typeof Renewal>

export const ListItem = z.object({
  accountId: z.string(),
  account: z.string(),
  segment: z.string(),
  featureId: z.string(),
  feature: z.string(),
  owner: z.string().nullable(),
  ownerEmail: z.string().nullable(),
  arrThen: z.number(),
  arrNow: z.number().nullable(),
  renewalDate: Day.nullable(),
  lastUseThen: Day.nullable(),
  hasAdopted: z.boolean(),
  renewal: Renewal,
})
export type ListItem = z.infer<typeof ListItem>

export const Handover = z.object({
  id: z.string(),
  way: z.enum(['csv', 'mail', 'webhook']),
  target: z.string(),
  items: z.int(),
  outcome: z.enum(['queued', 'sent', 'failed', 'held']),
  error: z.string().nullable(),
  handedBy: z.string(),
  handedAt: z.string(),
})

const Part = z.object({ accounts: z.int(), arr: z.number() })
export const ListSummary = z.object({
  id: z.uuid(),
  name: z.string(),
  month: Month,
  note: z.string().nullable(),
  createdBy: z.string(),
  createdAt: z.string(),
  isArchived: z.boolean(),
  features: z.array(z.string()),
  accounts: z.int(),
  arrThen: z.number(),
  adopted: z.int().describe('pairs of account and feature adopted since'),
  pairs: z.int(),
  handovers: z.int(),
  owners: z.int(),
  withoutAddress: z.int().describe('accounts whose owner has no address'),
  outcome: z
    .object({ left: Part, renewed: Part, due: Part, unknown: Part })
    .describe('ARR as it was when the list was made; renewed includes grown and shrunk'),
})
export type ListSummary = z.infer<typeof ListSummary>
