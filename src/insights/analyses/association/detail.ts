/** Everything about one feature: its strata, revenue beside logos, and the tests that should show nothing. */
import { duckdb } from '../../../platform/warehouse/dialect.ts'
import type { Connection } from '../../../platform/warehouse/warehouses.ts'
import { bootstrapNrr, concentrationOf } from '../../metrics/association/concentration.ts'
import { commonOddsRatio, pooledDifference, pooledLossRatio, type Stratum } from '../../metrics/association/strata.ts'
import { eValue, newcombe, type Arm } from '../../metrics/association/two-rates.ts'
import { markOf } from '../../metrics/intervals.ts'
import { leastShown } from '../../metrics/association/evidence.ts'
import { monthEnd } from '../../month.ts'
import { percent, shortDay } from '../../wording.ts'
import { askedFeature } from '../asked-feature.ts'
import { queryOf } from './associate.ts'
import type { AssociationDetail, AssociationResult, AssociationRow, RevenueArm } from './schemas.ts'
import { featureAccountsSql, sizes, tenures, type AccountRow } from './strata-sql.ts'
import { points, sentenceOf } from './wording.ts'

export type Detail = Omit<AssociationDetail, 'provenance' | 'currency'>

export async function readDetail(con: Connection, result: AssociationResult, row: AssociationRow): Promise<Detail> {
  const q = await queryOf(con, result.question)
  const window = result.question.window
  const { featureId: feature } = await askedFeature(con, row.feature)
  const all = await con.all<AccountRow>(featureAccountsSql({ ...q, feature }, window, duckdb))
  const accounts = row.segment === null ? all : all.filter((a) => a.segment === row.segment)
  const strata = stratify(accounts, (a) => a.end > 0)
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
      adopters: revenueArm(accounts.filter((a) => a.adopter)),
      others: revenueArm(accounts.filter((a) => !a.adopter)),
    },
    placebo: placeboOf(accounts, monthEnd(q.month - window), result.baseDay),
    negativeControl: controlOf(result, row),
    dose: doseOf(accounts),
  }
}

const counted = ({ n, alive }: Arm) => ({ accounts: n, stayed: alive })

/** @param isKept the outcome of an account */
export function stratify(
  accounts: readonly AccountRow[],
  isKept: (a: AccountRow) => boolean,
): (Stratum & { segment: string; size: number; tenure: number })[] {
  const cells = new Map<string, (Stratum & { segment: string; size: number; tenure: number })[]>()
  for (const a of accounts) {
    let ofSegment = cells.get(a.segment)
    if (!ofSegment) cells.set(a.segment, (ofSegment = []))
    const stratum = (ofSegment[a.size * tenures.length + a.tenure] ??= {
      segment: a.segment,
      size: a.size,
      tenure: a.tenure,
      adopters: { n: 0, alive: 0 },
      others: { n: 0, alive: 0 },
    })
    const arm = a.adopter ? stratum.adopters : stratum.others
    arm.n += 1
    arm.alive += Number(isKept(a))
  }
  const segments = [...cells.keys()].sort((a, b) => (a < b ? -1 : 1))
  return segments.flatMap((segment) => cells.get(segment)!.filter((stratum) => stratum !== undefined))
}

function revenueArm(accounts: readonly AccountRow[]): RevenueArm {
  const start = accounts.reduce((sum, a) => sum + a.start, 0)
  const end = accounts.reduce((sum, a) => sum + a.end, 0)
  const isShown = markOf(accounts.length) !== 'suppressed'
  const concentration = isShown ? concentrationOf(accounts) : null
  return {
    accounts: accounts.length,
    arrStart: start / 100,
    nrr: isShown ? end / start : null,
    interval: isShown ? bootstrapNrr(accounts) : null,
    effectiveAccounts: concentration?.effective ?? null,
    topFiveShare: concentration?.topFive ?? null,
    leaveOneOut: concentration?.leaveOneOut ?? null,
  }
}

/**
 * Whether later adopters were better customers already: of the accounts that paid a window earlier too, who paid no less on the
 * base day. They all paid on both days, so staying itself cannot be compared.
 */
export function placeboOf(
  accounts: readonly AccountRow[],
  from: string,
  baseDay: string,
): AssociationDetail['placebo'] {
  const known = accounts.filter((a) => a.before !== null)
  const strata = stratify(known, (a) => a.start >= a.before!)
  const sum = (isAdopter: boolean): Arm => {
    const mine = known.filter((a) => a.adopter === isAdopter)
    return { n: mine.length, alive: mine.filter((a) => a.start >= a.before!).length }
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
export function doseOf(accounts: readonly AccountRow[]): AssociationDetail['dose'] {
  const adopters = accounts.filter((a) => a.adopter).sort((a, b) => a.events - b.events)
  const middle = adopters[Math.floor(adopters.length / 2)]?.events ?? 0
  const group = (name: string, mine: readonly AccountRow[]) => {
    const stayed = mine.filter((a) => a.end > 0).length
    return { group: name, accounts: mine.length, stayed, rate: mine.length >= leastShown ? stayed / mine.length : null }
  }
  return [
    group(
      'Others',
      accounts.filter((a) => !a.adopter),
    ),
    group(
      'Adopters, less use',
      adopters.filter((a) => a.events < middle),
    ),
    group(
      'Adopters, more use',
      adopters.filter((a) => a.events >= middle),
    ),
  ]
}
