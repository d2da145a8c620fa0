/**
 * What of each analysis is withheld in a view without names, by the rule of `few.ts`. Every analysis that can be shared has its entry
 * here, also one that says nothing of who it is about, so that none is forgotten.
 */
import type { z } from 'zod'
import { forbidden } from '../../platform/errors.ts'
import type { Withheld, WithholdingRule } from '../../platform/rooms/shareable.ts'
import { analyseAdoptionFunnel } from '../analyses/adoption-funnel/operations.ts'
import { analyseAdoptionTrend } from '../analyses/adoption-trend/operations.ts'
import { analyseAssociation, analyseAssociationDetail } from '../analyses/association/operations.ts'
import { analyseBreadth } from '../analyses/breadth/operations.ts'
import { analyseCohortRetention } from '../analyses/cohorts/operations.ts'
import { analyseFeatureStates } from '../analyses/feature-states/operations.ts'
import { analyseNrrVariants } from '../analyses/nrr-variants/operations.ts'
import { analyseAdoptionRetention } from '../analyses/adoption-retention/operations.ts'
import { analyseMovements, analyseRetentionTrend } from '../analyses/revenue/operations.ts'
import { analyseProductHealth } from '../analyses/product-health/operations.ts'
import { analyseRenewals } from '../analyses/renewals/operations.ts'
import { analyseStickiness } from '../analyses/stickiness/operations.ts'
import { analyseTimeToAdopt } from '../analyses/time-to-adopt/operations.ts'
import { analyseWhatChanged } from '../analyses/what-changed/operations.ts'
import { analyseWhitespace } from '../analyses/whitespace/operations.ts'
import { getFeature } from '../features/definitions/operations.ts'
import { ownersWords } from '../analyses/adoption-retention/sentence.ts'
import { fewWords, isFew, ofNobody, sayWithheld, withheldOf, type Line, type WithheldLines } from './few.ts'

/** The lines that were withheld, by what they are called: wholly, or of some features, months or days. */
class Left {
  whole: WithheldLines = new Map()
  part = new Set<string>()

  /** Of lines that stand for whole segments or owners. */
  lines<T>(rows: readonly T[], lineOf: (row: T) => Line): T[] {
    const out = withheldOf(rows.map(lineOf))
    for (const [who, why] of out) this.whole.set(who, why)
    return rows.filter((r) => !out.has(lineOf(r).who))
  }

  /** Of tables that each have a total of their own, such as one for each feature or month. */
  tables<T>(rows: readonly T[], tableOf: (row: T) => string, lineOf: (row: T) => Line): T[] {
    const shown = new Set<T>()
    for (const table of Map.groupBy(rows, tableOf).values()) {
      const out = withheldOf(table.map(lineOf))
      for (const row of table) {
        const { who } = lineOf(row)
        if (out.has(who)) this.part.add(who)
        else shown.add(row)
      }
    }
    return rows.filter((r) => shown.has(r))
  }
}

/** @throws forbidden where the whole answer is about few accounts, so that no line of it can be shown */
function refuseFew(accounts: readonly number[]): void {
  if (accounts.some(isFew)) throw forbidden(`This view is about ${fewWords}, so its figures are withheld.`)
}

type Rule = (output: unknown, left: Left, input: Record<string, unknown>) => unknown
/** The output of an operation is what its schema says, since it was parsed by it. */
const rule = <O extends z.ZodType>(
  { name }: { name: string; output: O },
  withhold: (output: z.output<O>, left: Left, input: Record<string, unknown>) => z.output<O>,
): [string, Rule] => [name, withhold as Rule]

const all = 'All'
const isAll = ({ segment }: { segment: string | null }) => segment === all || segment === null
/** Totals, and the lines below them that may be shown. */
const withTotals = <T extends { segment: string | null }>(rows: readonly T[], below: (rows: T[]) => T[]): T[] => {
  const shown = new Set(below(rows.filter((r) => !isAll(r))))
  return rows.filter((r) => isAll(r) || shown.has(r))
}
const namesIn = (rows: readonly { segment: string }[], names: readonly string[]) =>
  names.filter((name) => rows.some((r) => r.segment === name))

const rules = new Map<string, Rule>([
  rule(analyseAdoptionRetention, (o, left) => {
    refuseFew([o.totals.all.accounts])
    // A feature that was made for one account says whom it is about.
    const made = new Set(o.totals.features.filter((r) => isFew(r.now.eligible)).map((r) => r.feature))
    for (const feature of made) left.whole.set(feature, 'few')
    const segments = left.lines(o.totals.segments, (s) => ({
      who: s.segment,
      accounts: [s.accounts, s.retention?.accounts ?? 0],
    }))
    const cells = left.tables(
      o.rows.filter((r) => !made.has(r.feature)),
      (r) => r.feature,
      (r) => ({
        who: r.segment,
        accounts: [r.now.eligible, r.retention ? r.retention.adopters.accounts + r.retention.others.accounts : 0],
      }),
    )
    const rows = cells.filter((r) => segments.some((s) => s.segment === r.segment))
    const { finding } = o.sentence
    const toldWith = (text: string, told: NonNullable<typeof finding>, owners: typeof told.renewing.owners) => {
      const { owners: within } = told.renewing
      // Not all of them are left: what is said of the others goes with their lines.
      const words = owners.length < within.length ? '' : ownersWords(within)
      return {
        ...o.sentence,
        text: text.replace(ownersWords(within), words),
        finding: { ...told, renewing: { ...told.renewing, owners } },
      }
    }
    const isTold = finding !== null && rows.some((r) => r.segment === finding.segment && r.feature === finding.feature)
    return {
      ...o,
      meta: { ...o.meta, segments: o.meta.segments.filter((name) => segments.some((s) => s.segment === name)) },
      rows,
      totals: { ...o.totals, segments, features: o.totals.features.filter((r) => !made.has(r.feature)) },
      sentence: !finding
        ? o.sentence
        : isTold
          ? toldWith(
              o.sentence.text,
              finding,
              left.lines(finding.renewing.owners, (w) => ({ who: w.owner, accounts: [w.accounts] })),
            )
          : {
              kind: 'nothing-stands-out' as const,
              text: 'What stands out is about a segment that is not shown here.',
              caveat: `Segments of ${fewWords} are withheld, and others from which they could be worked out.`,
              finding: null,
            },
    }
  }),
  rule(analyseMovements, (o, _, { segment }) => {
    if (segment !== undefined) refuseFew(o.rows.flatMap((r) => [r.accounts.start, r.accounts.end]))
    return o
  }),
  rule(analyseRetentionTrend, (o, left) => {
    const rows = withTotals(o.rows, (below) =>
      left.tables(
        below,
        (r) => r.month,
        (r) => ({ who: r.segment, accounts: [r.accounts] }),
      ),
    )
    return { ...o, rows, segments: namesIn(rows, o.segments) }
  }),
  rule(analyseRenewals, (o, left) => {
    const lineOf = (l: { name: string; accounts: number }) => ({ who: l.name, accounts: [l.accounts] })
    return { ...o, segments: left.lines(o.segments, lineOf), owners: left.lines(o.owners, lineOf) }
  }),
  // A change of a segment is told from ten eligible accounts on, and totals of segments are not.
  rule(analyseWhatChanged, (o) => o),
  rule(analyseAdoptionFunnel, (o, left) => ({
    ...o,
    lines: withTotals(o.lines, (below) =>
      left.lines(below, (l) => ({ who: l.segment, accounts: [l.steps[0]!.accounts] })),
    ),
  })),
  rule(analyseTimeToAdopt, (o, left) => ({
    ...o,
    groups: withTotals(o.groups, (below) => left.lines(below, (g) => ({ who: g.segment, accounts: [g.accounts] }))),
  })),
  rule(analyseStickiness, (o, left) => {
    const points = withTotals(o.points, (below) =>
      left.tables(
        below,
        (p) => p.day,
        (p) => ({ who: p.segment, accounts: [p.accounts, p.active] }),
      ),
    )
    return { ...o, points, segments: namesIn(points, o.segments) }
  }),
  rule(analyseBreadth, (o, left) => {
    const made = new Set(
      o.rows.filter((r) => isAll(r) && (isFew(r.measured) || isFew(r.accounts))).map((r) => r.feature),
    )
    for (const feature of made) left.whole.set(feature, 'few')
    const rows = withTotals(
      o.rows.filter((r) => !made.has(r.feature)),
      (below) =>
        left.tables(
          below,
          (r) => r.feature,
          // Breadth is of those with active people alone.
          (r) => ({ who: r.segment, accounts: [r.measured, r.accounts] }),
        ),
    )
    const core = withTotals(o.core, (below) => left.lines(below, (c) => ({ who: c.segment, accounts: [c.accounts] })))
    return { ...o, rows, core, segments: namesIn(rows, o.segments) }
  }),
  // A segment's average is the total of its cohorts at each step, and the first line the total of segments: where one cohort of one
  // segment holds few, it could be worked out of the others in either direction, so that all go.
  rule(analyseCohortRetention, (o, left) => {
    if (!o.rows.some((r) => !isAll(r) && !ofNobody.has(r.segment) && isFew(r.accounts))) return o
    for (const segment of o.segments) left.part.add(segment)
    return { ...o, rows: o.rows.filter(isAll), averages: o.averages.filter(isAll), segments: [] }
  }),
  rule(analyseProductHealth, (o, left) => {
    for (const a of o.areas) if (isFew(a.eligible)) left.whole.set(a.area, 'few')
    return { ...o, areas: o.areas.filter((a) => !isFew(a.eligible)) }
  }),
  rule(analyseFeatureStates, (o, left) => {
    const entitled = (r: (typeof o.rows)[number]) =>
      r.accounts - (r.states.find((s) => s.state === 'not-entitled')?.accounts ?? 0)
    const made = new Set(o.rows.filter((r) => isAll(r) && isFew(entitled(r))).map((r) => r.feature))
    for (const feature of made) left.whole.set(feature, 'few')
    const rows = withTotals(
      o.rows.filter((r) => !made.has(r.feature)),
      (below) =>
        left.tables(
          below,
          (r) => r.feature,
          (r) => ({ who: r.segment, accounts: [r.accounts] }),
        ),
    )
    return { ...o, rows, segments: namesIn(rows, o.segments) }
  }),
  // Below ten accounts it tells no figure.
  rule(analyseNrrVariants, (o) => o),
  rule(analyseAssociation, (o, left) => ({
    ...o,
    segments: left.tables(
      o.segments,
      (r) => r.feature,
      (r) => ({ who: r.segment ?? all, accounts: [r.adopters.accounts + r.others.accounts] }),
    ),
  })),
  rule(analyseAssociationDetail, (o, _, { segment }) => {
    if (segment !== undefined) refuseFew([o.row.adopters.accounts + o.row.others.accounts])
    return o
  }),
  rule(analyseWhitespace, (o, left, { segments, owners }) => {
    const isChosen = [segments, owners].some((names) => Array.isArray(names) && names.length > 0)
    if (isChosen) refuseFew([o.accounts, ...o.cells.map((c) => c.eligible)])
    return {
      ...o,
      cells: left.tables(
        o.cells,
        (c) => c.featureId,
        (c) => ({ who: c.segment, accounts: [c.eligible] }),
      ),
    }
  }),
  rule(analyseAdoptionTrend, (o, left) => {
    const rows = withTotals(o.rows, (below) =>
      left.tables(
        below,
        (r) => r.month,
        (r) => ({ who: r.segment, accounts: [r.eligible] }),
      ),
    )
    return { ...o, rows, segments: namesIn(rows, o.segments) }
  }),
  rule(getFeature, (o) => o),
])

/** Of each analysis that can be shared. */
export const withholding: ReadonlyMap<string, WithholdingRule> = new Map(
  [...rules].map(([name, apply]) => [name, (output, input) => withhold(apply, output, input)]),
)

function withhold(apply: Rule, output: unknown, input: Record<string, unknown>): Withheld {
  const left = new Left()
  const shown = apply(output, left, input)
  const whole = (why: 'few' | 'next') => [...left.whole].filter(([, w]) => w === why).map(([who]) => who)
  const part = [...left.part].filter((who) => !left.whole.has(who))
  return {
    output: shown,
    names: new Map(
      [...left.whole.keys(), ...part].map((who) => [who, left.whole.get(who) === 'few' ? fewWords : 'withheld']),
    ),
    said: sayWithheld(whole('few'), whole('next'), part),
  }
}
