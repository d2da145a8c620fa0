/** Everything about one feature: its strata, revenue beside logos, and the tests that should show nothing. */
import type { Connection } from '../../../platform/warehouse/warehouses.ts'
import { bootstrapNrr, concentrationOf, type Book } from '../../statistics/association/concentration.ts'
import {
  commonOddsRatio,
  pooledDifference,
  pooledLossRatio,
  type Stratum,
} from '../../statistics/association/strata.ts'
import { eValue, newcombe, type Arm } from '../../statistics/association/two-rates.ts'
import { markOf } from '../../statistics/intervals.ts'
import { leastShown } from '../../statistics/association/evidence.ts'
import { monthEnd } from '../../../platform/calendar/month.ts'
import { percent, shortDay } from '../../../platform/wording.ts'
import { askedFeature } from '../ground/asked-feature.ts'
import { queryOf } from './associate.ts'
import { detailSql, type DetailRow, type Group } from './detail-sql.ts'
import type { AssociationDetail, AssociationResult, AssociationRow, RevenueArm } from './schemas.ts'
import { sizes, tenures } from './strata-sql.ts'
import { points, sentenceOf } from './wording.ts'

export type Detail = Omit<AssociationDetail, 'provenance' | 'currency'>

export async function readDetail(con: Connection, result: AssociationResult, row: AssociationRow): Promise<Detail> {
  const q = await queryOf(con, result.question)
  const window = result.question.window
  const { featureId: feature } = await askedFeature(con, row.feature)
  const found = await con.one<DetailRow>(detailSql({ ...q, feature, window, segment: row.segment }))
  const { groups, books } = found!
  const bookOf = (isAdopter: boolean) => books.find((b) => b.adopter === isAdopter)
  const strata = stratify(groups, (g) => [g.n, g.alive])
  const odds = commonOddsRatio(strata)
  const loss = pooledLossRatio(strata)
  return {
    row,
    baseDay: result.baseDay,
    endDay: result.endDay,
    sentence: sentenceOf(row, result),
    strata: strata.map((s) => ({
      segment: s.segment,
      size: sizes[s.size]!,
      tenure: tenures[s.tenure]!,
      adopters: counted(s.adopters),
      others: counted(s.others),
      difference: Math.min(s.adopters.n, s.others.n) >= leastShown ? newcombe(s.adopters, s.others) : null,
    })),
    oddsRatio: odds ? { value: odds.ratio, low: odds.low, high: odds.high } : null,
    homogeneity: odds?.homogeneity ?? null,
    eValue: loss !== null && row.evidence === 'associated' ? eValue(loss) : null,
    revenue: {
      adopters: revenueArm(bookOf(true)),
      others: revenueArm(bookOf(false)),
    },
    placebo: placeboOf(groups, monthEnd(q.month - window), result.baseDay),
    negativeControl: controlOf(result, row),
    dose: doseOf(groups),
  }
}

const counted = ({ n, alive }: Arm) => ({ accounts: n, stayed: alive })

/** @param count how many of a group count, and how many of those are still there */
export function stratify(
  groups: readonly Group[],
  count: (g: Group) => [n: number, alive: number],
): (Stratum & { segment: string; size: number; tenure: number })[] {
  const cells = new Map<string, (Stratum & { segment: string; size: number; tenure: number })[]>()
  for (const g of groups) {
    const [n, alive] = count(g)
    if (n === 0) continue
    let ofSegment = cells.get(g.segment)
    if (!ofSegment) cells.set(g.segment, (ofSegment = []))
    const stratum = (ofSegment[g.size * tenures.length + g.tenure] ??= {
      segment: g.segment,
      size: g.size,
      tenure: g.tenure,
      adopters: { n: 0, alive: 0 },
      others: { n: 0, alive: 0 },
    })
    const arm = g.adopter ? stratum.adopters : stratum.others
    arm.n += n
    arm.alive += alive
  }
  const segments = [...cells.keys()].sort((a, b) => (a < b ? -1 : 1))
  return segments.flatMap((segment) => cells.get(segment)!.filter((stratum) => stratum !== undefined))
}

const sumOf = (groups: readonly Group[], pick: (g: Group) => number) => groups.reduce((sum, g) => sum + pick(g), 0)

function revenueArm(book?: Book): RevenueArm {
  const shown = book && markOf(book.accounts) !== 'suppressed' ? book : null
  const concentration = shown && concentrationOf(shown)
  return {
    accounts: book?.accounts ?? 0,
    arrStart: (book?.start ?? 0) / 100,
    nrr: shown && shown.end / shown.start,
    interval: shown && bootstrapNrr(shown),
    effectiveAccounts: concentration?.effective ?? null,
    topFiveShare: concentration?.topFive ?? null,
    leaveOneOut: concentration?.leaveOneOut ?? null,
  }
}

/**
 * Whether later adopters were better customers already: of the accounts that paid a window earlier too, who paid no less on the
 * base day. They all paid on both days, so staying itself cannot be compared.
 */
export function placeboOf(groups: readonly Group[], from: string, baseDay: string): AssociationDetail['placebo'] {
  const strata = stratify(groups, (g) => [g.known, g.kept])
  const sum = (isAdopter: boolean): Arm => {
    const mine = groups.filter((g) => g.adopter === isAdopter)
    return { n: sumOf(mine, (g) => g.known), alive: sumOf(mine, (g) => g.kept) }
  }
  const adopters = sum(true)
  const others = sum(false)
  const arms = { adopters: counted(adopters), others: counted(others) }
  if (Math.min(adopters.n, others.n) < leastShown)
    return {
      ...arms,
      text: `Too few accounts paid already on ${shortDay(from)} to look at the time before.`,
      from: null,
      difference: null,
      isWorrying: false,
    }
  const pooled = pooledDifference(strata)
  const difference = pooled ? { value: pooled.value, low: pooled.low, high: pooled.high } : null
  const isWorrying = difference !== null && (difference.low > 0 || difference.high < 0)
  const rates = `From ${shortDay(from)} to ${shortDay(baseDay)}, before it counts, ${percent(adopters.alive / adopters.n)} of adopters and ${percent(others.alive / others.n)} of others did not reduce what they pay`
  const verdict = sayPlacebo(difference?.value ?? null, isWorrying)
  return { ...arms, text: `${rates}; ${verdict}`, from, difference, isWorrying }
}

function sayPlacebo(difference: number | null, isWorrying: boolean): string {
  if (difference === null) return 'nothing differs among accounts that are alike.'
  if (!isWorrying) return `adjusted ${points(difference)}, no clear difference, as it should be.`
  const word = difference > 0 ? 'better' : 'worse'
  return `adjusted ${points(difference)}: adopters were ${word} customers already, so part of the difference is not the feature’s.`
}

function controlOf(result: AssociationResult, row: AssociationRow): AssociationDetail['negativeControl'] {
  const name = result.negativeControl
  if (name === null)
    return {
      text: 'No negative control is set: a feature that should not matter, to see whether it shows nothing.',
      row: null,
      isWorrying: false,
    }
  if (name === row.feature)
    return {
      text: 'This feature is the negative control: it should show nothing.',
      row: null,
      isWorrying: row.evidence === 'associated',
    }
  const control = (row.segment === null ? result.features : result.segments).find(
    (r) => r.feature === name && r.segment === row.segment,
  )
  if (!control)
    return {
      text: `${name}, the negative control, had no eligible account on the base day.`,
      row: null,
      isWorrying: false,
    }
  const isWorrying = control.evidence === 'associated'
  return {
    text: isWorrying
      ? `${name} should show nothing and is ${control.word}: something other than features is at work.`
      : `${name}, which should show nothing, shows ${control.word}${control.evidence === 'not-enough-data' ? '' : ', as it should'}.`,
    row: control,
    isWorrying,
  }
}

/** Does more use go with more staying? Adopters are halved by how often they used the feature; not adjusted. */
export function doseOf(groups: readonly Group[]): AssociationDetail['dose'] {
  const part = (group: string, mine: readonly Group[]) => {
    const accounts = sumOf(mine, (g) => g.n)
    const stayed = sumOf(mine, (g) => g.alive)
    return { group, accounts, stayed, rate: accounts >= leastShown ? stayed / accounts : null }
  }
  const adopters = groups.filter((g) => g.adopter)
  return [
    part(
      'Others',
      groups.filter((g) => !g.adopter),
    ),
    part(
      'Adopters, less use',
      adopters.filter((g) => !g.often),
    ),
    part(
      'Adopters, more use',
      adopters.filter((g) => g.often),
    ),
  ]
}
