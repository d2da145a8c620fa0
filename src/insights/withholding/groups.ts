/** What accounts are grouped by in a view: its values may be names of accounts themselves. */
import type { z } from 'zod'
import { precondition } from '../../platform/errors.ts'
import type { AnyOperation, WorkspaceContext } from '../../platform/operation.ts'
import type { Grants, Read } from '../../platform/rooms/shareable.ts'
import { inWarehouse } from '../../platform/warehouse/in-warehouse.ts'
import { isAccountNamed } from '../accounts/warehouse.ts'
import { defaultSegment, readAttributes } from '../analyses/ground/attributes.ts'
import type { AnalysisOptions } from '../analyses/ground/schemas.ts'
import { analysisOptions } from '../analyses/options/operations.ts'

const inputOf = (reads: readonly Read[], analysis: AnyOperation): Record<string, unknown> =>
  reads.find((r) => r.operation === analysis.name)?.input ?? {}

/** What accounts are grouped by: every attribute of the question, and where it leaves that open, the usual one. */
function groupingsOf(
  analyses: readonly AnyOperation[],
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
export async function choicesOf(
  context: WorkspaceContext,
  analyses: readonly AnyOperation[],
  reads: readonly Read[],
): Promise<z.output<typeof AnalysisOptions>> {
  const options = await analysisOptions.run(context, {}, undefined)
  const taken = groupingsOf(analyses, reads, options.defaultSegmentBy).map((g) => g.by)
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
  analyses: readonly AnyOperation[],
  reads: readonly Read[],
  grants: Grants,
): Promise<void> {
  if (grants.names) return
  await inWarehouse(context, async (con) => {
    const usual = defaultSegment(await readAttributes(con))
    const asked = groupingsOf(analyses, reads, usual).filter(({ by, isBanded }) => by !== 'arr' && !isBanded)
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
