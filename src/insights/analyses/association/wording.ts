/** What is said about an association, by fixed rules: “associated with”, “no clear association”, “not enough data”. */
import { leastLosses, leastPerArm, type CaveatKey, type Evidence } from '../../statistics/association/evidence.ts'
import { percent, plural, shortDay } from '../../../platform/wording.ts'
import type { Answer } from '../ground/asking.ts'
import type { AssociationResult, AssociationRow } from './schemas.ts'

/** `+7.2 points`. */
export const points = (difference: number): string => `${signed(difference)} points`
const signed = (difference: number) =>
  Math.abs(difference) < 0.0005 ? '0.0' : `${difference < 0 ? '−' : '+'}${Math.abs(difference * 100).toFixed(1)}`

export const wordOf = (evidence: Evidence, difference: number | null): string =>
  ({
    associated: difference !== null && difference < 0 ? 'associated with leaving' : 'associated with staying',
    'no-clear-association': 'no clear association',
    'not-enough-data': 'not enough data',
  })[evidence]

/** One sentence for pages about something else: whether using the feature goes with staying, in the segment or, where that was not asked, over all. */
export function stayingOf(
  result: Pick<AssociationResult, 'question' | 'features' | 'segments'>,
  cell: { feature: string; segment: string | null; segmentBy: string },
): string | null {
  const mine =
    cell.segment !== null && cell.segmentBy === result.question.segmentBy
      ? result.segments.find((r) => r.feature === cell.feature && r.segment === cell.segment)
      : undefined
  const row = mine ?? result.features.find((r) => r.feature === cell.feature)
  if (!row) return null
  const where = row.segment === null && cell.segment !== null ? 'Over all segments: ' : ''
  const said = {
    associated: `using it is ${row.word}, not proof of cause.`,
    'no-clear-association': 'no clear association of using it with staying.',
    'not-enough-data': 'not enough data to say whether using it goes with staying.',
  }[row.evidence]
  return `${where}${said}`.replace(/^./, (c) => c.toUpperCase())
}

interface Said {
  adopters: { accounts: number }
  others: { accounts: number }
  unadjusted: { value: number } | null
  detectableGap: number | null
  accountsLost: number
  familyWise: number | null
  segment: string | null
}

export function caveatText(key: CaveatKey, r: Said): string {
  switch (key) {
    case 'too-few-accounts':
      return `It takes ${leastPerArm} accounts that adopted and ${leastPerArm} that did not; there are ${r.adopters.accounts} and ${r.others.accounts}.`
    case 'too-few-losses':
      return `Fewer than ${leastLosses} accounts left among adopters or among others, too few to compare.`
    case 'no-strata':
      return 'Adopters and others are never alike in segment, size and tenure, so nothing can be compared.'
    case 'strata-disagree':
      return r.segment === null
        ? 'Segments contradict each other, so they are shown one by one and not pooled.'
        : 'Small and large accounts contradict each other, so they are shown one by one and not pooled.'
    case 'one-of-many':
      return `Taken alone it would look clear, but so many features and segments were compared that ${byChance(r.familyWise)}.`
    case 'only-in-part':
      return 'Clear here alone, but not over all segments together. See whether it holds in the next months.'
    case 'vanishes-adjusted':
      return `It looked real: ${r.unadjusted ? points(r.unadjusted.value) : 'a difference'} unadjusted. Among accounts alike in segment, size and tenure it is not clear.`
    case 'many-lost':
      return `${plural(r.accountsLost, 'account has', 'accounts have')} no counterpart of the same segment, size and tenure and could not be compared.`
    case 'small-arms':
      return `One side has ${Math.min(r.adopters.accounts, r.others.accounts)} accounts, so the size of the difference is uncertain.`
    case 'gap-too-small-to-see':
      return r.detectableGap === null
        ? 'No difference up to 100 % could be told with so few accounts.'
        : `A difference below ${(r.detectableGap * 100).toFixed(0)} points could not be told with so few accounts.`
    case 'unseen-differences':
      return 'Accounts differ in ways we do not see: who adopts may have been likelier to stay anyway.'
  }
}

const byChance = (familyWise: number | null) =>
  `chance alone shows one as clear in ${familyWise === null || familyWise > 0.95 ? 'nearly every run' : `up to ${percent(familyWise)} of runs`}`

/** The sentence about one feature, in one segment or all. */
export function sentenceOf(row: AssociationRow, result: Pick<AssociationResult, 'baseDay' | 'entitlement'>): string {
  const n = row.adopters.accounts + row.others.accounts
  const accounts = row.segment === null ? 'accounts' : `${row.segment} accounts`
  const entitled = result.entitlement === 'unknown' ? '' : `entitled to ${row.feature} and `
  const who = `Among ${n.toLocaleString('en-GB')} ${accounts} ${entitled}active on ${shortDay(result.baseDay)}`
  if (row.adopters.rate === null || row.others.rate === null)
    return `${who}, ${row.adopters.accounts} had adopted ${row.feature} and ${row.others.accounts} had not: too few to compare.`
  const adopters = `${plural(row.adopters.accounts, 'adopter', 'adopters')} of ${row.feature}`
  const others = plural(row.others.accounts, 'other', 'others')
  const kept = `${adopters} stayed at ${percent(row.adopters.rate)}, ${others} at ${percent(row.others.rate)}`
  if (!row.adjusted || row.q === null) return `${who}, ${kept}; not adjusted; not proof of cause.`
  const like = row.segment === null ? 'segment, size and tenure' : 'size and tenure'
  const difference = `${points(row.adjusted.value)} [${signed(row.adjusted.low)}, ${signed(row.adjusted.high)}]`
  const q = row.q < 0.001 ? 'below 0.001' : `= ${row.q.toFixed(3)}`
  return `${who}, ${kept}; adjusted for ${like} ${difference}; q ${q}; not proof of cause.`
}

/** Told ones first, the clearest first; then those without a clear association, then those without enough data. */
export function byEvidence(a: AssociationRow, b: AssociationRow): number {
  const rank = { associated: 0, 'no-clear-association': 1, 'not-enough-data': 2 }
  return (
    rank[a.evidence] - rank[b.evidence] ||
    (b.adjusted?.value ?? -2) - (a.adjusted?.value ?? -2) ||
    (a.feature < b.feature ? -1 : a.feature > b.feature ? 1 : 0)
  )
}

const list = (names: readonly string[]) =>
  names.length <= 1 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`

/** The page's answer: what is told, or that nothing is, and the one thing to mind. */
export function answerOf(result: AssociationResult): Answer {
  const told = result.features
    .filter((r) => r.evidence === 'associated')
    .sort((a, b) => a.q! - b.q! || byEvidence(a, b))
  const enough = result.features.filter((r) => r.evidence !== 'not-enough-data')
  if (result.features.length === 0)
    return {
      text: 'No feature had an eligible account on the base day.',
      caveat: 'It takes accounts with ARR, measured usage, and features released by then.',
    }
  if (enough.length === 0)
    return {
      text: `Not enough data: no feature has ${leastPerArm} adopters and ${leastPerArm} others with at least ${leastLosses} losses each.`,
      caveat: 'Counts are shown below. A longer window holds more losses.',
    }
  const first = told[0]
  if (!first)
    return {
      text: `No clear association: of ${plural(enough.length, 'feature', 'features')} with enough data, none goes clearly with staying once accounts are compared with their like.`,
      caveat: chanceOf(result) ?? decoyOf(result) ?? widest(enough),
    }
  const more =
    told.length > 1 ? ` So ${told.length === 2 ? 'is' : 'are'} ${list(told.slice(1).map((r) => r.feature))}.` : ''
  return {
    text: `${first.feature} is ${first.word}. ${sentenceOf(first, result)}${more}`,
    caveat: controlWarning(result) ?? [first.caveat, decoyOf(result)].filter(Boolean).join(' '),
  }
}

const widest = (rows: readonly AssociationRow[]) => {
  const gaps = rows.flatMap((r) => (r.detectableGap === null ? [] : [r.detectableGap]))
  return gaps.length === 0
    ? 'No difference up to 100 % could be told with so few accounts.'
    : `Differences below ${(Math.min(...gaps) * 100).toFixed(0)} to ${(Math.max(...gaps) * 100).toFixed(0)} points, by feature, could not be told with so many accounts.`
}

function chanceOf(result: AssociationResult): string | null {
  const near = result.features.find((r) => r.caveatKey === 'one-of-many')
  return near
    ? `${near.feature} comes closest, ${points(near.adjusted!.value)}, q = ${near.q!.toFixed(2)}; among ${plural(result.tests, 'test', 'tests')} ${byChance(near.familyWise)}.`
    : null
}

function decoyOf(result: AssociationResult): string | null {
  const decoys = result.features
    .filter((r) => r.caveatKey === 'vanishes-adjusted')
    .sort((a, b) => Math.abs(b.unadjusted!.value) - Math.abs(a.unadjusted!.value))
  const first = decoys[0]
  return first
    ? `${first.feature} looks clear unadjusted, ${points(first.unadjusted!.value)}, but not among accounts that are alike.`
    : null
}

function controlWarning(result: AssociationResult): string | null {
  const control = result.features.find((r) => r.feature === result.negativeControl)
  return control?.evidence === 'associated'
    ? `${control.feature} should show nothing and does too: something other than features is at work.`
    : null
}
