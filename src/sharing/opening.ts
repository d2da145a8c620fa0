/**
 * What a view shows when it is opened: the declared `run` of its page's analyses, with the inputs that were stored. The right
 * to it is the view’s, which the operations of this module prove first.
 */
import { forbidden, precondition } from '../platform/errors.ts'
import type { AnyOperation, WorkspaceContext } from '../platform/operation.ts'
import type { Read, Shareable, Withheld } from '../platform/rooms/shareable.ts'
import { nameless } from './rules.ts'
import type { Grants } from './schemas.ts'

export interface Answered extends Withheld {
  analysis: AnyOperation
}

/** Runs a shareable analysis and keeps what its output declares, nothing else. */
async function ask(context: WorkspaceContext, analysis: AnyOperation, input: unknown): Promise<unknown> {
  const parsed = analysis.input.safeParse(input)
  if (!parsed.success)
    throw precondition('This view was shared by an older version and fits no more. Share the page anew.')
  return analysis.output.parse(await analysis.run(context, parsed.data, undefined))
}

const inputOf = (reads: readonly Read[], analysis: AnyOperation): Record<string, unknown> =>
  reads.find((r) => r.operation === analysis.name)?.input ?? {}

const asTheyAre = (output: unknown): Withheld => ({ output, names: new Map(), said: null })

/** Lines of few accounts are left out unless names are granted. @throws forbidden where no line can be shown */
export const answersOf = async (
  context: WorkspaceContext,
  { analyses, withholding }: Pick<Shareable, 'analyses' | 'withholding'>,
  { reads, grants }: Granting,
): Promise<Answered[]> =>
  Promise.all(
    analyses.map(async (analysis) => {
      const output = await ask(context, analysis, inputOf(reads, analysis))
      return {
        analysis,
        ...(grants.names ? asTheyAre(output) : withholding.get(analysis.name)!(output, inputOf(reads, analysis))),
      }
    }),
  )

/** @throws forbidden for months outside those that the view shows */
function checkSpan({ from, to }: Readonly<Record<string, unknown>>, month: unknown): void {
  if (
    typeof month === 'string' &&
    ((typeof from === 'string' && month < from) || (typeof to === 'string' && month > to))
  )
    throw forbidden('This month is not part of the view.')
}

type Page = Record<string, unknown> & { rows: Record<string, unknown>[]; nextCursor: string | null }
const isPage = (output: unknown): output is Page =>
  typeof output === 'object' &&
  output !== null &&
  'rows' in output &&
  Array.isArray(output.rows) &&
  'nextCursor' in output

interface Granting {
  reads: readonly Read[]
  grants: Grants
}
type Choice = Readonly<Record<string, unknown>>
type Pages = (cursor: string | undefined, limit: number) => Promise<Page>

/** The list behind a figure, page by page: the view’s question, with what the opener may choose of it. */
async function pagesOf(
  context: WorkspaceContext,
  { accounts, withholding, fewWords }: Shareable,
  view: Granting,
  asked: Choice,
): Promise<{ pages: Pages; withheld: Withheld['names'] }> {
  if (!accounts) throw forbidden('There are no accounts behind the figures of this page to be shared.')
  const { reads } = view
  const withheld = view.grants.names
    ? new Map<string, string>()
    : (await answersOf(context, { analyses: [accounts.of], withholding }, view))[0]!.names
  if (['segment', 'owner', 'feature'].some((key) => withheld.has(String(asked[key]))))
    throw forbidden(`What is asked for holds ${fewWords}, or could be worked out from the total. It is withheld.`)
  const question = inputOf(reads, accounts.of)
  const choice = Object.fromEntries(Object.entries(asked).filter(([key]) => accounts.mayChoose.includes(key)))
  for (const end of ['from', 'to'] as const) checkSpan(question, choice[end])
  const pages: Pages = async (cursor, limit) => {
    const output = await ask(context, accounts.operation, {
      ...question,
      ...choice,
      limit,
      ...(cursor ? { cursor } : {}),
    })
    if (!isPage(output)) throw new Error(`${accounts.operation.name} lists no pages`)
    return output
  }
  return { pages, withheld }
}

/** Rows without names, which do not say either that they are of a segment or feature that is withheld. */
const blank = (
  { plainFields }: Shareable,
  rows: Page['rows'],
  before: Page['rows'],
  withheld: Withheld['names'],
): Page['rows'] =>
  nameless(plainFields, rows, before).map((row) => {
    const words = withheld.get(String(row['segment'])) ?? withheld.get(String(row['feature']))
    return words === undefined
      ? row
      : {
          ...row,
          ...Object.fromEntries(
            ['segment', 'feature', 'featureId'].filter((key) => key in row).map((key) => [key, words]),
          ),
        }
  })

/** What a list of any room gives at once. */
const largestPage = 10_000

/** The first rows of a list, as they are within. */
async function firstRows(pages: Pages, most: number): Promise<Page['rows']> {
  const rows: Page['rows'] = []
  for (let cursor: string | null | undefined; cursor !== null && rows.length < most;) {
    const page = await pages(cursor, Math.min(largestPage, most - rows.length))
    rows.push(...page.rows)
    cursor = page.nextCursor
  }
  return rows
}

/** A page of the rows behind a figure, with names where those are granted. */
export async function accountsOf(
  context: WorkspaceContext,
  shareable: Shareable,
  view: Granting,
  { choice, cursor, limit = 100 }: { choice: Choice; cursor?: string | undefined; limit?: number | undefined },
): Promise<Page> {
  const { pages, withheld } = await pagesOf(context, shareable, view, choice)
  const page = await pages(cursor, limit)
  if (view.grants.names) return page
  return { ...page, rows: blank(shareable, page.rows, await firstRows(pages, Number(cursor ?? 0) || 0), withheld) }
}

/** At most so many rows at once, for a file. */
export async function allAccountsOf(
  context: WorkspaceContext,
  shareable: Shareable,
  view: Granting,
  choice: Choice,
  most: number,
): Promise<Page['rows']> {
  const { pages, withheld } = await pagesOf(context, shareable, view, choice)
  const rows = await firstRows(pages, most)
  return view.grants.names ? rows : blank(shareable, rows, [], withheld)
}
