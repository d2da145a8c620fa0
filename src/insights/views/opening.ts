/**
 * What a view shows when it is opened: the declared `run` of its page's analyses, with the inputs that were stored. The right
 * to it is the view’s, which the operations of this module prove first.
 */
import { forbidden, precondition } from '../../platform/errors.ts'
import type { AnyOperation, WorkspaceContext } from '../../platform/operation.ts'
import { inWarehouse } from '../analyses/asking.ts'
import { analysisOptions } from '../analyses/operations.ts'
import { nameless } from './rules.ts'
import type { Grants, Read } from './schemas.ts'
import type { Shareable } from './shareable.ts'

export interface Answered {
  analysis: AnyOperation
  output: unknown
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

export const answersOf = async (
  context: WorkspaceContext,
  { analyses }: Shareable,
  reads: readonly Read[],
): Promise<Answered[]> =>
  Promise.all(
    analyses.map(async (analysis) => ({ analysis, output: await ask(context, analysis, inputOf(reads, analysis)) })),
  )

/** Of the choices a page offers, those that were taken: attributes may be named after people or accounts. */
export async function optionsOf(context: WorkspaceContext, reads: readonly Read[]) {
  const options = await analysisOptions.run(context, {}, undefined)
  const segmentBy = segmentByOf(reads)
  return {
    ...options,
    attributes: options.attributes.filter((a) => a.key === segmentBy).map((a) => ({ ...a, top: [] })),
    defaultSegmentBy: segmentBy ?? options.defaultSegmentBy,
  }
}

const segmentByOf = (reads: readonly Read[]): string | null =>
  reads.map((r) => r.input['segmentBy']).find((by) => typeof by === 'string') ?? null
const mostSegments = 60

/** @throws precondition where the segments of a view without names may name accounts themselves */
export async function checkSegments(context: WorkspaceContext, reads: readonly Read[], grants: Grants): Promise<void> {
  const segmentBy = segmentByOf(reads)
  const isBanded = reads.some((r) => Array.isArray(r.input['bands']) && r.input['bands'].length > 0)
  if (grants.names || segmentBy === null || segmentBy === 'arr' || isBanded) return
  const found = await inWarehouse(context, (con) =>
    con.one<{ values: number }>('select count(distinct value) as "values" from attribute where key = $1', [segmentBy]),
  )
  if (found!.values > mostSegments)
    throw precondition(
      `“${segmentBy}” has ${found!.values} values, so its segments may name accounts. Grant names, or share by an attribute of at most ${mostSegments} values.`,
    )
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

/** A page of the rows behind a figure: the view’s question, with what the opener may choose of it. */
export async function accountsOf(
  context: WorkspaceContext,
  shareable: Shareable,
  view: { reads: readonly Read[]; grants: Grants },
  asked: { choice: Readonly<Record<string, unknown>>; cursor?: string | undefined; limit?: number | undefined },
): Promise<Page> {
  const { accounts } = shareable
  if (!accounts) throw forbidden('There are no accounts behind the figures of this page to be shared.')
  const question = inputOf(view.reads, accounts.of)
  const choice = Object.fromEntries(Object.entries(asked.choice).filter(([key]) => accounts.mayChoose.includes(key)))
  for (const end of ['from', 'to'] as const) checkSpan(question, choice[end])
  const output = await ask(context, accounts.operation, {
    ...question,
    ...choice,
    limit: asked.limit ?? 100,
    ...(asked.cursor ? { cursor: asked.cursor } : {}),
  })
  if (!isPage(output)) throw new Error(`${accounts.operation.name} lists no pages`)
  if (view.grants.names) return output
  const before = Number(asked.cursor ?? 0) || 0
  return { ...output, rows: output.rows.map((row, i) => nameless(row, before + i + 1)) }
}
