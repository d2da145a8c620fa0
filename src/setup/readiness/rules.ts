/** Whether it is time for Product Operations: three triggers, each measured where there is something to measure, else as people say. */
import type { Estimate } from '../listening-tour/estimates.ts'

export const defaultThresholds = { shareAbove: 0.3, opaqueAbove: 0.5, teamsAbove: 10 }

export interface Said {
  share: number | null
  opaque: 'yes' | 'no' | null
  teams: number | null
  at: string | null
}
export interface Measured {
  share: (Estimate & { people: number; asOf: string | null }) | null
  /** Share of leaders who cannot say what teams work on and why. */
  opaque: (Estimate & { people: number; asOf: string | null }) | null
}

export interface Trigger {
  key: 'share' | 'opaque' | 'teams'
  title: string
  /** Null: nothing is known. */
  isMet: boolean | null
  /** The interval reaches across the threshold. */
  isOnTheLine: boolean
  value: number | null
  low: number | null
  high: number | null
  threshold: number
  basis: 'measured' | 'said' | 'unknown'
  restsOn: string
  asOf: string | null
}

/** @param thresholds shares of 0 to 1, a number of teams */
export function triggersOf(
  thresholds: { shareAbove: number; opaqueAbove: number; teamsAbove: number },
  said: Said,
  measured: Measured,
): Trigger[] {
  const people = (n: number, who: string) => `${n} counted answers of ${who}`
  return [
    trigger({
      key: 'share',
      title: 'Product managers spend much of their week on data and logistics',
      threshold: thresholds.shareAbove,
      measured: measured.share,
      restsOn: measured.share ? people(measured.share.people, 'product managers') : 'what was said here',
      said: said.share,
      saidAt: said.at,
    }),
    trigger({
      key: 'opaque',
      title: 'Leaders cannot see the portfolio',
      threshold: thresholds.opaqueAbove,
      measured: measured.opaque,
      restsOn: measured.opaque ? people(measured.opaque.people, 'leaders') : 'what was said here',
      said: said.opaque === null ? null : said.opaque === 'yes' ? 1 : 0,
      saidAt: said.at,
    }),
    trigger({
      key: 'teams',
      title: 'There are many product teams',
      threshold: thresholds.teamsAbove,
      measured: null,
      restsOn: 'what was said here',
      said: said.teams,
      saidAt: said.at,
    }),
  ]
}

function trigger(of: {
  key: Trigger['key']
  title: string
  threshold: number
  measured: (Estimate & { asOf: string | null }) | null
  restsOn: string
  said: number | null
  saidAt: string | null
}): Trigger {
  const { key, title, threshold, measured, restsOn, said, saidAt } = of
  const value = measured?.value ?? said
  return {
    key,
    title,
    threshold,
    value,
    low: measured?.low ?? null,
    high: measured?.high ?? null,
    isMet: value === null ? null : value > threshold,
    isOnTheLine: measured !== null && measured.low <= threshold && measured.high > threshold,
    basis: measured ? 'measured' : said === null ? 'unknown' : 'said',
    restsOn: value === null ? 'nothing yet' : restsOn,
    asOf: measured ? measured.asOf : said === null ? null : saidAt,
  }
}

export type Verdict = 'yes' | 'likely' | 'not-yet' | 'unknown'
/** One trigger is a reason to look, two are time; where nothing is known nothing is said. */
export function verdictOf(triggers: readonly Pick<Trigger, 'isMet'>[]): Verdict {
  const met = triggers.filter((t) => t.isMet === true).length
  if (met >= 2) return 'yes'
  if (met === 1) return 'likely'
  return triggers.every((t) => t.isMet === null) ? 'unknown' : 'not-yet'
}
