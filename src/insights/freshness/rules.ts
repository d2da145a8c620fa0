/**
 * What seems wrong with the data, by fixed rules with robust bounds. Each rule takes plain rows and gives findings in one sentence;
 * a finding is known by its identity, so that one that was acknowledged is not told again.
 */
import { quantile } from '../statistics/quantile.ts'
import { addresses } from '../../platform/rooms/addresses.ts'
import { addDays, daysBetween } from '../../platform/calendar/month.ts'
import { count, percent, plural, shortDay, shortMoney } from '../../platform/wording.ts'
import type { FindingKind } from './schemas.ts'

export interface Finding {
  identity: string
  kind: FindingKind
  text: string
  address: string
}
/** A day with usage. `matched`: rows of an account; `unmapped`: those of them that belong to no feature. */
export interface DayRows {
  day: string
  rows: number
  matched: number
  unmapped: number
}

const weeksLooked = 8
const weeksNeeded = 4
/** Days back from the last one within which something must end or lie to be told. */
const toldDays = 14
/** A run of days keeps its first day, and so its identity, for as long. */
const judgedDays = 56
/** What the rules need: the judged days and the eight weeks before the first of them. */
export const daysRead = judgedDays + weeksLooked * 7

/** 0 of nothing. */
export const median = (values: readonly number[]): number => quantile(values, 0.5) ?? 0
/** Median absolute deviation, scaled to the standard deviation of a normal distribution (factor 1.4826). */
export const spread = (values: readonly number[], middle = median(values)): number =>
  1.4826 * median(values.map((v) => Math.abs(v - middle)))

const sameWeekdays = (day: string) => Array.from({ length: weeksLooked }, (_, i) => addDays(day, -7 * (i + 1)))
const weekday = (day: string) =>
  ['Sundays', 'Mondays', 'Tuesdays', 'Wednesdays', 'Thursdays', 'Fridays', 'Saturdays'][
    new Date(`${day}T00:00:00Z`).getUTCDay()
  ]!

interface Run {
  from: string
  to: string
  rows: number
  usual: number
}
function runsOf(days: readonly (Run & { day: string })[]): Run[] {
  const runs: Run[] = []
  for (const { day, rows, usual } of days) {
    const last = runs.at(-1)
    if (last && addDays(last.to, 1) === day) {
      last.to = day
      last.rows += rows
      last.usual += usual
    } else runs.push({ from: day, to: day, rows, usual })
  }
  return runs
}
const span = (r: { from: string; to: string }) =>
  r.from === r.to ? shortDay(r.from) : `${shortDay(r.from)} to ${shortDay(r.to)}`
const isRecent = (day: string, lastDay: string) => daysBetween(day, lastDay) < toldDays

/**
 * A day with unusually few or many rows: against the same weekday of the eight weeks before, of which at least four are known,
 * it is less than half or more than twice their median, and further from it than five times their spread and five times the
 * square root of the median.
 */
export function volumeFindings(days: readonly DayRows[], lastDay: string): Finding[] {
  const rowsOf = new Map(days.map((d) => [d.day, d.rows]))
  const judged = days
    .filter((d) => d.day <= lastDay && daysBetween(d.day, lastDay) < judgedDays)
    .flatMap(({ day, rows }) => {
      const before = sameWeekdays(day).flatMap((d) => rowsOf.get(d) ?? [])
      const usual = median(before)
      const bound = 5 * Math.max(spread(before, usual), Math.sqrt(usual))
      if (before.length < weeksNeeded || Math.abs(rows - usual) <= bound || (rows >= usual / 2 && rows <= usual * 2))
        return []
      return [{ day, from: day, to: day, rows, usual, isLow: rows < usual, weeks: before.length }]
    })
  return [true, false].flatMap((isLow) =>
    runsOf(judged.filter((d) => d.isLow === isLow))
      .filter((r) => isRecent(r.to, lastDay))
      .map((r): Finding => ({
        identity: `volume|${isLow ? 'low' : 'high'}|${r.from}`,
        kind: 'volume',
        address: `${addresses.data}#days`,
        text: [
          `Usage of ${span(r)} looks ${isLow ? 'too small' : 'too large'}: ${plural(r.rows, 'row', 'rows')},`,
          `where the ${r.from === r.to ? weekday(r.from) : 'same weekdays'} of the ${weeksLooked} weeks before`,
          `have a median of ${count(Math.round(r.usual))}.`,
        ].join(' '),
      })),
  )
}

/** A day without any row between days with rows, where the same weekday of the eight weeks before has a median of at least ten. */
export function missingDayFindings(days: readonly DayRows[], lastDay: string): Finding[] {
  const rowsOf = new Map(days.map((d) => [d.day, d.rows]))
  const first = days[0]?.day
  if (!first) return []
  const missing = Array.from({ length: judgedDays }, (_, i) => addDays(lastDay, i - judgedDays + 1))
    .filter((day) => day > first && !rowsOf.has(day))
    .flatMap((day) => {
      const before = sameWeekdays(day)
        .filter((d) => d >= first)
        .map((d) => rowsOf.get(d) ?? 0)
      const usual = median(before)
      return before.length >= weeksNeeded && usual >= 10 ? [{ day, from: day, to: day, rows: 0, usual }] : []
    })
  return runsOf(missing)
    .filter((r) => isRecent(r.to, lastDay))
    .map((r) => {
      const isOne = r.from === r.to
      const length = isOne ? '' : ` (${plural(daysBetween(r.from, r.to) + 1, 'day', 'days')})`
      const others = isOne ? `the ${weekday(r.from)} before` : 'such days'
      return {
        identity: `missing-days|${r.from}`,
        kind: 'missing-days',
        address: `${addresses.data}#days`,
        text: `There is no usage of ${span(r)}${length}; ${others} have a median of ${count(Math.round(r.usual))} rows.`,
      }
    })
}

interface Share {
  day: string
  part: number
  whole: number
}
export interface Jump {
  recent: number
  before: number
  part: number
  whole: number
}

/**
 * Whether a share of the last seven days jumped up against the four weeks before: by at least five points, to at least one and a
 * half times, and by more than five times the spread of its days; with at least 200 rows and fourteen days to compare with.
 */
export function jumpOf(days: readonly Share[], lastDay: string): Jump | null {
  const age = (d: Share) => daysBetween(d.day, lastDay)
  const recent = days.filter((d) => age(d) >= 0 && age(d) < 7 && d.whole > 0)
  const before = days.filter((d) => age(d) >= 7 && age(d) < 35 && d.whole > 0)
  const sum = (of: readonly Share[], key: 'part' | 'whole') => of.reduce((total, d) => total + d[key], 0)
  const whole = sum(recent, 'whole')
  const part = sum(recent, 'part')
  const wholeBefore = sum(before, 'whole')
  if (whole < 200 || wholeBefore < 200 || before.length < 14) return null
  const now = part / whole
  const then = sum(before, 'part') / wholeBefore
  const isJump = now - then >= 0.05 && now >= 1.5 * then && now - then > 5 * spread(before.map((d) => d.part / d.whole))
  return isJump ? { recent: now, before: then, part, whole } : null
}

export function shareFindings(days: readonly DayRows[], lastDay: string): Finding[] {
  const unmapped = jumpOf(
    days.map((d) => ({ day: d.day, part: d.unmapped, whole: d.matched })),
    lastDay,
  )
  const unmatched = jumpOf(
    days.map((d) => ({ day: d.day, part: d.rows - d.matched, whole: d.rows })),
    lastDay,
  )
  const found: Finding[] = []
  if (unmapped)
    found.push({
      identity: 'unmapped',
      kind: 'unmapped',
      address: addresses.eventRules,
      text: `${percent(unmapped.recent)} of the usage of the last 7 days to ${shortDay(lastDay)} belongs to no feature, after ${percent(unmapped.before)} in the 4 weeks before: ${count(unmapped.part)} of ${plural(unmapped.whole, 'row', 'rows')}.`,
    })
  if (unmatched)
    found.push({
      identity: 'unmatched',
      kind: 'unmatched',
      address: addresses.whoIsWho,
      text: `${percent(unmatched.recent)} of the usage of the last 7 days to ${shortDay(lastDay)} bears ids that are no known account, after ${percent(unmatched.before)} in the 4 weeks before: ${count(unmatched.part)} of ${plural(unmatched.whole, 'row', 'rows')}.`,
    })
  return found
}

export interface NameDays {
  name: string
  days: { day: string; events: number }[]
}
const quoted = (name: string) => `“${name.length > 60 ? `${name.slice(0, 59)}…` : name}”`

/** An event name that stopped: on the days with usage since, of which there are two at least, its medians by weekday add up to 20 events or more. */
export function vanishedFindings(names: readonly NameDays[], dataDays: readonly DayRows[], lastDay: string): Finding[] {
  return names.flatMap(({ name, days }): Finding[] => {
    const last = days.reduce((latest, d) => (d.day > latest ? d.day : latest), '')
    const events = new Map(days.map((d) => [d.day, d.events]))
    const first = dataDays[0]?.day ?? lastDay
    const gap = dataDays.filter((d) => d.day > last && d.day <= lastDay)
    if (!last || gap.length < 2) return []
    const expected = gap.reduce((sum, { day }) => {
      const before = sameWeekdays(day)
        .filter((d) => d <= last && d >= first)
        .map((d) => events.get(d) ?? 0)
      return sum + (before.length >= weeksNeeded ? median(before) : 0)
    }, 0)
    if (expected < 20) return []
    return [
      {
        identity: `event-vanished|${name}|${last}`,
        kind: 'event-vanished',
        address: addresses.eventRules,
        text: `The event ${quoted(name)} has not come since ${shortDay(last)}; by then some ${count(Math.round(expected))} more of it were to be expected.`,
      },
    ]
  })
}

export interface NewName {
  name: string
  firstDay: string
  events: number
  /** All rows of the days since then. */ rows: number
  feature: string | null
}

/** An event name first seen within the last seven days that takes more than one hundredth of the rows since, and 50 at least. */
export function newNameFindings(names: readonly NewName[]): Finding[] {
  return names
    .filter((n) => n.events >= 50 && n.events > n.rows * 0.01)
    .map((n) => ({
      identity: `event-new|${n.name}`,
      kind: 'event-new',
      address: addresses.eventRules,
      text: `The event ${quoted(n.name)} is new since ${shortDay(n.firstDay)} and makes up ${percent(n.events / n.rows)} of the rows since; ${n.feature === null ? 'it belongs to no feature yet' : `the rules count it as ${n.feature}`}.`,
    }))
}

export interface BatchRejects {
  id: number
  dataset: string
  source: string
  fileName: string
  read: number
  rejected: number
  at: string
}

/**
 * An import of the last seven days of which far more was rejected than of the (at most eight, at least three) imports of that kind
 * before: by one point and to three times the median share, and ten rows at least.
 * @param batches in order
 */
export function rejectedFindings(batches: readonly BatchRejects[], now: string): Finding[] {
  const weekAgo = new Date(Date.parse(now) - 7 * 86_400_000).toISOString()
  const share = (b: BatchRejects) => (b.read === 0 ? 0 : b.rejected / b.read)
  return batches.flatMap((b, i): Finding[] => {
    const before = batches
      .slice(0, i)
      .filter((o) => o.dataset === b.dataset && o.source === b.source)
      .slice(-8)
    const usual = median(before.map(share))
    if (b.at < weekAgo || before.length < 3 || b.rejected < 10 || share(b) - usual < 0.01 || share(b) < 3 * usual)
      return []
    return [
      {
        identity: `rejected|${b.id}`,
        kind: 'rejected',
        address: `${addresses.data}#imports`,
        text: `${percent(share(b))} of the rows of ${b.fileName} (${b.dataset} from ${b.source}) could not be read, ${count(b.rejected)} of ${count(b.read)}; of the imports before it was ${percent(usual)}.`,
      },
    ]
  })
}

export interface BookStanding {
  batchId: number
  accounts: number
  arrCents: number
  at: string
}
const jumpInBook = 0.2

/**
 * An import of the last fourteen days after which the book holds a fifth more or fewer accounts, or ARR, than before, and still
 * does; with ten accounts or more before it.
 * @param standings in order of the imports; the last one is how it stands now
 */
export function bookFindings(standings: readonly BookStanding[], now: string, currency: string): Finding[] {
  const from = new Date(Date.parse(now) - toldDays * 86_400_000).toISOString()
  const present = standings.at(-1)
  const change = (key: 'accounts' | 'arrCents', before: BookStanding, after: BookStanding) =>
    before[key] <= 0 ? 0 : (after[key] - before[key]) / before[key]
  return standings.flatMap((after, i): Finding[] => {
    const before = standings[i - 1]
    if (!before || !present || before.accounts < 10 || after.at < from) return []
    return (['accounts', 'arrCents'] as const).flatMap((key): Finding[] => {
      const then = change(key, before, after)
      // Put right again, it is back where it stood before the import before: no news.
      const others = [
        change(key, before, present),
        ...(standings[i - 2] ? [change(key, standings[i - 2]!, after)] : []),
      ]
      if ([then, ...others].some((c) => Math.abs(c) <= jumpInBook || Math.sign(c) !== Math.sign(then))) return []
      const size = `${then > 0 ? '+' : '−'}${percent(Math.abs(then))}`
      const kind = key === 'accounts' ? 'book-accounts' : 'book-arr'
      const words =
        key === 'accounts'
          ? `The book went from ${count(before.accounts)} to ${plural(after.accounts, 'account', 'accounts')} that pay`
          : `ARR of the book went from ${shortMoney(before.arrCents / 100, currency)} to ${shortMoney(after.arrCents / 100, currency)}`
      return [
        {
          identity: `${kind}|${after.batchId}`,
          kind,
          address: addresses.revenue,
          text: `${words} (${size}) with import ${after.batchId}.`,
        },
      ]
    })
  })
}

/** The rules in words, for whoever asks why something is told. */
export const ruleText: Record<FindingKind, string> = {
  volume:
    'Told where a day has less than half or more than twice the median of the same weekday in the 8 weeks before (4 known at least), and is further from it than those weeks usually stray.',
  'missing-days':
    'Told where a day within the data has no row at all, though the same weekday of the 8 weeks before has a median of 10 or more.',
  unmapped:
    'Told where the share of the last 7 days is 5 points and half as much again above that of the 4 weeks before, and above what its days usually stray.',
  unmatched:
    'Told where the share of the last 7 days is 5 points and half as much again above that of the 4 weeks before, and above what its days usually stray.',
  rejected:
    'Told where an import of the last 7 days lost 1 point and three times more of its rows than the imports of its kind before, and 10 rows at least.',
  'event-vanished':
    'Told where a name did not come on 2 days with usage or more, on which 20 or more of it were to be expected by weekday.',
  'event-new': 'Told where a name first seen within the last 7 days makes up more than 1 % of the rows since.',
  'book-accounts':
    'Told where an import of the last 14 days changed the number of accounts that pay by more than 20 %.',
  'book-arr': 'Told where an import of the last 14 days changed ARR by more than 20 %.',
}

export interface DataFacts {
  lastDay: string | null
  days: readonly DayRows[]
  stopped: readonly NameDays[]
  fresh: readonly NewName[]
  batches: readonly BatchRejects[]
  standings: readonly BookStanding[]
  now: string
  currency: string
}

export function checkData(f: DataFacts): Finding[] {
  const ofUsage =
    f.lastDay === null
      ? []
      : [
          ...missingDayFindings(f.days, f.lastDay),
          ...volumeFindings(f.days, f.lastDay),
          ...shareFindings(f.days, f.lastDay),
          ...vanishedFindings(f.stopped, f.days, f.lastDay),
          ...newNameFindings(f.fresh),
        ]
  return [...ofUsage, ...rejectedFindings(f.batches, f.now), ...bookFindings(f.standings, f.now, f.currency)]
}
