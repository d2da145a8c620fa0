/** What stands out, by fixed rules from computed values. Every rule says when it speaks, how it is worded and what ARR it concerns. */
import { addresses } from '../../platform/rooms/addresses.ts'
import type { AdoptionFigures } from '../analyses/ground/adoption.ts'
import type { AssociationRow, AssociationResult } from '../analyses/association/schemas.ts'
import { points, sentenceOf } from '../analyses/association/wording.ts'
import type { SegmentTotal } from '../analyses/ground/schemas.ts'
import { markOf, wilson, type Interval } from '../statistics/intervals.ts'
import { percent, plural, shortDay, shortMoney } from '../../platform/wording.ts'
import type { Finding, StoryEvidence } from './schemas.ts'
import { rankCandidates, type Candidate } from '../analyses/adoption-retention/sentence.ts'

export interface Facts {
  month: string
  monthEnd: string
  currency: string
  segmentBy: string
  figures: AdoptionFigures
  /** The same at the month six before; null where the data does not reach it. */
  before: { month: string; figures: AdoptionFigures } | null
  association: AssociationResult | null
  featureIds: ReadonlyMap<string, string>
  /** Accounts that had adopted a core feature a month before and have not now. */
  stopped: readonly { feature: string; accounts: number; arr: number; adoptersBefore: number }[]
  /** Accounts that renew within the window, and those of them that have adopted none of the core features they may use. */
  renewals: {
    from: string
    to: string
    accounts: number
    arr: number
    withoutCore: { accounts: number; arr: number }
  } | null
}

/** Below this share of the book a story is not worth a leader's time. */
const leastShare = 0.005
const leastAccounts = 3

export function findingsOf(facts: Facts): Finding[] {
  const book = facts.figures.totals.all.arr
  return [
    ...gaps(facts),
    ...associations(facts),
    ...stopped(facts),
    ...renewals(facts),
    ...retention(facts),
    ...moved(facts),
    ...unmeasured(facts),
  ].filter((f) => f.arr >= leastShare * book && f.accounts >= leastAccounts)
}

const weights: Record<StoryEvidence, number> = {
  associated: 1,
  clear: 1,
  fact: 0.6,
  directional: 0.5,
  'no-clear-association': 0.2,
}
/** The ARR concerned, weighed by how far the evidence carries; a core feature counts half as much again. */
export const weightOf = (f: Finding, isCore: boolean): number => f.arr * weights[f.evidence] * (isCore ? 1.5 : 1)

const adoptionAddress = (feature: string, segment: string | null, state = 'others') =>
  `${addresses.adoption}?cell=${encodeURIComponent(JSON.stringify({ feature, segment, state }))}`
const bar = (label: string, i: Interval, note: string, isSubject = false) => ({
  label,
  value: i.value,
  low: i.low,
  high: i.high,
  note,
  isSubject,
})
const of = (part: number, whole: number) => `${part.toLocaleString('en-GB')} of ${whole.toLocaleString('en-GB')}`

/** A segment's adoption lies wholly below that of all others together. */
function gaps({ figures, currency, month, segmentBy, featureIds }: Facts): Finding[] {
  return rankCandidates(figures.rows).map((c) => ({
    rule: 'adoption-gap',
    featureId: featureIds.get(c.feature) ?? null,
    feature: c.feature,
    segmentBy,
    segment: c.segment,
    month,
    text: textOfGap(c, currency),
    caveat: [
      `95 % interval ${percent(c.low)} to ${percent(c.high)},`,
      `elsewhere ${percent(c.restLow)} to ${percent(c.restHigh)}.`,
      'It says nothing about retention by itself.',
    ].join(' '),
    evidence: markOf(c.eligible) === 'ok' ? 'clear' : 'directional',
    arr: c.arrOthers,
    accounts: c.others,
    value: c.rate,
    low: c.low,
    high: c.high,
    unit: 'share',
    bars: barsOfGap(c),
    address: adoptionAddress(c.feature, c.segment),
    figures: [
      { label: 'ARR of others', value: c.arrOthers, unit: 'money' },
      { label: 'Eligible', value: c.eligible, unit: 'accounts' },
      { label: 'Adopters', value: c.adopters, unit: 'accounts' },
      { label: 'Adoption', value: c.rate, unit: 'share' },
    ],
  }))
}

function textOfGap(c: Candidate, currency: string): string {
  const use = c.rate < 0.2 ? 'hardly use' : 'use less of'
  const what = c.isCore ? `the core feature ${c.feature}` : c.feature
  const few = `${c.adopters === 0 ? 'none' : c.adopters} of ${c.eligible} eligible accounts (${percent(c.rate)})`
  return [
    `${c.segment} accounts ${use} ${what}: ${few}, against ${percent(c.restRate)} elsewhere.`,
    `The other ${c.others} hold ${shortMoney(c.arrOthers, currency)} of ARR.`,
  ].join(' ')
}

const barsOfGap = (c: Candidate) => [
  bar(c.segment, { value: c.rate, low: c.low, high: c.high }, of(c.adopters, c.eligible), true),
  bar('All others', { value: c.restRate, low: c.restLow, high: c.restHigh }, 'eligible accounts elsewhere'),
]

/** A feature that is associated with staying or leaving; and one that only seemed to be until like was compared with like. */
function associations({ association, figures, currency, month, featureIds }: Facts): Finding[] {
  if (!association) return []
  const told = association.features.filter((r) => r.evidence === 'associated')
  const names = new Set(told.map((r) => r.feature))
  const parts = association.segments.filter((r) => r.evidence === 'associated' && !names.has(r.feature))
  const vanished = association.features.filter((r) => r.caveatKey === 'vanishes-adjusted')
  const keyOf = (feature: string, segment: string | null) => JSON.stringify([feature, segment])
  const blocks = new Map([
    ...figures.totals.features.map((one) => [keyOf(one.feature, null), one.now] as const),
    ...figures.rows.map((one) => [keyOf(one.feature, one.segment), one.now] as const),
  ])
  const now = (r: AssociationRow) => blocks.get(keyOf(r.feature, r.segment))
  const finding = (r: AssociationRow, isTold: boolean): Finding => {
    const at = now(r)
    const arr = isTold ? (at?.arrOthers ?? 0) : (at?.arrAdopters ?? 0)
    const accounts = at ? (isTold ? at.eligible - at.adopters : at.adopters) : 0
    const shown = isTold ? r.adjusted! : r.unadjusted!
    const whose = r.segment === null ? '' : ` among ${r.segment} accounts`
    const eligible = plural(accounts, 'eligible account', 'eligible accounts')
    return {
      rule: isTold ? 'association' : 'vanished-association',
      featureId: featureIds.get(r.feature) ?? null,
      feature: r.feature,
      segmentBy: r.segment === null ? null : association.question.segmentBy,
      segment: r.segment,
      month,
      text: isTold
        ? [
            `${r.feature} is ${r.word}${whose}.`,
            sentenceOf(r, association),
            `${eligible} with ${shortMoney(arr, currency)} of ARR ${accounts === 1 ? 'does' : 'do'} not use it.`,
          ].join(' ')
        : [
            `${r.feature} only seems to ${r.unadjusted!.value > 0 ? 'keep' : 'lose'} customers: ${points(r.unadjusted!.value)} unadjusted,`,
            'no clear association among accounts alike in segment, size and tenure.',
          ].join(' '),
      caveat: isTold ? r.caveat : sentenceOf(r, association),
      evidence: isTold ? 'associated' : 'no-clear-association',
      arr,
      accounts,
      value: shown.value,
      low: shown.low,
      high: shown.high,
      unit: 'points',
      bars: [
        ...(r.adjusted ? [bar('Adjusted', r.adjusted, 'among accounts alike in segment, size and tenure', true)] : []),
        ...(r.unadjusted ? [bar('Unadjusted', r.unadjusted, 'all adopters minus all others')] : []),
      ],
      address: `${addresses.association}?feature=${encodeURIComponent(JSON.stringify(r.feature))}`,
      figures: [
        { label: isTold ? 'ARR of others' : 'ARR of adopters', value: arr, unit: 'money' },
        { label: 'Adjusted difference', value: r.adjusted?.value ?? 0, unit: 'points' },
        { label: 'Adopters then', value: r.adopters.accounts, unit: 'accounts' },
        { label: 'Others then', value: r.others.accounts, unit: 'accounts' },
      ],
    }
  }
  return [...told, ...parts]
    .map((r) => finding(r, true))
    .concat(vanished.filter((r) => r.unadjusted).map((r) => finding(r, false)))
}

/** Accounts that stopped using a core feature within the month. */
function stopped({ stopped: list, currency, month, monthEnd, featureIds }: Facts): Finding[] {
  return list
    .filter((s) => s.adoptersBefore >= 10)
    .map((s) => {
      const i = wilson(s.accounts, s.adoptersBefore)!
      return {
        rule: 'stopped-using',
        featureId: featureIds.get(s.feature) ?? null,
        feature: s.feature,
        segmentBy: null,
        segment: null,
        month,
        text: `${plural(s.accounts, 'account', 'accounts')} with ${shortMoney(s.arr, currency)} of ARR stopped using the core feature ${s.feature} this month: ${percent(i.value)} of those that had adopted it.`,
        caveat: `Adopted at the end of the month before, not at ${shortDay(monthEnd)}. A season or a holiday can look like this; see whether they come back.`,
        evidence: 'fact',
        arr: s.arr,
        accounts: s.accounts,
        value: i.value,
        low: i.low,
        high: i.high,
        unit: 'share',
        bars: [bar('Stopped', i, of(s.accounts, s.adoptersBefore), true)],
        address: adoptionAddress(s.feature, null),
        figures: [
          { label: 'ARR concerned', value: s.arr, unit: 'money' },
          { label: 'Accounts', value: s.accounts, unit: 'accounts' },
          { label: 'Adopters before', value: s.adoptersBefore, unit: 'accounts' },
        ],
      }
    })
}

/** Renewals of accounts that use none of the core features they pay for. */
function renewals({ renewals: r, currency, month }: Facts): Finding[] {
  if (!r || r.accounts < 10 || r.withoutCore.accounts === 0) return []
  const i = wilson(r.withoutCore.accounts, r.accounts)!
  return [
    {
      rule: 'renewals-without-core',
      featureId: null,
      feature: null,
      segmentBy: null,
      segment: null,
      month,
      text: `${shortMoney(r.withoutCore.arr, currency)} of ARR renews by ${shortDay(r.to)} with accounts that use none of the core features they pay for: ${of(r.withoutCore.accounts, r.accounts)} renewals.`,
      caveat: `Renewals from ${shortDay(r.from)}. Accounts without a renewal date, and those not measured, are not among them.`,
      evidence: 'fact',
      arr: r.withoutCore.arr,
      accounts: r.withoutCore.accounts,
      value: i.value,
      low: i.low,
      high: i.high,
      unit: 'share',
      bars: [bar('Without any core feature', i, of(r.withoutCore.accounts, r.accounts), true)],
      address: addresses.whitespace,
      figures: [
        { label: 'ARR that renews so', value: r.withoutCore.arr, unit: 'money' },
        { label: 'ARR that renews', value: r.arr, unit: 'money' },
        { label: 'Accounts', value: r.withoutCore.accounts, unit: 'accounts' },
      ],
    },
  ]
}

/** A segment keeps clearly fewer accounts than all others together. */
function retention({ figures, currency, month, segmentBy }: Facts): Finding[] {
  const { segments } = figures.totals
  const kept = (list: readonly SegmentTotal[]) =>
    list.reduce(
      (sum, s) => ({
        n: sum.n + (s.retention?.accounts ?? 0),
        stayed: sum.stayed + Math.round((s.retention?.logo ?? 0) * (s.retention?.accounts ?? 0)),
      }),
      { n: 0, stayed: 0 },
    )
  return segments.flatMap((s): Finding[] => {
    const usable = segments.filter((one) => one.retention?.logo != null)
    const mine = kept([s])
    const rest = kept(usable.filter((one) => one !== s))
    if (s.retention?.logo == null || mine.n < 10 || rest.n < 10) return []
    const own = wilson(mine.stayed, mine.n)!
    const others = wilson(rest.stayed, rest.n)!
    if (own.high >= others.low) return []
    return [
      {
        rule: 'retention-gap',
        featureId: null,
        feature: null,
        segmentBy,
        segment: s.segment,
        month,
        text: [
          `${s.segment} keeps clearly fewer accounts: ${percent(own.value)} of ${mine.n} stayed`,
          `over ${plural(figures.window ?? 12, 'month', 'months')}, against ${percent(others.value)} elsewhere.`,
          `It holds ${shortMoney(s.arr, currency)} of ARR now.`,
        ].join(' '),
        caveat: [
          `95 % interval ${percent(own.low)} to ${percent(own.high)},`,
          `elsewhere ${percent(others.low)} to ${percent(others.high)}.`,
          'Closed cohort, by the segment then.',
        ].join(' '),
        evidence: markOf(mine.n) === 'ok' ? 'clear' : 'directional',
        arr: s.arr,
        accounts: s.accounts,
        value: own.value,
        low: own.low,
        high: own.high,
        unit: 'share',
        bars: [bar(s.segment, own, of(mine.stayed, mine.n), true), bar('All others', others, of(rest.stayed, rest.n))],
        address: addresses.revenue,
        figures: [
          { label: 'ARR now', value: s.arr, unit: 'money' },
          { label: 'Logo retention', value: own.value, unit: 'share' },
          { label: 'NRR', value: s.retention.nrr ?? 0, unit: 'share' },
          { label: 'GRR', value: s.retention.grr ?? 0, unit: 'share' },
        ],
      },
    ]
  })
}

/** A feature's adoption moved beyond both intervals within six months. */
function moved({ figures, before, currency, month, featureIds }: Facts): Finding[] {
  if (!before) return []
  const past = new Map(before.figures.totals.features.map((f) => [f.feature, f.now]))
  return figures.totals.features.flatMap((f): Finding[] => {
    const then = past.get(f.feature)
    if (!then || then.eligible < 10 || f.now.eligible < 10) return []
    const a = wilson(then.adopters, then.eligible)!
    const b = wilson(f.now.adopters, f.now.eligible)!
    const fell = b.high < a.low
    if (!fell && b.low <= a.high) return []
    const arr = fell ? f.now.arrOthers : f.now.arrAdopters
    return [
      {
        rule: 'adoption-moved',
        featureId: featureIds.get(f.feature) ?? null,
        feature: f.feature,
        segmentBy: null,
        segment: null,
        month,
        text: [
          `Adoption of ${f.feature} ${fell ? 'fell' : 'rose'} from ${percent(a.value)} to ${percent(b.value)}`,
          'of eligible accounts in six months.',
          `${fell ? 'Accounts that do not use it' : 'Its adopters'} hold ${shortMoney(arr, currency)} of ARR.`,
        ].join(' '),
        caveat: [
          `95 % intervals ${percent(a.low)} to ${percent(a.high)} then, ${percent(b.low)} to ${percent(b.high)} now.`,
          'Who is eligible may have changed too.',
        ].join(' '),
        evidence: markOf(Math.min(then.eligible, f.now.eligible)) === 'ok' ? 'clear' : 'directional',
        arr,
        accounts: fell ? f.now.eligible - f.now.adopters : f.now.adopters,
        value: b.value,
        low: b.low,
        high: b.high,
        unit: 'share',
        bars: [
          bar('Now', b, of(f.now.adopters, f.now.eligible), true),
          bar('Six months before', a, of(then.adopters, then.eligible)),
        ],
        address: `${addresses.feature}?id=${encodeURIComponent(JSON.stringify(featureIds.get(f.feature) ?? ''))}`,
        figures: [
          { label: fell ? 'ARR of others' : 'ARR of adopters', value: arr, unit: 'money' },
          { label: 'Adoption now', value: b.value, unit: 'share' },
          { label: 'Adoption then', value: a.value, unit: 'share' },
        ],
      },
    ]
  })
}

/** ARR of which no usage is known: every rate is silent about it. */
function unmeasured({ figures, currency, month }: Facts): Finding[] {
  const { all } = figures.totals
  if (all.accounts === 0 || all.arr === 0 || all.arrNotMeasured / all.arr < 0.05) return []
  const i = wilson(all.notMeasured, all.accounts)!
  return [
    {
      rule: 'not-measured',
      featureId: null,
      feature: null,
      segmentBy: null,
      segment: null,
      month,
      text: `${shortMoney(all.arrNotMeasured, currency)} of ARR, ${percent(all.arrNotMeasured / all.arr)}, is not measured: no usage of ${plural(all.notMeasured, 'account', 'accounts')} is known.`,
      caveat: 'They are in no adoption rate. Either their usage does not reach us, or their ids do not meet.',
      evidence: 'fact',
      arr: all.arrNotMeasured,
      accounts: all.notMeasured,
      value: i.value,
      low: i.low,
      high: i.high,
      unit: 'share',
      bars: [bar('Accounts not measured', i, of(all.notMeasured, all.accounts), true)],
      address: addresses.whoIsWho,
      figures: [
        { label: 'ARR not measured', value: all.arrNotMeasured, unit: 'money' },
        { label: 'Accounts', value: all.notMeasured, unit: 'accounts' },
      ],
    },
  ]
}
