/**
 * What a view shows when it is opened: the declared `run` of its page's analyses, with the inputs that were stored. The right
 * to it is the view’s, which the operations of this module prove first.
 */
import { forbidden, precondition } from '../platform/errors.ts'
import type { AnyOperation, WorkspaceContext } from '../platform/operation.ts'
import { isAccountNamed } from '../insights/accounts/warehouse.ts'
import { defaultSegment, readAttributes } from '../insights/analyses/ground/attributes.ts'
import { analysisOptions } from '../insights/analyses/options/operations.ts'
import { largestPage } from '../insights/analyses/ground/paging.ts'
import { nameless } from './rules.ts'
import type { Grants, Read } from './schemas.ts'
import type { Shareable } from '../insights/shared/shareables.ts'
import { inWarehouse } from '../platform/warehouse/in-warehouse.ts'
import { fewWords } from '../insights/shared/few.ts'
import { withhold, type Withholding } from '../insights/shared/withholding.ts'

export interface Answered extends Withholding {
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

const asTheyAre = (output: unknown): Withholding => ({ output, names: new Map(), said: null })

/** Lines of few accounts are left out unless names are granted. @throws forbidden where no line can be shown */
export const answersOf = async (
  context: WorkspaceContext,
  { analyses }: Pick<Shareable, 'analyses'>,
  { reads, grants }: Granting,
): Promise<Answered[]> =>
  Promise.all(
    analyses.map(async (analysis) => {
      const output = await ask(context, analysis, inputOf(reads, analysis))
      return {
        analysis,
        ...(grants.names ? asTheyAre(output) : withhold(analysis, output, inputOf(reads, analysis))),
      }
    }),
  )

/** What accounts are grouped by: every attribute of the question, and where it leaves that open, the usual one. */
function groupingsOf(
  { analyses }: Shareable,
  reads: readonly Read[],
  usual: string | null,
): { by: string; isBanded: boolean }[] {
  const isCut = (bands: unknown) => Array.isArray(bands) && bands.length > 0
  return analyses.flatMap((analysis) => {
    const { segmentBy, bands, andBy, andBands } = inputOf(reads, analysis)
    const leavesOpen = segmentBy === undefined && 'segmentBy' in (analysis.input.shape ?? {})
    return [
      { by: leavesOpen ? usual : segmentBy, isBanded: isCut(bands) },
      { by: andBy, isBanded: isCut(andBands) },
    ].flatMap(({ by, isBanded }) => (typeof by === 'string' ? [{ by, isBanded }] : []))
  })
}

/** Of the choices a page offers, those that were taken: attributes may be named after people or accounts. */
export async function optionsOf(context: WorkspaceContext, shareable: Shareable, reads: readonly Read[]) {
  const options = await analysisOptions.run(context, {}, undefined)
  const taken = groupingsOf(shareable, reads, options.defaultSegmentBy).map((g) => g.by)
  return {
    ...options,
    attributes: options.attributes.filter((a) => taken.includes(a.key)).map((a) => ({ ...a, top: [] })),
    defaultSegmentBy: taken[0] ?? options.defaultSegmentBy,
  }
}

const mostSegments = 60

/** @throws precondition where the segments of a view without names may name accounts themselves */
export async function checkSegments(
  context: WorkspaceContext,
  shareable: Shareable,
  reads: readonly Read[],
  grants: Grants,
): Promise<void> {
  if (grants.names) return
  await inWarehouse(context, async (con) => {
    const usual = defaultSegment(await readAttributes(con))
    const asked = groupingsOf(shareable, reads, usual).filter(({ by, isBanded }) => by !== 'arr' && !isBanded)
    for (const by of new Set(asked.map((g) => g.by))) {
      const values = await con.all<{ value: string }>(
        'select distinct value from attribute where key = $1 and value is not null',
        [by],
      )
      if (values.length > mostSegments)
        throw precondition(
          `“${by}” has ${values.length} values, so its segments may name accounts. Grant names, or share by an attribute of at most ${mostSegments} values.`,
        )
      const text = values.map((v) => v.value).join('\n')
      if (await isAccountNamed(con, text, { byNumbers: false }))
        throw precondition(
          `Among the values of “${by}” is the name or id of an account. Grant names, or share by another attribute.`,
        )
    }
  })
}

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
  { accounts }: Shareable,
  view: Granting,
  asked: Choice,
): Promise<{ pages: Pages; withheld: Withholding['names'] }> {
  if (!accounts) throw forbidden('There are no accounts behind the figures of this page to be shared.')
  const { reads } = view
  const withheld = view.grants.names
    ? new Map<string, string>()
    : (await answersOf(context, { analyses: [accounts.of] }, view))[0]!.names
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
const blank = (rows: Page['rows'], before: Page['rows'], withheld: Withholding['names']): Page['rows'] =>
  nameless(rows, before).map((row) => {
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
  return { ...page, rows: blank(page.rows, await firstRows(pages, Number(cursor ?? 0) || 0), withheld) }
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
  return view.grants.names ? rows : blank(rows, [], withheld)
}
