/** The page's sentence: by fixed rules, from computed values, without a claim about retention. */
import { wilson } from '../../statistics/intervals.ts'
import { listing, percent, plural, shortDay, shortMoney } from '../../../platform/wording.ts'
import type { AdoptionRow, Sentence } from '../ground/schemas.ts'

export interface Candidate {
  segment: string
  feature: string
  isCore: boolean
  eligible: number
  adopters: number
  others: number
  arrOthers: number
  rate: number
  low: number
  high: number
  restRate: number
  restLow: number
  restHigh: number
}

const smallestBase = 10

/**
 * Cells in which a segment's Wilson interval lies wholly below that of all other segments together, both with at least 10
 * eligible accounts; core features first, then by the ARR of eligible non-adopters.
 */
export function rankCandidates(rows: readonly AdoptionRow[]): Candidate[] {
  const found: Candidate[] = []
  const overAll = new Map<string, { eligible: number; adopters: number }>()
  for (const { feature, now } of rows) {
    const sum = overAll.get(feature) ?? { eligible: 0, adopters: 0 }
    overAll.set(feature, { eligible: sum.eligible + now.eligible, adopters: sum.adopters + now.adopters })
  }
  for (const row of rows) {
    const sum = overAll.get(row.feature)!
    const restEligible = sum.eligible - row.now.eligible
    if (row.now.eligible < smallestBase || restEligible < smallestBase) continue
    const mine = wilson(row.now.adopters, row.now.eligible)!
    const theirs = wilson(sum.adopters - row.now.adopters, restEligible)!
    if (mine.high >= theirs.low) continue
    found.push({
      segment: row.segment,
      feature: row.feature,
      isCore: row.isCore,
      eligible: row.now.eligible,
      adopters: row.now.adopters,
      others: row.now.eligible - row.now.adopters,
      arrOthers: row.now.arrOthers,
      rate: mine.value,
      low: mine.low,
      high: mine.high,
      restRate: theirs.value,
      restLow: theirs.low,
      restHigh: theirs.high,
    })
  }
  return found.sort(
    (a, b) => Number(b.isCore) - Number(a.isCore) || b.arrOthers - a.arrOthers || (a.feature < b.feature ? -1 : 1),
  )
}

export interface SentenceContext {
  currency: string
  month: string
  adoptionMonths: number
  entitlement: string
  notMeasured: number
  renewing: NonNullable<Sentence['finding']>['renewing'] | null
  staying?: string | null
  /** That usage is silent in months which adoption counts; null where it is not. */
  silence?: string | null
}

/** With whom the renewals are, those with most first; part of a sentence, and empty where no owner is known. */
export function ownersWords(owners: readonly { owner: string; accounts: number }[]): string {
  const named = owners.slice(0, 3)
  if (named.length === 0) return ''
  const most = named.length < owners.length ? 'most with' : 'with'
  return `; ${most} ${listing(named.map((o) => `${o.owner} (${o.accounts})`))}`
}

/** Silent months come first of what is to be minded: they may be all that the sentence is about. */
export function writeSentence(rows: readonly AdoptionRow[], candidate: Candidate | null, c: SentenceContext): Sentence {
  const sentence = sentenceOf(rows, candidate, c)
  return c.silence ? { ...sentence, caveat: `${c.silence} ${sentence.caveat}` } : sentence
}

function sentenceOf(rows: readonly AdoptionRow[], candidate: Candidate | null, c: SentenceContext): Sentence {
  const enough = rows.some((r) => r.now.eligible >= smallestBase)
  if (rows.length === 0)
    return {
      kind: 'no-data',
      finding: null,
      text: 'There is no adoption to show for this month yet.',
      caveat: 'It takes accounts with ARR, measured usage and at least one feature that their events belong to.',
    }
  if (!enough)
    return {
      kind: 'not-enough-data',
      finding: null,
      text: `No segment has ${smallestBase} eligible accounts, too few to compare rates.`,
      caveat: 'Counts are shown below; a coarser segment may tell more.',
    }
  if (!candidate || !c.renewing)
    return {
      kind: 'nothing-stands-out',
      finding: null,
      text: 'No segment’s adoption lies clearly below that of the others.',
      caveat:
        'Clearly means that its 95 % interval lies wholly below theirs, with at least 10 eligible accounts on both sides.',
    }
  const { renewing } = c
  const few = candidate.adopters === 0 ? 'None' : `${candidate.adopters}`
  const subject =
    candidate.rate < 0.2 ? `${candidate.segment} accounts hardly use` : `${candidate.segment} accounts use less of`
  const what = candidate.isCore ? `the core feature ${candidate.feature}` : candidate.feature
  const rates = `(${percent(candidate.rate)}), against ${percent(candidate.restRate)} elsewhere`
  const due = plural(renewing.accounts, 'of them renews', 'of them renew')
  const dueArr = `${shortMoney(renewing.arr, c.currency)} of ARR${ownersWords(renewing.owners)}`
  const renewal =
    renewing.accounts === 0
      ? `None of them renews in the 90 days from ${shortDay(renewing.from)}.`
      : `${due} by ${shortDay(renewing.to)}, ${dueArr}.`
  return {
    kind: 'finding',
    finding: { ...candidate, renewing },
    text: [
      `${subject} ${what}: ${few} of ${candidate.eligible} eligible accounts ${rates}.`,
      `The other ${candidate.others} hold ${shortMoney(candidate.arrOthers, c.currency)} of ARR.`,
      renewal,
    ].join(' '),
    caveat: [
      `95 % interval ${percent(candidate.low)} to ${percent(candidate.high)}, elsewhere ${percent(candidate.restLow)} to ${percent(candidate.restHigh)}.`,
      `Adoption means any use in the ${plural(c.adoptionMonths, 'full month', 'full months')} to the end of the month.`,
      c.entitlement === 'unknown' ? 'Who is entitled is not known, so every account with ARR counts as entitled.' : '',
      c.notMeasured > 0 ? `${plural(c.notMeasured, 'account is', 'accounts are')} not measured and left out.` : '',
      c.staying ?? 'This says nothing about retention yet.',
    ]
      .filter(Boolean)
      .join(' '),
  }
}
