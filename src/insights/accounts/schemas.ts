import { z } from 'zod'
import { DataName, DataText } from '../../platform/field-types.ts'
import { Source } from '../datasets/schemas.ts'

export const LinkMethod = z.enum(['id', 'domain', 'name', 'person'])

/** An id of some system that no account of the book of record bears, with what hangs on it, and who it may be. */
export const Unmatched = z.object({
  source: Source,
  extId: z.string(),
  name: z.string().nullable(),
  domain: z.string().nullable(),
  arr: z.number(),
  events: z.int(),
  lastEventDay: z.string().nullable(),
  proposals: z.array(
    z.object({
      accountExtId: z.string(),
      accountName: z.string().nullable(),
      method: LinkMethod,
      confidence: z.number(),
      why: z.string(),
    }),
  ),
})
export type Unmatched = z.infer<typeof Unmatched>

export const LinkDecision = z.object({
  source: Source,
  extId: DataText,
  accountExtId: DataText.nullable(),
  method: LinkMethod.default('person'),
})
export type LinkDecision = z.infer<typeof LinkDecision>

export const Link = LinkDecision.extend({
  accountName: z.string().nullable(),
  decidedBy: z.string(),
  decidedAt: z.string(),
})
export type Link = z.infer<typeof Link>

export const ExclusionRule = z.object({
  id: z.string(),
  field: DataName.min(1),
  operator: z.enum(['is', 'contains', 'ends-with']),
  value: z.string().trim().min(1).max(2000),
  reason: z.enum(['internal', 'test', 'trial', 'other']),
  accounts: z.int(),
})
export type ExclusionRule = z.infer<typeof ExclusionRule>

export const AccountSettings = z.object({
  primarySource: z.string().nullable(),
  sources: z.array(z.string()),
  revenueBook: z.string().nullable(),
  revenueBooks: z.array(z.string()),
  rollUpToParent: z.boolean(),
  parents: z
    .object({ named: z.int(), unknown: z.int(), circular: z.int() })
    .describe(
      'accounts that name a parent; of those, whose parent the accounts file does not hold, and who are in a circle',
    ),
  version: z.int(),
})
export type AccountSettings = z.infer<typeof AccountSettings>
