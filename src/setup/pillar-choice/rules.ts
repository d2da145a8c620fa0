/** Which pillar to begin with: points for each reason, added up, and what would have to change for another one to win. */
import { invalid } from '../../platform/errors.ts'
import type { Findings } from '../findings.ts'
import { pillars, pillarWords, type Pillar } from '../taxonomy.ts'
import type { PillarSituation, Reason, Sum } from './schemas.ts'

/** What each reason is worth at most, in points. Friction, which was measured, outweighs any other one. */
export const worth = {
  friction: 40,
  situation: 15,
  leaders: 10,
  reach: 10,
  exists: { nothing: 0, some: -5, works: -15 },
  /** Until it is first of use: within four weeks, within eight, later. */
  soon: { weeks: [4, 8], points: [10, 5, 0] },
} as const

const fitting = {
  situation: { data: 'high-growth', process: 'enterprise', customer: null },
  lack: { data: 'figures', process: 'portfolio', customer: 'customers' },
} as const
const situationWords = {
  'high-growth': 'in high growth',
  enterprise: 'an enterprise or in transformation',
  neither: 'neither',
}
const lackWords = {
  figures: 'figures of the business',
  portfolio: 'a view of the portfolio',
  customers: 'what customers say',
}
const round = (n: number) => Math.round(n * 10) / 10

/** Hours a week by pillar, and the people that named any of its frictions most; skills are of no pillar. */
export function frictionOf({ frictions, waves }: Pick<Findings, 'frictions' | 'waves'>): {
  hours: Record<Pillar, number>
  people: Record<Pillar, number>
  asked: number
} {
  const of = (pillar: Pillar) => frictions.filter((f) => f.pillar === pillar)
  const each = (pick: (pillar: Pillar) => number) =>
    Object.fromEntries(pillars.map((p) => [p, pick(p)])) as Record<Pillar, number>
  return {
    hours: each((p) => of(p).reduce((sum, f) => sum + f.hoursPerWeek, 0)),
    // Of one audience the most named friction: who names two would else count twice.
    people: each((p) =>
      [...Map.groupBy(of(p), (f) => f.audience).values()].reduce(
        (sum, own) => sum + Math.max(...own.map((f) => f.people)),
        0,
      ),
    ),
    // Another wave of an audience asks the same people again.
    asked: [...Map.groupBy(waves, (w) => w.audience).values()].reduce(
      (sum, own) => sum + Math.max(...own.map((w) => w.released)),
      0,
    ),
  }
}
export type FrictionSums = ReturnType<typeof frictionOf>

/** Of a pillar every reason, also those that are worth nothing, so that each sum shows the same lines. */
export function sumOf(pillar: Pillar, friction: FrictionSums, said: PillarSituation): Sum {
  const reasons = [
    frictionReason(pillar, friction),
    situationReason(pillar, said),
    lackReason(pillar, said),
    reachReason(pillar, friction),
    existsReason(said[`${pillar}Exists`]),
    soonReason(said[`${pillar}Weeks`]),
  ]
  return { pillar, reasons, points: round(reasons.reduce((sum, r) => sum + r.points, 0)) }
}

function frictionReason(pillar: Pillar, { hours }: FrictionSums): Reason {
  const total = pillars.reduce((sum, p) => sum + hours[p], 0)
  return total === 0
    ? { reason: 'Friction', points: 0, because: 'no results of the listening tour yet' }
    : {
        reason: 'Friction',
        points: round((worth.friction * hours[pillar]) / total),
        because: `${round(hours[pillar])} of ${round(total)} hours a week, times ${worth.friction}`,
      }
}

function situationReason(pillar: Pillar, { situation, researchUnowned }: PillarSituation): Reason {
  if (pillar === 'customer')
    return {
      reason: 'Situation',
      points: researchUnowned === true ? worth.situation : 0,
      because:
        researchUnowned === null ? 'not said yet' : researchUnowned ? 'nobody owns research' : 'research has an owner',
    }
  const fits = situation !== null && situation === fitting.situation[pillar]
  return {
    reason: 'Situation',
    points: fits ? worth.situation : 0,
    because: situation === null ? 'not said yet' : `the company is ${situationWords[situation]}`,
  }
}

function lackReason(pillar: Pillar, { leadersLack }: PillarSituation): Reason {
  return {
    reason: 'What leaders lack',
    points: leadersLack === fitting.lack[pillar] ? worth.leaders : 0,
    because: leadersLack === null ? 'not said yet' : `they lack ${lackWords[leadersLack]}`,
  }
}

function reachReason(pillar: Pillar, { people, asked }: FrictionSums): Reason {
  return asked === 0
    ? { reason: 'Reach', points: 0, because: 'no results of the listening tour yet' }
    : {
        reason: 'Reach',
        points: round(worth.reach * Math.min(1, people[pillar] / asked)),
        because: `${people[pillar]} of ${asked} who answered, times ${worth.reach}`,
      }
}

function existsReason(exists: PillarSituation['dataExists']): Reason {
  return {
    reason: 'What exists already',
    points: exists === null ? 0 : worth.exists[exists],
    because:
      exists === null ? 'not said yet' : { nothing: 'nothing', some: 'some of it', works: 'it works already' }[exists],
  }
}

function soonReason(weeks: number | null): Reason {
  const { weeks: within, points } = worth.soon
  return {
    reason: 'Time to first value',
    points: weeks === null ? 0 : weeks <= within[0] ? points[0] : weeks <= within[1] ? points[1] : points[2],
    because: weeks === null ? 'not said yet' : `${weeks} ${weeks === 1 ? 'week' : 'weeks'}`,
  }
}

export interface Recommendation {
  /** The most points first. */
  sums: Sum[]
  /** Null where too little is known, or two have the same points. */
  recommended: Pillar | null
  /** What would make it surer, or possible at all. */
  missing: string[]
  sensitivity: { pillar: Pillar; behind: number; changes: string[] }[]
}

export function recommend(found: Pick<Findings, 'frictions' | 'waves'>, said: PillarSituation): Recommendation {
  const friction = frictionOf(found)
  const sums = sumsOf(friction, said)
  const [first, second] = sums as [Sum, Sum]
  const isKnown = friction.asked > 0 || said.situation !== null || said.leadersLack !== null
  const recommended = isKnown && first.points > second.points ? first.pillar : null
  return {
    sums,
    recommended,
    missing: missingOf(friction, said),
    sensitivity: recommended === null ? [] : sums.slice(1).map((other) => sensitivityOf(other, first, friction, said)),
  }
}

/** Of the same points the one that stands first among the pillars. */
const sumsOf = (friction: FrictionSums, said: PillarSituation): Sum[] =>
  pillars.map((p) => sumOf(p, friction, said)).sort((a, b) => b.points - a.points)

function missingOf(friction: FrictionSums, said: PillarSituation): string[] {
  const exists = pillars.filter((p) => said[`${p}Exists`] === null)
  const weeks = pillars.filter((p) => said[`${p}Weeks`] === null)
  const named = (some: readonly Pillar[]) => some.map((p) => pillarWords[p].name.toLowerCase()).join(', ')
  return [
    ...(friction.asked === 0
      ? ['results of the listening tour: friction and reach count for nothing without them']
      : []),
    ...(said.situation === null ? ['whether the company grows fast, is an enterprise, or neither'] : []),
    ...(said.researchUnowned === null ? ['whether somebody owns research'] : []),
    ...(said.leadersLack === null ? ['what leaders lack most'] : []),
    ...(exists.length > 0 ? [`what exists already for ${named(exists)}`] : []),
    ...(weeks.length > 0 ? [`how soon there would be something of use in ${named(weeks)}`] : []),
  ]
}

/** Every single change after which the other pillar alone has the most points. */
function sensitivityOf(other: Sum, first: Sum, friction: FrictionSums, said: PillarSituation) {
  const { pillar } = other
  const wins = (changed: Partial<PillarSituation>) => {
    const [top, next] = sumsOf(friction, { ...said, ...changed }) as [Sum, Sum]
    return top.pillar === pillar && top.points > next.points
  }
  const tried: { changed: Partial<PillarSituation>; words: string }[] = [
    ...(['high-growth', 'enterprise', 'neither'] as const).map((situation) => ({
      changed: { situation },
      words: `the company were ${situation === 'neither' ? 'neither in high growth nor an enterprise' : situationWords[situation]}`,
    })),
    { changed: { researchUnowned: true }, words: 'nobody owned research' },
    { changed: { researchUnowned: false }, words: 'research had an owner' },
    ...(['figures', 'portfolio', 'customers'] as const).map((leadersLack) => ({
      changed: { leadersLack },
      words: `leaders lacked ${lackWords[leadersLack]}`,
    })),
    {
      changed: { [`${first.pillar}Exists`]: 'works' },
      words: `${pillarWords[first.pillar].name.toLowerCase()} worked already`,
    },
    {
      changed: { [`${first.pillar}Exists`]: 'some' },
      words: `some of ${pillarWords[first.pillar].name.toLowerCase()} existed already`,
    },
    {
      changed: { [`${pillar}Exists`]: 'nothing' },
      words: `nothing existed yet for ${pillarWords[pillar].name.toLowerCase()}`,
    },
    {
      changed: { [`${pillar}Weeks`]: 4 },
      words: `${pillarWords[pillar].name.toLowerCase()} were of use within four weeks`,
    },
    {
      changed: { [`${first.pillar}Weeks`]: 104 },
      words: `${pillarWords[first.pillar].name.toLowerCase()} took longer than eight weeks`,
    },
  ]
  const changes = tried
    .filter(({ changed }) =>
      Object.entries(changed).some(([key, value]) => said[key as keyof PillarSituation] !== value),
    )
    .filter(({ changed }) => wins(changed))
    .map(({ words }) => `if ${words}`)
  const hours = hoursToWin(other, first, friction)
  return {
    pillar,
    behind: round(first.points - other.points),
    changes:
      hours === null
        ? changes
        : [...changes, `if its friction cost ${hours.toLocaleString('en-GB')} more hours a week than the tour found`],
  }
}

/**
 * Hours a week that its friction would have to cost more, the others’ staying as they are: with W points for friction, H and h the
 * hours of the first and of this one, T of all, and r the points by which all else sets the two apart, W·(h + x − H) + r·(T + x) = 0.
 * @returns whole hours, rounded up; null where no tour was made, or no number of hours would do
 */
export function hoursToWin(other: Sum, first: Sum, { hours }: FrictionSums): number | null {
  const total = pillars.reduce((sum, p) => sum + hours[p], 0)
  if (total === 0) return null
  const rest = (sum: Sum) => sum.reasons.filter((r) => r.reason !== 'Friction').reduce((all, r) => all + r.points, 0)
  const apart = rest(other) - rest(first)
  if (worth.friction + apart <= 0) return null
  const x = (worth.friction * (hours[first.pillar] - hours[other.pillar]) - apart * total) / (worth.friction + apart)
  return x <= 0 ? null : Math.floor(x) + 1
}

/** @throws invalid where somebody decides otherwise than is recommended and gives no reason */
export function checkChoice(pillar: Pillar, because: string | null, recommended: Pillar | null): void {
  if (pillar === recommended || because !== null) return
  const message =
    recommended === null
      ? '“because”: nothing is recommended yet, so say why this one.'
      : `“because”: ${pillarWords[recommended].name} is recommended. To choose otherwise, say why.`
  throw invalid(message, { issues: [{ path: 'because', message }] })
}
