/** Computes the answer to one question: counts from one statement, then the rules of `metrics/association`. */
import type { Connection } from '../../../platform/warehouse/warehouses.ts'
import { caveatOf, compare, judge, type Comparison, type Judged } from '../../statistics/association/evidence.ts'
import type { Stratum } from '../../statistics/association/strata.ts'
import { markOf, type Interval } from '../../statistics/intervals.ts'
import { monthEnd, monthIndex } from '../../../platform/calendar/month.ts'
import type { BlockQuery } from '../ground/adoption-sql.ts'
import { blockQuery } from '../ground/asking.ts'
import type { AssociationResult, AssociationRow, Question } from './schemas.ts'
import { strataSql, unitSeparator, type CountRow } from './strata-sql.ts'
import { byEvidence, caveatText, wordOf } from './wording.ts'

export interface LabelledStratum extends Stratum {
  segment: string
  size: number
  tenure: number
}
export interface FeatureStrata {
  featureId: string
  feature: string
  area: string | null
  isCore: boolean
  strata: LabelledStratum[]
}

/** The main question's retention block: its base day lies `window` months before the month. */
export const queryOf = async (con: Connection, q: Question): Promise<BlockQuery> => ({
  ...(await blockQuery(con, q, monthIndex(q.month) - q.window)),
  endMonth: monthIndex(q.month),
})

/** Others are eligible minus adopters. */
function strataOf(rows: readonly CountRow[]): FeatureStrata[] {
  const byFeature = Map.groupBy(rows, (r) => r.key)
  return [...byFeature]
    .map(([featureId, mine]) => ({
      featureId,
      feature: mine[0]!.feature,
      area: mine[0]!.area,
      isCore: mine[0]!.is_core,
      strata: mine
        .map((r) => {
          const [segment, size, tenure] = r.stratum.split(unitSeparator)
          return {
            segment: segment!,
            size: Number(size),
            tenure: Number(tenure),
            adopters: { n: r.adopter_n, alive: r.adopter_alive },
            others: { n: r.n - r.adopter_n, alive: r.alive - r.adopter_alive },
          }
        })
        .sort((a, b) =>
          a.segment < b.segment ? -1 : a.segment > b.segment ? 1 : a.size - b.size || a.tenure - b.tenure,
        ),
    }))
    .sort((a, b) => (a.feature < b.feature ? -1 : 1))
}

/** Every feature over all segments, and each in each segment; all tests of the run are judged together. */
export function rowsOf(features: readonly FeatureStrata[]): {
  tests: number
  features: AssociationRow[]
  segments: AssociationRow[]
} {
  type Row = Omit<FeatureStrata, 'strata'> & { segment: string | null; comparison: Comparison }
  const all: Row[] = features.flatMap(({ strata, ...feature }) => [
    { ...feature, segment: null, comparison: compare(strata, (s) => s.segment) },
    ...[...Map.groupBy(strata, (s) => s.segment)].map(([segment, mine]) => ({
      ...feature,
      segment,
      comparison: compare(mine, (s) => String(s.size)),
    })),
  ])
  const overall = new Map(all.filter((r) => r.segment === null).map((r) => [r.featureId, r]))
  const { rows, tests } = judge(all, (r) => (r.segment === null ? null : overall.get(r.featureId)!))
  const said = rows.map(rowOf)
  return {
    tests,
    features: said.filter((r) => r.segment === null).sort(byEvidence),
    segments: said.filter((r) => r.segment !== null).sort(byEvidence),
  }
}

const plainInterval = (i: Interval | null) => (i ? { value: i.value, low: i.low, high: i.high } : null)
const armOf = ({ n, alive }: { n: number; alive: number }): AssociationRow['adopters'] => ({
  accounts: n,
  stayed: alive,
  rate: markOf(n) === 'suppressed' ? null : alive / n,
  mark: markOf(n),
})

function rowOf(j: Omit<FeatureStrata, 'strata'> & { segment: string | null } & Judged): AssociationRow {
  const caveatKey = caveatOf(j)
  const figures = {
    adopters: armOf(j.adopters),
    others: armOf(j.others),
    unadjusted: plainInterval(j.unadjusted),
    adjusted: plainInterval(j.adjusted),
    detectableGap: j.detectable,
    accountsLost: j.lost,
    familyWise: j.familyWise,
    segment: j.segment,
  }
  return {
    featureId: j.featureId,
    feature: j.feature,
    area: j.area,
    isCore: j.isCore,
    ...figures,
    p: j.p,
    q: j.q,
    evidence: j.evidence,
    word: wordOf(j.evidence, j.adjusted?.value ?? null),
    caveatKey,
    caveat: caveatText(caveatKey, figures),
    strata: j.strata,
    strataUsed: j.strataUsed,
    strataDisagree: j.disagree,
  }
}

export async function associate(
  con: Connection,
  question: Question,
  negativeControl: string | null,
): Promise<AssociationResult> {
  const q = await queryOf(con, question)
  const rows = rowsOf(strataOf(await con.all<CountRow>(strataSql(q))))
  const base = monthEnd(q.month)
  const end = monthEnd(q.endMonth)
  const facts = await con.one<{ accounts: number; running: number; open: number; after: number }>(`
    select
      (
        select count(*)
        from revenue_month r
        join customer c using (account_id)
        where r.month = ${q.month}
          and r.arr_cents > 0
          and c.excluded_reason is null
          and c.first_event_day <= date '${base}'
      ) as accounts,
      count(*) as running,
      count(*) filter (s.end_date is null) as open,
      count(*) filter (s.end_date > date '${end}') as after
    from subscription s, setting n
    where n.revenue_dataset = 'subscriptions'
      and s.source = n.revenue_source
      and s.start_date <= date '${base}'
      and (s.end_date is null or s.end_date > date '${base}')`)
  return {
    question,
    baseDay: base,
    endDay: end,
    accounts: facts!.accounts,
    entitlement: q.entitlement,
    ...rows,
    negativeControl,
    contracts: { running: facts!.running, openEnded: facts!.open, endAfterWindow: facts!.after },
  }
}
