/**
 * The canonical SQL of adoption by segment, over the rollups. Others are eligible minus adopters, so that accounts and
 * features are never multiplied; an account's ARR is read once per (account, feature), never through its events.
 */
import { duckdb } from '../../../platform/warehouse/dialect.ts'
import { dayLiteral, earliestSql, latestSql, textLiteral } from '../../../platform/warehouse/literals.ts'
import { monthEnd } from '../../../platform/calendar/month.ts'
import { monthsPerEra } from '../../datasets/rollups.ts'

export type Entitlement = 'unknown' | 'plan' | 'list' | 'plan-and-list'

export interface BlockQuery {
  /** Month index of the day D at which segment, eligibility and adoption are read. */
  month: number
  /** Month index at which the same accounts are looked at again; equal to `month` for Now. */
  endMonth: number
  adoptionMonths: number
  /** The month that bit 0 of era 0 stands for. */
  bitBase: number
  segmentBy: string
  bands: readonly number[]
  /** A second attribute: segments are then pairs, “Enterprise · Europe”. */
  andBy?: string | undefined
  andBands?: readonly number[] | undefined
  entitlement: Entitlement
  /** Whether people defined the adoption of any feature, so that `adopted` must be asked too. */
  hasDefinitions?: boolean
  /** By the latest definitions for all time, instead of each in its own. */
  restated?: boolean
  /** Only this feature, by its number in the warehouse. */
  feature?: number
  /** Ends the names of the block's common tables, so that two blocks stand in one statement. */
  tag?: string
}

export interface Segmenting {
  segmentBy: string
  bands?: readonly number[] | undefined
  andBy?: string | undefined
  andBands?: readonly number[] | undefined
}

/** The second attribute of a question, where it has one that differs from the first. */
export const pairOf = (input: Segmenting): Pick<BlockQuery, 'andBy' | 'andBands'> =>
  input.andBy === undefined || input.andBy === input.segmentBy
    ? {}
    : { andBy: input.andBy, andBands: input.andBands ?? [] }

/** What accounts are grouped by, in words. */
export const segmentingWords = (input: Segmenting): string =>
  [input.segmentBy, pairOf(input).andBy].filter((by) => by !== undefined).join(' and ')

/**
 * The value of an attribute that each account wears at a day, as the table `name`: before the first known value the earliest.
 * @param key SQL of a text
 * @param label what the value is called, as SQL of it; itself where absent
 */
export function wornSql(
  name: string,
  key: string,
  day: string,
  label: (value: string) => string = (text) => text,
): string {
  // An empty text stands for no value, so that a value that was taken away hides an older one.
  const value = "coalesce(value, '')"
  return `
    ${name} as (
      select
        account_id,
        ${label(`
        coalesce(
          ${latestSql(value, 'valid_from', `valid_from <= ${day}`)},
          ${earliestSql(value, 'valid_from')}
        )`)} as value
      from attribute
      where key = ${key}
      group by account_id
    )`
}

/** The accounts of the book at D: each once, with segment, ARR then and at the end, and whether they are measured. */
export function accountsSql(q: BlockQuery): string {
  const day = dayLiteral(monthEnd(q.month))
  const tag = q.tag ?? ''
  const worn = attributesOf(q).map(({ alias, key, bands }) =>
    wornSql(`attr_${alias}${tag}`, textLiteral(key), day, (value) => labelSql(value, bands)),
  )
  const joins = attributesOf(q).map(
    ({ alias }) => `left join attr_${alias}${tag} ${alias} on ${alias}.account_id = r.account_id`,
  )
  const isNow = q.month === q.endMonth
  const end = isNow ? '' : `left join revenue_month e on e.account_id = r.account_id and e.month = ${q.endMonth}`
  return `
    ${worn.map((table) => `${table},`).join('')}
    acc${tag} as materialized (
      select
        r.account_id as account_id,
        ${segmentSql(q)} as segment,
        r.plan_set as plan_set,
        r.arr_cents as arr,
        ${isNow ? 'r.arr_cents' : 'coalesce(e.arr_cents, 0)'} as arr_end,
        case when c.first_event_day <= ${day} then 1 else 0 end as measured
      from revenue_month r
      join customer c on c.account_id = r.account_id
      ${joins.join(' ')}
      ${end}
      where r.month = ${q.month} and r.arr_cents > 0 and c.excluded_reason is null
    )`
}

export const noValue = '(no value)'

/** Between the two values of a pair. */
const pairSeparator = ' · '

export type Segmented = Pick<BlockQuery, 'segmentBy' | 'bands' | 'andBy' | 'andBands'>

/** What is grouped by: ARR, which a row of revenue holds, or an attribute, which a table joined as `alias` holds. */
const groupings = (q: Segmented) => [
  { alias: 't', key: q.segmentBy, bands: q.bands },
  ...(q.andBy === undefined ? [] : [{ alias: 't_and', key: q.andBy, bands: q.andBands ?? [] }]),
]

/** The attributes that are joined to know a segment, by the alias under which `segmentSql` reads them. */
export const attributesOf = (q: Segmented): { alias: string; key: string; bands: readonly number[] }[] =>
  groupings(q).filter(({ key }) => key !== 'arr')

/**
 * The segment of `r`, a row of revenue. Values of attributes are labels already: made once for each value, not for each row.
 * @param valueOf SQL of the label in a joined attribute, or of several of which the first that is there counts
 */
export const segmentSql = (q: Segmented, valueOf: (alias: string) => string = (alias) => `${alias}.value`): string =>
  groupings(q)
    .map(({ alias, key, bands }) =>
      key === 'arr' ? bandSql('r.arr_cents / 100.0', bands) : `coalesce(${valueOf(alias)}, ${textLiteral(noValue)})`,
    )
    .join(` || ${textLiteral(pairSeparator)} || `)

/** What accounts with a value of an attribute are called: by the value, or by the band in which its number lies. */
export const labelSql = (value: string, bands: readonly number[]): string =>
  bands.length === 0
    ? `coalesce(nullif(trim(${value}), ''), ${textLiteral(noValue)})`
    : bandSql(`try_cast(${value} as double)`, bands)

function bandSql(number: string, bands: readonly number[]): string {
  const cuts = [...bands].sort((a, b) => a - b)
  const labels = bandLabels(cuts)
  const cases = cuts.map((cut, i) => `when ${number} < ${cut} then ${textLiteral(labels[i]!)}`).join(' ')
  return `(case when ${number} is null then ${textLiteral(noValue)} ${cases} else ${textLiteral(labels.at(-1)!)} end)`
}

export function bandLabels(cuts: readonly number[]): string[] {
  if (cuts.length === 0) return ['All']
  const text = (n: number) => n.toLocaleString('en-US', { maximumFractionDigits: 2 })
  return [
    `under ${text(cuts[0]!)}`,
    ...cuts.slice(1).map((cut, i) => `${text(cuts[i]!)} to ${text(cut)}`),
    `${text(cuts.at(-1)!)} and over`,
  ]
}

/** Bands from low to high, names by name, and accounts without a value last; of pairs the first value counts before the second. */
export function inSegmentOrder<T extends { segment: string }>(segments: readonly T[], q: Segmented): T[] {
  const first = [...bandLabels([...q.bands].sort((a, b) => a - b)), noValue]
  const second = [...bandLabels([...(q.andBands ?? [])].sort((a, b) => a - b)), noValue]
  const rankIn = (labels: string[], isIt: (label: string) => boolean) =>
    labels.at(-1) !== undefined && isIt(labels.at(-1)!) ? Infinity : Math.max(0, labels.findIndex(isIt))
  const rank = ({ segment }: T): [number, number] =>
    q.andBy === undefined
      ? [rankIn(first, (l) => segment === l), 0]
      : [
          rankIn(first, (l) => segment.startsWith(`${l}${pairSeparator}`)),
          rankIn(second, (l) => segment.endsWith(`${pairSeparator}${l}`)),
        ]
  // Names of the first value stay together: where neither is a band, the text itself puts them in order.
  const compare = (a: number, b: number) => (a === b ? 0 : a - b)
  const head = ({ segment }: T) => segment.slice(0, Math.max(0, segment.indexOf(pairSeparator)))
  return segments
    .map((one) => ({ one, rank: rank(one) }))
    .sort(
      (a, b) =>
        compare(a.rank[0], b.rank[0]) ||
        (head(a.one) < head(b.one) ? -1 : head(a.one) > head(b.one) ? 1 : 0) ||
        compare(a.rank[1], b.rank[1]) ||
        (a.one.segment < b.one.segment ? -1 : 1),
    )
    .map(({ one }) => one)
}

type UsedQuery = Pick<BlockQuery, 'month' | 'adoptionMonths' | 'bitBase' | 'hasDefinitions' | 'restated' | 'feature'>

/**
 * Who has adopted what at the month's end: pairs of account and feature. By the feature's definition in force; where there is
 * none, any use while paying in the months that end with D's.
 */
export function usedSql(q: UsedQuery): string {
  const tests = monthTests(q, q.month - q.adoptionMonths + 1)
  // One era cannot hold a pair twice; across two it can.
  const plain = `
    select ${tests.length > 1 ? 'distinct ' : ''}account_id, feature_id
    from af
    where ${featureTest(q)} and (${tests.join(' or ')})`
  if (!q.hasDefinitions) return plain
  return `
    ${plain} and feature_id not in (${definedSql(q)})
    union all
    select account_id, feature_id
    from adopted
    where ${featureTest(q)} and basis = ${basisOf(q)} and month = ${q.month}`
}

/** Who had adopted at the end of this or any earlier month. */
export function everAdoptedSql(q: UsedQuery): string {
  const plain = `
    select distinct account_id, feature_id
    from af
    where ${featureTest(q)} and ${everTest(q)}`
  if (!q.hasDefinitions) return plain
  return `
    ${plain} and feature_id not in (${definedSql(q)})
    union all
    select distinct account_id, feature_id
    from adopted
    where ${featureTest(q)}
      and basis = ${basisOf(q)}
      and month <= ${q.month}
      and feature_id in (${definedSql(q)})`
}

const featureTest = (q: UsedQuery) => (q.feature === undefined ? 'feature_id > 0' : `feature_id = ${q.feature}`)
const basisOf = (q: UsedQuery) => (q.restated ? 1 : 0)
const definedSql = (q: UsedQuery) => `
  select feature_id
  from definition
  where basis = ${basisOf(q)} and from_month <= ${q.month} and to_month >= ${q.month}`

/** Of `af`: any use while paying in the query's month or before it. */
export function everTest(q: Pick<UsedQuery, 'month' | 'bitBase'>): string {
  const era = Math.floor((q.month - q.bitBase) / monthsPerEra)
  const upTo = (1n << BigInt(q.month - q.bitBase - era * monthsPerEra + 1)) - 1n
  return `(era < ${era} and bits <> 0 or era = ${era} and ${duckdb.sharedBits('bits', upTo)} <> 0)`
}

/** Of `af`: any use while paying in the query's months of adoption. */
export const usedTest = (q: Pick<UsedQuery, 'month' | 'adoptionMonths' | 'bitBase'>): string =>
  `(${monthTests(q, q.month - q.adoptionMonths + 1).join(' or ')})`

/** Any use while paying in the months from `first` to the query's, one test for each era of bits. */
const monthTests = (q: Pick<UsedQuery, 'month' | 'bitBase'>, first: number): string[] =>
  [...bitsOfMonths(q.bitBase, first, q.month)].map(
    ([era, mask]) => `(era = ${era} and ${duckdb.sharedBits('bits', mask)} <> 0)`,
  )

/** The bits of `af` that stand for the months from `first` to `last`, by era. */
export function bitsOfMonths(bitBase: number, first: number, last: number): Map<number, bigint> {
  const masks = new Map<number, bigint>()
  for (let month = first; month <= last; month += 1) {
    const era = Math.floor((month - bitBase) / monthsPerEra)
    masks.set(era, (masks.get(era) ?? 0n) | (1n << BigInt(month - bitBase - era * monthsPerEra)))
  }
  return masks
}

/** What is summed over accounts, for cells and totals alike; at the block's own end nothing has yet been kept or lost. */
const sumColumns = ['n', 'arr_sum', 'not_n', 'not_arr_sum', 'end_sum', 'kept', 'alive'] as const

export function sumsOf(q: BlockQuery): Sums {
  const isNow = q.month === q.endMonth
  const later = (sql: string) => (isNow ? '0' : sql)
  return {
    n: 'sum(measured)',
    arr_sum: 'sum(measured * arr)',
    not_n: 'sum(1 - measured)',
    not_arr_sum: 'sum((1 - measured) * arr)',
    end_sum: later('sum(measured * arr_end)'),
    kept: later('sum(measured * case when arr_end < arr then arr_end else arr end)'),
    alive: later('sum(case when measured = 1 and arr_end > 0 then 1 else 0 end)'),
  } satisfies Record<(typeof sumColumns)[number], string>
}

/** SQL of sums over accounts, by the names that they are given. */
export type Sums = Readonly<Record<string, string>>
export const namedSums = (sums: Sums): string =>
  Object.entries(sums)
    .map(([name, sql]) => `${sql} as ${name}`)
    .join(', ')

/**
 * All blocks in one statement, told apart by their tag: a row for each segment × feature with at least one eligible account
 * (counts and ARR of eligible, adopters and not measured), and one without a feature for each segment's accounts, each once.
 */
export function questionSql(blocks: readonly (BlockQuery & { tag: string })[]): string {
  const { tables, rows } = questionParts(blocks)
  return `with ${tables}
  ${rows}`
}

/** The same in two: the tables, among them `acc` with each block's tag, and what is selected of them. */
export function questionParts(blocks: readonly (BlockQuery & { tag: string })[]): { tables: string; rows: string } {
  const parts = blocks.map((q) => blockSql(q))
  return {
    tables: parts.map((part) => part.tables).join(',\n  '),
    rows: parts.map((part) => part.rows).join('\n  union all '),
  }
}

function blockSql(q: BlockQuery & { tag: string }): { tables: string; rows: string } {
  const day = dayLiteral(monthEnd(q.month))
  const tag = q.tag
  const { pairs, eligible, adopterJoin } = entitledSql(q, day, sumsOf(q))
  const shown = (from: string, prefix: string) =>
    sumColumns.map((c) => `coalesce(${from}.${c}, 0) as ${prefix}${c}`).join(', ')
  const tables = `
    ${accountsSql(q)},
    used${tag} as (${usedSql(q)}),
    ${pairs}
    eligible${tag} as (${eligible}),
    adopters${tag} as (
      select acc.segment as segment, used.feature_id as feature_id, ${namedSums(sumsOf(q))}
      from used${tag} used
      join acc${tag} acc on acc.account_id = used.account_id
      ${adopterJoin}
      group by acc.segment, used.feature_id
    )`
  const rows = `
    select
      ${textLiteral(tag)} as block,
      e.segment as segment,
      f.feature_id as feature_id,
      f.name as feature,
      e.n + e.not_n as accounts,
      e.arr_sum + e.not_arr_sum as book_sum,
      ${shown('e', '')},
      ${shown('a', 'adopter_')}
    from eligible${tag} e
    join feature f on f.feature_id = e.feature_id
    left join adopters${tag} a on a.segment = e.segment and a.feature_id = e.feature_id
    where (f.released_on is null or f.released_on <= ${day}) and e.n > 0
    union all
    select
      ${textLiteral(tag)},
      segment, null, null,
      count(*),
      sum(arr),
      ${totals},
      ${sumColumns.map(() => '0').join(', ')}
    from acc${tag}
    group by segment`
  return { tables, rows }
}

/** A segment's retention is that of all its accounts, measured or not. */
const totals = `sum(measured), sum(measured * arr), sum(1 - measured), sum((1 - measured) * arr),
    sum(arr_end), sum(case when arr_end < arr then arr_end else arr end), sum(case when arr_end > 0 then 1 else 0 end)`

/**
 * The eligible of each segment and feature, the join that keeps of `used` what its account is entitled to, and a statement of all
 * accounts of `acc` that are entitled to any feature that passes a test on `f`.
 * @param of sums over `acc`, for the eligible
 */
export function entitledSql(
  q: BlockQuery & { tag: string },
  day: string,
  of: Sums,
): { pairs: string; eligible: string; adopterJoin: string; toAny: (test: string) => string } {
  const { tag } = q
  const sums = namedSums(of)
  const add = Object.keys(of)
    .map((name) => `sum(g.${name}) as ${name}`)
    .join(', ')
  const toAnyBy = (table: string, column: string) => (test: string) =>
    `
    select *
    from acc${tag}
    where ${column} in (select m.${column} from ${table}${tag} m join feature f on f.feature_id = m.feature_id where ${test})`
  const only = (column: string) => (q.feature === undefined ? '' : `${column} = ${q.feature} and `)
  const bySet = `
    ent_set${tag} as (
      select distinct s.plan_set as plan_set, e.feature_id as feature_id
      from plan_set s
      join entitled_plan e on e.plan = s.plan
      where ${only('e.feature_id')}e.from_day <= ${day} and ${day} < e.to_day
    ),`
  const byList = `
    select distinct account_id, feature_id
    from entitled_account
    where ${only('feature_id')}from_day <= ${day} and ${day} < to_day`
  const byPair = {
    eligible: `
      select acc.segment as segment, pair.feature_id as feature_id, ${sums}
      from pair${tag} pair
      join acc${tag} acc on acc.account_id = pair.account_id
      group by acc.segment, pair.feature_id`,
    adopterJoin: `join pair${tag} pair on pair.account_id = used.account_id and pair.feature_id = used.feature_id`,
    toAny: toAnyBy('pair', 'account_id'),
  }
  switch (q.entitlement) {
    case 'unknown':
      return {
        pairs: '',
        adopterJoin: '',
        toAny: (test) => `select * from acc${tag} where exists (select 1 from feature f where ${test})`,
        eligible: `
          select g.*, f.feature_id as feature_id
          from (select segment, ${sums} from acc${tag} group by segment) g
          cross join feature f${q.feature === undefined ? '' : ` where f.feature_id = ${q.feature}`}`,
      }
    case 'plan':
      return {
        pairs: bySet,
        adopterJoin: `
          join ent_set${tag} ent_set
            on ent_set.plan_set = acc.plan_set and ent_set.feature_id = used.feature_id`,
        toAny: toAnyBy('ent_set', 'plan_set'),
        eligible: `
          select g.segment as segment, s.feature_id as feature_id, ${add}
          from (select segment, plan_set, ${sums} from acc${tag} group by segment, plan_set) g
          join ent_set${tag} s on s.plan_set = g.plan_set
          group by g.segment, s.feature_id`,
      }
    case 'list':
      return { pairs: `pair${tag} as (${byList}),`, ...byPair }
    case 'plan-and-list':
      return {
        pairs: `
          ${bySet}
          pair${tag} as (
            select acc.account_id as account_id, ent_set.feature_id as feature_id
            from acc${tag} acc
            join ent_set${tag} ent_set on ent_set.plan_set = acc.plan_set
            union
            ${byList}
          ),`,
        ...byPair,
      }
  }
}
