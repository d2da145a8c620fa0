/** What the warehouse knows of accounts: the book, and the ids that none of its accounts bears. */
import type { Connection } from '../../platform/warehouse/warehouses.ts'
import type { BookAccount } from './rules.ts'

export interface UnmatchedRef {
  source: string
  extId: string
  name: string | null
  domain: string | null
  arr: number
  events: number
  lastEventDay: string | null
}

export const readBook = (con: Connection): Promise<BookAccount[]> =>
  con.all<BookAccount>(
    `
      select ext_id as "extId", name, domain
      from account
      where source = (select primary_source from setting limit 1)
      order by ext_id`,
  )

/** Account ids outside the book, the ones with most ARR and usage first. Usage of their users counts for them. */
export async function readUnmatched(con: Connection): Promise<UnmatchedRef[]> {
  return con.all<UnmatchedRef>(`
    with stranger as (
      select r.ref_id, r.source, r.ext_id
      from ref r
      join link l using (ref_id)
      where r.ref_kind = 'account'
        and (l.account_id is null or l.method = 'revenue')
        and r.source <> coalesce((select primary_source from setting limit 1), '')
    ),
    name_of as (select source, ext_id, name, domain from account),
    spoken as (
      select s.ref_id, 'account' as ref_kind, s.source, s.ext_id as ref from stranger s
      union all
      select s.ref_id, 'user', u.source, u.ext_id
      from stranger s
      join app_user u on u.source = s.source and u.account_ref = s.ext_id
      union all
      select s.ref_id, 'subscription', b.source, b.ext_id
      from stranger s
      join subscription b on b.source = s.source and b.account_ref = s.ext_id
    ),
    used as (
      select p.ref_id, sum(e.n)::bigint as events, max(cast(e.event_time as date)) as last_day
      from named_event e
      join spoken p on p.ref_kind = e.ref_kind and p.source = e.source and p.ref = e.ref
      group by 1
    ),
    latest as (select max(month) as month from revenue_month)
    select
      s.source,
      s.ext_id as "extId",
      n.name, n.domain,
      coalesce(r.arr_cents, 0) / 100.0 as arr,
      coalesce(u.events, 0) as events,
      u.last_day as "lastEventDay"
    from stranger s
    left join name_of n on n.source = s.source and n.ext_id = s.ext_id
    left join used u using (ref_id)
    left join revenue_month r on r.account_id = s.ref_id and r.month = (select month from latest)
    order by arr desc, events desc, s.source, s.ext_id`)
}

/** Usage of users and subscriptions that no file ties to an account. */
export async function readHomeless(con: Connection): Promise<{ users: number; subscriptions: number; events: number }> {
  const row = await con.one<{ users: number; subscriptions: number; events: number }>(`
    with lost as (
      select r.ref_kind, r.source, r.ext_id
      from ref r
      join link l using (ref_id)
      where r.ref_kind <> 'account'
        and l.account_id is null
        and not exists (
          select 1
          from app_user u
          where r.ref_kind = 'user' and u.source = r.source and u.ext_id = r.ext_id
        )
        and not exists (
          select 1
          from subscription b
          where r.ref_kind = 'subscription' and b.ext_id = r.ext_id
        )
    )
    select
      (select count(*) from lost where ref_kind = 'user') as users,
      (select count(*) from lost where ref_kind = 'subscription') as subscriptions,
      (
        select coalesce(sum(e.n), 0)
        from named_event e
        join lost x on x.ref_kind = e.ref_kind and x.source = e.source and x.ext_id = e.ref
      )::bigint as events`)
  return row!
}

export const searchBook = (
  con: Connection,
  text: string,
): Promise<{ accountExtId: string; name: string | null; domain: string | null }[]> =>
  con.all(
    `
      select ext_id as "accountExtId", name, domain
      from account
      where source = (select primary_source from setting limit 1)
        and (
          contains(lower(coalesce(name, '')), $1)
          or contains(lower(coalesce(domain, '')), $1)
          or starts_with(lower(ext_id), $1)
        )
      order by name
      limit 20`,
    [text.toLowerCase()],
  )

/** Accounts of the book by their ids, as search tells them. */
export async function titlesOf(
  con: Connection,
  ids: readonly string[],
): Promise<{ accountExtId: string; name: string | null; domain: string | null }[]> {
  if (ids.length === 0) return []
  return con.all(
    `
      select ext_id as "accountExtId", name, domain
      from account
      where source = (select primary_source from setting limit 1)
        and ext_id in (${ids.map((_, i) => `$${i + 1}`).join(', ')})
      order by name`,
    [...ids],
  )
}

export async function readSources(
  con: Connection,
): Promise<{ accounts: string[]; books: string[]; primary: string | null; book: string | null }> {
  const accounts = await con.all<{ source: string }>(
    'select source from account group by source order by min(batch_id), source',
  )
  const books = await con.all<{ book: string }>(
    `
      select 'subscriptions:' || source as book from subscription group by source
      union all select 'mrr:' || source from mrr_snapshot group by source
      order by 1`,
  )
  const used = await con.one<{ primary_source: string | null; book: string | null }>(
    `select primary_source, revenue_dataset || ':' || revenue_source as book from setting limit 1`,
  )
  return {
    accounts: accounts.map((a) => a.source),
    books: books.map((b) => b.book),
    primary: used?.primary_source ?? null,
    book: used?.book ?? null,
  }
}

/** How the accounts file speaks of parents: accounts that name another, those whose parent is not in the file, those in or below a circle. */
export async function readParents(con: Connection): Promise<{ named: number; unknown: number; circular: number }> {
  const row = await con.one<{ named: number; unknown: number; circular: number }>(`
    with recursive book as (
      select ext_id, parent_ext_id as parent
      from account
      where source = (select primary_source from setting limit 1)
    ),
    climb as (
      select ext_id, parent, 1 as depth from book where parent is not null and parent <> ext_id
      union all
      select c.ext_id, b.parent, c.depth + 1
      from climb c
      join book b on b.ext_id = c.parent
      where b.parent is not null and b.parent <> b.ext_id and c.depth < 20
    )
    select
      count(*) filter (depth = 1) as named,
      count(*) filter (depth = 1 and parent not in (select ext_id from book)) as unknown,
      count(*) filter (depth = 20) as circular
    from climb`)
  return row!
}

/** Names for the account ids of decisions. */
export async function namesOf(con: Connection): Promise<Map<string, string | null>> {
  return new Map((await readBook(con)).map((a) => [a.extId, a.name]))
}

const tests: Record<Excluding['operator'], string> = {
  is: 'lower(v.value) = lower(x.value)',
  contains: 'contains(lower(v.value), lower(x.value))',
  'ends-with': 'ends_with(lower(v.value), lower(x.value))',
}
interface Excluding {
  field: string
  operator: 'is' | 'contains' | 'ends-with'
  value: string
}

/** How many accounts each of the rules would take out by itself, whether or not it is in force; also those that count for their parents till now. */
export async function countExcluded(con: Connection, rules: readonly Excluding[]): Promise<number[]> {
  const found = await con.all<{ nth: number; n: number }>(
    `
      with rule as (
        select c[1]::integer as nth, c[2] as field, c[3] as operator, c[4] as value
        from (select unnest(from_json($1, '[["VARCHAR"]]')) as c)
      ),
      book as (
        select account_id, ext_id, name, domain, owner from customer
        union
        select r.ref_id, a.ext_id, a.name, a.domain, a.owner
        from account a
        join ref r on r.ref_kind = 'account' and r.source = a.source and r.ext_id = a.ext_id
        where a.source = (select primary_source from setting limit 1)
      )
      select x.nth, count(distinct v.account_id) as n
      from rule x
      join (
        select account_id, 'id' as field, ext_id as value from book
        union all select account_id, 'name', name from book
        union all select account_id, 'domain', domain from book
        union all select account_id, 'owner', owner from book
        union all select account_id, key, arg_max(value, valid_from) from attribute group by 1, 2
      ) v on v.field = x.field
      where v.value is not null and x.value <> '' and (${Object.entries(tests)
        .map(([operator, test]) => `(x.operator = '${operator}' and ${test})`)
        .join(' or ')})
      group by 1`,
    [JSON.stringify(rules.map((rule, nth) => [String(nth), rule.field, rule.operator, rule.value]))],
  )
  const counts = new Map(found.map(({ nth, n }) => [nth, n]))
  return rules.map((_, nth) => counts.get(nth) ?? 0)
}

/**
 * Whether a text names an account, by its name or its id, as words of their own; shorter names than three letters are found everywhere.
 * @param byNumbers false where the text holds numbers of other things, which would look like ids
 */
export async function isAccountNamed(con: Connection, text: string, { byNumbers = true } = {}): Promise<boolean> {
  const words = ` ${text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()} `
  const row = await con.one<{ found: boolean }>(
    `
      with likely as materialized (
        select lower(v.value) as value
        from (select name as value from account union all select ext_id from account) v
        -- Of many names few begin like a word of the text, and only those are worth taking apart.
        where contains($1::text, ' ' || regexp_extract(left(lower(v.value), 12), '^[a-z0-9]*'))
      ),
      known as (select trim(regexp_replace(value, '[^\\p{L}\\p{N}]+', ' ', 'g')) as value from likely)
      select exists (
        select 1
        from known
        where
          length(value) >= 3
          and ($2 or not regexp_full_match(value, '[0-9 ]+'))
          and contains($1::text, ' ' || value || ' ')
      ) as found`,
    [words, byNumbers],
  )
  return row!.found
}
