/** The company of the measurements, drawn inside DuckDB: two years of usage, skewed over accounts and features, the same at every run. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api'
import type { Mapping } from '../src/insights/datasets/schemas.ts'
import { monthIndex, monthText } from '../src/platform/calendar/month.ts'

export interface Size {
  events: number
  accounts: number
}
export interface UsageFile {
  path: string
  rows: number
  day: string
}

export const firstMonth = monthIndex('2024-01')
export const months = 24
export const lastMonth = monthText(firstMonth + months - 1)
export const today = '2026-01-15'

const nouns = [
  'dashboard',
  'report',
  'collaboration',
  'automation',
  'search',
  'alert',
  'export',
  'import',
  'workflow',
  'template',
  'comment',
  'calendar',
  'task',
  'board',
  'form',
  'survey',
  'segment',
  'campaign',
  'forecast',
  'budget',
  'invoice',
  'contract',
  'approval',
  'audit',
  'role',
  'integration',
  'webhook',
  'api',
  'mobile',
  'offline',
  'whiteboard',
  'timeline',
  'goal',
  'scorecard',
  'benchmark',
  'assistant',
  'summary',
  'translation',
  'vault',
  'sandbox',
]
const verbs = ['opened', 'created', 'edited', 'shared', 'deleted', 'filtered', 'finished']
const traffic = [
  'page.viewed',
  'session.started',
  'session.ended',
  'login.done',
  'login.failed',
  'help.opened',
  'banner.seen',
  'tour.skipped',
  'menu.opened',
  'error.shown',
  'profile.saved',
  'avatar.changed',
  'password.changed',
  'notice.closed',
  'tab.focused',
  'tab.hidden',
  'locale.changed',
  'theme.changed',
  'link.followed',
  'heartbeat.sent',
]
/** 40 features of 7 names each, and 20 names of general traffic that no feature claims. */
export const eventNames = [...nouns.flatMap((noun) => verbs.map((verb) => `${noun}.${verb}`)), ...traffic]

const title = (word: string) => word.charAt(0).toUpperCase() + word.slice(1)
export const features = nouns.map((noun, i) => ({
  name: title(noun),
  area: ['Insight', 'Teamwork', 'Platform', 'Growth'][i % 4]!,
  isCore: i < 8,
  releasedOn: i % 10 === 9 ? '2025-03-01' : i % 10 === 5 ? '2024-06-15' : null,
  rules: [{ kind: 'prefix' as const, value: `${noun}.` }],
}))

const plans = ['starter', 'growth', 'scale']
/** Starter has the first half of the features, growth three quarters, scale all. */
const featuresOf = (plan: number) => nouns.slice(0, [20, 30, 40][plan])

export const mappings = {
  accounts: {
    dataset: 'accounts',
    source: 'crm',
    file: {},
    fields: {
      id: { column: 'id' },
      name: { column: 'name' },
      domain: { column: 'domain' },
      owner: { column: 'owner' },
      ownerEmail: { column: 'owner_email' },
      renewalDate: { column: 'renewal' },
      validFrom: { column: 'since' },
    },
  },
  subscriptions: {
    dataset: 'subscriptions',
    source: 'billing',
    file: {},
    amountIs: 'mrr',
    fields: {
      id: { column: 'id' },
      account: { column: 'account' },
      start: { column: 'start' },
      end: { column: 'end' },
      amount: { column: 'mrr' },
      plan: { column: 'plan' },
    },
  },
  byPlan: {
    dataset: 'entitlements',
    source: 'billing',
    file: {},
    fields: { plan: { column: 'plan' }, feature: { column: 'feature' } },
  },
  byAccount: {
    dataset: 'entitlements',
    source: 'crm',
    file: {},
    fields: { account: { column: 'account' }, feature: { column: 'feature' } },
  },
  usage: {
    dataset: 'usage',
    source: 'crm',
    file: {},
    fields: {
      time: { column: 'time' },
      account: { column: 'account' },
      user: { column: 'user' },
      event: { column: 'event' },
    },
  },
} satisfies Record<string, Mapping>

/** A number from 0 up to 1, drawn from the row by a hash, so that every run and every thread draws the same. */
const draw = (of: string, salt: number) => `((hash(${of}, ${salt}) & 16777215) / 16777216.0)`

export interface Generator {
  con: DuckDBConnection
  folder: string
  size: Size
  close: () => void
}

export async function openGenerator(folder: string, size: Size): Promise<Generator> {
  await mkdir(folder, { recursive: true })
  const instance = await DuckDBInstance.create(':memory:', { memory_limit: '1GB', threads: '2' })
  const con = await instance.connect()
  await con.run(`create table company as
    select i::integer as i, 'A' || lpad(i::text, 6, '0') as id, case when ${draw('i', 1)} < 0.1 then 'Enterprise' when ${draw('i', 1)} < 0.4 then 'Mid-market' else 'SMB' end as segment,
      ['North', 'South', 'East', 'West'][1 + (hash(i, 2) % 4)::integer] as region
    from range(${size.accounts}) r(i)`)
  await con.run(
    `create table event_name as select i::integer as i, name from (select unnest([${eventNames.map((n) => `'${n}'`).join(', ')}]) as name, unnest(range(${eventNames.length})) as i)`,
  )
  return {
    con,
    folder,
    size,
    close: () => {
      con.closeSync()
      instance.closeSync()
    },
  }
}

export interface CompanyFiles {
  accounts: string
  subscriptions: string
  byPlan: string
  byAccount: string
}

export async function writeBook({ con, folder }: Generator): Promise<CompanyFiles> {
  const write = async (name: string, select: string) => {
    const path = join(folder, `${name}.csv`)
    await con.run(`copy (${select}) to '${path}' (format csv, header)`)
    return path
  }
  await con.run(`create table subscription as
    select 'S' || i || '-' || n as id, id as account, start, case when ends then (start + to_days((200 + hash(i * 4 + n, 12) % 900)::integer))::date end as "end",
      round(case segment when 'Enterprise' then 4000 when 'Mid-market' then 900 else 120 end * (0.5 + 1.5 * ${draw('i * 4 + n', 13)}), 2) as mrr, plan
    from (select c.*, n, (date '2022-06-01' + to_days((hash(i * 4 + n, 10) % 900 + n * 200)::integer))::date as start, ${draw('i * 4 + n', 11)} < 0.3 as ends,
        ['${plans.join("', '")}'][case segment when 'Enterprise' then 3 when 'Mid-market' then 2 else 1 end] as plan
      from company c, range(2) r(n) where n = 0 or ${draw('i', 14)} < 0.25)`)
  return {
    accounts: await write(
      'accounts',
      `select id, 'Company ' || i as name, 'company-' || i || '.example' as domain, 'Owner ' || (i % 25) as owner, 'owner.' || (i % 25) || '@example.com' as owner_email,
      (date '2026-01-01' + to_days((hash(i, 20) % 365)::integer))::date as renewal, date '2022-06-01' as since, segment, region from company order by i`,
    ),
    subscriptions: await write('subscriptions', 'select * from subscription order by id'),
    byPlan: await write(
      'entitlements-by-plan',
      plans
        .flatMap((plan, i) => featuresOf(i).map((noun) => `select '${plan}' as plan, '${title(noun)}' as feature`))
        .join(' union all '),
    ),
    byAccount: await write(
      'entitlements-by-account',
      `select c.id as account, f.feature from company c,
      (${plans.flatMap((_, i) => featuresOf(i).map((noun) => `select ${i + 1} as plan, '${title(noun)}' as feature`)).join(' union all ')}) f
      where f.plan = case c.segment when 'Enterprise' then 3 when 'Mid-market' then 2 else 1 end order by 1, 2`,
    ),
  }
}

/** Each account knows a handful of the features; popular ones are known by many. Events from `first` for `days` days in the order of time; a twentieth of the accounts is not measured at all. */
export function eventsSql(
  { size }: Generator,
  part: { seed: number; first: string; days: number; month: number; rows: number; withId?: boolean },
): string {
  const { seed, first, days, month, rows } = part
  const slots = '(6 + hash(account, 3) % 18)'
  const users = '(3 + hash(account, 4) % 40)'
  const mapped = nouns.length * verbs.length
  return `select time, 'A' || lpad(account::text, 6, '0') as account, 'A' || lpad(account::text, 6, '0') || '-u' || who as "user", n.name as event${part.withId ? `, 'e${seed}-' || i as event_id` : ''} from (
      select i, time, account, who, case when since > ${month} or name_draw % 8 = 0 then ${mapped} + (name_draw >> 8) % ${traffic.length} else feature * ${verbs.length} + (name_draw >> 8) % ${verbs.length} end::integer as name_index from (
        select i, time, account, user_draw % ${users} as who, name_draw, floor(${nouns.length} * power(${draw('account * 64 + slot', 5)}, 1.4))::integer as feature, floor(24 * power(${draw('account * 64 + slot', 6)}, 4))::integer as since from (
          select *, floor(${slots} * power(slot_draw, 1.5))::integer as slot from (
            select i, timestamp '${first}' + to_seconds(floor(i * ${(days * 86_400) / rows})::bigint) as time, floor(${size.accounts * 0.95} * power(${draw('i', seed * 8 + 1)}, 2))::integer as account,
              ${draw('i', seed * 8 + 2)} as slot_draw, hash(i, ${seed * 8 + 3}) as user_draw, hash(i, ${seed * 8 + 4}) as name_draw from range(${rows}) r(i)))))
    join event_name n on n.i = name_index`
}

const daysIn = (index: number) => new Date(Date.UTC(Math.floor(index / 12), (index % 12) + 1, 0)).getUTCDate()

/** One file per month; usage grows by half over the two years. */
export async function writeUsage(generator: Generator, format: 'parquet' | 'csv'): Promise<UsageFile[]> {
  const weights = Array.from({ length: months }, (_, m) => 1 + m / (2 * months))
  const total = weights.reduce((sum, w) => sum + w, 0)
  const files: UsageFile[] = []
  let left = generator.size.events
  for (let m = 0; m < months; m += 1) {
    const rows = m === months - 1 ? left : Math.round((generator.size.events * weights[m]!) / total)
    left -= rows
    const day = `${monthText(firstMonth + m)}-01`
    files.push(
      await writeEvents(generator, {
        name: `usage-${monthText(firstMonth + m)}`,
        format,
        seed: m + 1,
        first: day,
        days: daysIn(firstMonth + m),
        month: m,
        rows,
      }),
    )
  }
  return files
}

export async function writeEvents(
  generator: Generator,
  part: {
    name: string
    format: 'parquet' | 'csv'
    seed: number
    first: string
    days: number
    month: number
    rows: number
    withId?: boolean
  },
): Promise<UsageFile> {
  const path = join(generator.folder, `${part.name}.${part.format}`)
  await generator.con.run(
    `copy (${eventsSql(generator, part)}) to '${path}' (${part.format === 'csv' ? 'format csv, header' : 'format parquet, compression zstd'})`,
  )
  return { path, rows: part.rows, day: part.first }
}
