/** A view: a page as it stands, shared with people who see nothing else of the analyses. */
import { z } from 'zod'
import { named, VersionNumber } from '../platform/field-types.ts'

/** What a view gives beyond its aggregates; nothing unless it is granted. */
export const Grants = z
  .object({
    accounts: z.boolean().default(false).describe('the rows behind a figure, one for each account, without its name'),
    names: z.boolean().default(false).describe('names, ids and owners in those rows'),
    export: z.boolean().default(false).describe('tables as CSV, and the buttons that save a picture'),
  })
  .refine((grants) => grants.accounts || !grants.names, {
    path: ['names'],
    message: 'names stand in the rows of accounts: grant those too',
  })
export type Grants = z.infer<typeof Grants>

/** What one page asks, by the name of the operation. */
export const Read = z.object({ operation: z.string().max(120), input: named(z.string().max(60), z.unknown(), 60) })
export type Read = z.infer<typeof Read>

const Audience = z
  .object({
    title: z.string().trim().min(1).max(160),
    note: z.string().trim().max(2000).default(''),
    people: z.array(z.string().max(64)).max(200).default([]).describe('ids of people of the workspace'),
    forStakeholders: z
      .boolean()
      .default(false)
      .describe('with everybody whose role is stakeholder, those who come later too'),
    grants: Grants.default({ accounts: false, names: false, export: false }),
  })
  .refine((a) => a.forStakeholders || a.people.length > 0, {
    path: ['people'],
    message: 'say with whom: people, or all stakeholders',
  })

export const ViewDraft = Audience.safeExtend({
  path: z.string().max(120).describe('the page within the workspace: /insights/adoption'),
  search: z.string().max(3000).default('').describe('its search parameters, as in its address'),
  reads: z.array(Read).min(1).max(4).describe('what the page asks, one for each of its analyses'),
})
export const ViewChange = Audience.safeExtend({ id: z.uuid(), version: VersionNumber })

export const ViewSummary = z.object({
  id: z.string(),
  path: z.string(),
  search: z.string(),
  question: z.string().describe('what its page answers'),
  title: z.string(),
  note: z.string(),
  sharedBy: z.string(),
  sharedAt: z.string(),
  grants: Grants,
  link: z.string(),
  forStakeholders: z.boolean(),
  people: z.array(z.object({ userId: z.string(), name: z.string() })).describe('empty for who was shared with'),
  mayChange: z.boolean(),
  version: z.int(),
})
export type ViewSummary = z.infer<typeof ViewSummary>

export const OpenedView = z.object({
  view: ViewSummary,
  dataTo: z.string().nullable().describe('the last day with data, YYYY-MM-DD'),
  month: z.string().nullable().describe('the last complete month, YYYY-MM'),
  options: z.unknown().describe('what the page needs of the choices, without those that were not taken'),
  withheld: z.array(z.string()).describe('segments and owners of few accounts that are not shown, in sentences'),
  answers: z.array(z.object({ operation: z.string(), output: z.unknown() })),
  accounts: z.string().nullable().describe('the operation whose rows the view grants'),
})
