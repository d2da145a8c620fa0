/** What the listening tour found, for whatever is chosen and measured by it: of counted answers and of interviews, in sums alone. */
import type { Db } from '../platform/db/database.ts'
import type { Scope } from '../platform/scope.ts'
import { valueOf } from './listening-tour/answers.ts'
import { safeCut, smallestGroup } from './listening-tour/confidentiality.ts'
import { shareOf, type Estimate } from './listening-tour/estimates.ts'
import { frictionMap, voiceOf, type FrictionFound, type Voice } from './listening-tour/frictions.ts'
import {
  countsOf,
  interviews,
  listAnswers,
  waves as waveRecords,
  type StoredAnswer,
  type StoredInterview,
  type StoredWave,
} from './listening-tour/queries.ts'
import { audiences, type Audience } from './taxonomy.ts'

export interface Findings {
  waves: {
    id: string
    title: string
    state: 'open' | 'closed'
    audience: Audience
    invited: number
    released: number
    closedAt: string | null
  }[]
  /** Per audience; null where too few answers are released. Share of a week spent on data and logistics, with a 95 % interval. */
  shares: { audience: Audience; people: number; share: Estimate | null; asOf: string | null }[]
  /** Estimates from answers: hours a week over all people invited of that audience (frequency × hours × people), the most first. */
  frictions: FrictionFound[]
  /** The day the newest wave closed or opened, or the newest interview was held. */
  asOf: string | null
}

/** Of each audience the newest wave with answers counts, since another wave asks the same people again; where there is none, interviews. */
export async function readFindings({ db, scope }: { db: Db; scope: Scope }): Promise<Findings> {
  const launched = (await waveRecords.list(db, scope)).filter((w) => w.state !== 'draft')
  const counts = await countsOf(
    db,
    scope,
    launched.map((w) => w.id),
  )
  const held = (await interviews.list(db, scope)).filter((i) => i.state === 'held')
  const newest = audiences.flatMap((audience) => {
    const own = launched.filter((w) => w.audience === audience)
    const found =
      own.find((w) => (counts.get(w.id)?.answered ?? 0) > 0 && w.state === 'closed') ??
      own.find((w) => (counts.get(w.id)?.answered ?? 0) > 0)
    return found ? [found] : []
  })
  const answers = Map.groupBy(
    await listAnswers(
      db,
      scope,
      newest.map((w) => w.id),
    ),
    (a) => a.waveId,
  )
  const parts = audiences.map((audience) => {
    const wave = newest.find((w) => w.audience === audience)
    const own = wave ? (answers.get(wave.id) ?? []) : []
    return wave ? heard(wave, own, counts.get(wave.id)?.invited ?? own.length) : told(audience, held)
  })
  return {
    waves: launched.map((w) => ({
      id: w.id,
      title: w.title,
      state: w.state === 'closed' ? 'closed' : 'open',
      audience: w.audience,
      invited: counts.get(w.id)?.invited ?? 0,
      released: counts.get(w.id)?.answered ?? 0,
      closedAt: w.closedAt?.toISOString() ?? null,
    })),
    shares: parts.map(({ frictions: _frictions, ...p }) => p),
    frictions: parts.flatMap((p) => p.frictions).sort((a, b) => b.hoursPerWeek - a.hoursPerWeek),
    asOf: newestDay([
      ...newest.map((w) => w.closedAt ?? w.openedAt),
      ...(newest.length === 0 ? held.map((i) => i.heldAt) : []),
    ]),
  }
}

interface Part {
  audience: Audience
  people: number
  share: Estimate | null
  frictions: FrictionFound[]
  asOf: string | null
}

/** By answers; areas are told apart once nobody answers any more. */
export function heard(wave: StoredWave, answers: readonly StoredAnswer[], invited: number): Part {
  const idOf = (kind: string) => wave.questions.find((q) => q.kind === kind)?.id ?? null
  const [area, share] = [idOf('area'), idOf('share')]
  const voices: Voice[] = answers.map((a) => voiceOf(a.content, a.codes, area))
  const counted = new Map(
    [...Map.groupBy(voices, (v) => v.area)].flatMap(([name, v]) => (name === null ? [] : [[name, v.length]])),
  )
  const cut = wave.state === 'closed' ? safeCut(counted, voices.length, wave.groupOf).shown : []
  const population = Math.max(invited, voices.length)
  const percents =
    share === null ? [] : answers.map((a) => valueOf(a.content, share)).filter((v) => typeof v === 'number')
  return {
    audience: wave.audience,
    people: voices.length,
    share: shareOf(percents, population),
    asOf: newestDay([wave.closedAt ?? wave.openedAt]),
    frictions: frictionMap(voices, {
      audience: wave.audience,
      population,
      areas: new Set(cut.map((c) => c.name)),
    }),
  }
}

/** By interviews: those who were spoken to and nobody else, and no sum over fewer than three. */
function told(audience: Audience, held: readonly StoredInterview[]): Part {
  const own = held.filter((i) => i.audience === audience)
  if (own.length < smallestGroup) return { audience, people: 0, share: null, frictions: [], asOf: null }
  const voices: Voice[] = own.map((i) => ({
    area: null,
    entries: i.frictions.map((entry) => ({ entry, code: entry.code ?? 'other' })),
  }))
  return {
    audience,
    people: own.length,
    asOf: newestDay(own.map((i) => i.heldAt)),
    share: shareOf(
      own.flatMap((i) => (i.share === null ? [] : [i.share])),
      own.length,
    ),
    frictions: frictionMap(voices, { audience, population: own.length, areas: new Set() }),
  }
}

const newestDay = (all: readonly (Date | null)[]): string | null =>
  all
    .filter((d) => d !== null)
    .map((d) => d.toISOString().slice(0, 10))
    .sort()
    .at(-1) ?? null
