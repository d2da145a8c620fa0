/** Which account each id of each system is: the crosswalk's decisions, the accounts file's aliases and equal ids, in that order. */
import type { Connection } from '../../platform/warehouse/warehouses.ts'
import { excludedSql } from './derive-customers.ts'
import { onDirtyDays } from './mirror.ts'

/** Adds the ids that base tables name and `ref` does not know yet. Event ids are read from the dirty days only. */
export async function deriveRefs(con: Connection): Promise<void> {
  await con.run(`
    insert into ref
    select
      (select coalesce(max(ref_id), 0) from ref) + row_number() over (order by ref_kind, source, ext_id),
      ref_kind, source, ext_id
    from (
      select 'account' as ref_kind, source, ext_id from account
      union select 'account', source, account_ref from subscription
      union select 'account', source, account_ref from mrr_snapshot
      union select 'account', source, account_ref from app_user
      union select 'account', source, account_ref from entitlement where account_ref is not null
      union
      select o.ref_kind, o.source, e.ref
      from (select distinct origin_id, ref from event where ${await onDirtyDays(con)}) e
      join origin o using (origin_id)
    ) seen
    where ref_kind is not null
      and ext_id is not null
      and not exists (
        select 1
        from ref r
        where r.ref_kind = seen.ref_kind and r.source = seen.source and r.ext_id = seen.ext_id
      )`)
}

/**
 * Rebuilds `link` and marks the days dirty on which ids were used that now mean another account.
 * @returns how many ids changed their account, and how many of them the book of revenue names
 */
export async function deriveLinks(con: Connection): Promise<{ ids: number; paying: number }> {
  await con.run(`
    create or replace temp table account_of as
    with setting_now as (select primary_source, revenue_source, revenue_dataset from setting limit 1),
    book as (
      select a.ext_id, r.ref_id
      from account a
      join ref r on r.ref_kind = 'account' and r.source = a.source and r.ext_id = a.ext_id
      where a.source = (select primary_source from setting_now)
    ),
    alias as (
      select al.alias_source, al.alias_id, min(b.ref_id) as ref_id
      from account_alias al
      join book b on b.ext_id = al.ext_id
      where al.source = (select primary_source from setting_now)
      group by 1, 2
      having count(distinct b.ref_id) = 1
    ),
    paying as (
      select distinct s.source, s.account_ref
      from subscription s, setting_now n
      where n.revenue_dataset = 'subscriptions' and s.source = n.revenue_source
      union
      select distinct m.source, m.account_ref
      from mrr_snapshot m, setting_now n
      where n.revenue_dataset = 'mrr' and m.source = n.revenue_source
    )
    select
      r.ref_id, r.source, r.ext_id,
      case
        when c.ext_id is not null then cb.ref_id
        when own.ref_id is not null then own.ref_id
        when alias.ref_id is not null then alias.ref_id
        when equal.ref_id is not null then equal.ref_id
        when p.account_ref is not null then r.ref_id
      end as account_id,
      case
        when c.ext_id is not null then 'person'
        when own.ref_id is not null then 'own'
        when alias.ref_id is not null then 'alias'
        when equal.ref_id is not null then 'id'
        when p.account_ref is not null then 'revenue'
      end as method
    from ref r
    left join crosswalk c on c.source = r.source and c.ext_id = r.ext_id
    left join book cb on cb.ext_id = c.account_ext_id
    left join book own on own.ref_id = r.ref_id
    left join alias on alias.alias_source = r.source and alias.alias_id = r.ext_id
    left join book equal on equal.ext_id = r.ext_id
    left join paying p on p.source = r.source and p.account_ref = r.ext_id
    where r.ref_kind = 'account'`)
  await con.run(`
    create or replace temp table new_link as
    with plain as (
      select ref_id, account_id, method from account_of
      union all
      select r.ref_id, a.account_id, a.method
      from ref r
      join (select source, ext_id, min(account_ref) as account_ref from app_user group by 1, 2) u
        on u.source = r.source and u.ext_id = r.ext_id
      join account_of a on a.source = u.source and a.ext_id = u.account_ref
      where r.ref_kind = 'user'
      union all
      select r.ref_id, min(a.account_id), min(a.method)
      from ref r
      join subscription s on s.ext_id = r.ext_id
      join account_of a on a.source = s.source and a.ext_id = s.account_ref
      where r.ref_kind = 'subscription'
      group by r.ref_id
      having count(distinct a.account_id) = 1
    )
    select r.ref_id, p.account_id, p.method
    from ref r
    left join plain p using (ref_id)`)
  await rollUpToParents(con)
  await con.run(`
    create or replace temp table moved_ref as
    select n.ref_id
    from new_link n
    left join link l using (ref_id)
    where l.ref_id is null or l.account_id is distinct from n.account_id`)
  const moved = await con.one<{ n: number; paying: number }>(
    `
      select
        count(*) as n,
        count(*) filter (
          r.ref_kind = 'account' and r.source = (select revenue_source from setting limit 1)
        ) as paying
      from moved_ref
      join ref r using (ref_id)`,
  )
  if (moved && moved.n > 0) {
    await con.run(`insert into dirty_day select distinct cast(e.event_time as date) from event e
      join event_ref r on r.origin_id = e.origin_id and r.ref = e.ref join moved_ref using (ref_id)
      where e.event_time is not null`)
    await con.run('delete from link')
    await con.run('insert into link select ref_id, account_id, method from new_link')
  }
  return { ids: moved?.n ?? 0, paying: moved?.paying ?? 0 }
}

/** Accounts of the book with the parent that their file names; one that names itself has none, and one kept out by a rule neither has one nor is one. */
const parentsSql = `
  select r.ref_id as account_id, p.ref_id as parent_id
  from account a
  join ref r on r.ref_kind = 'account' and r.source = a.source and r.ext_id = a.ext_id
  join ref p on p.ref_kind = 'account' and p.source = a.source and p.ext_id = a.parent_ext_id and p.ref_id <> r.ref_id
  where a.source = (select primary_source from setting limit 1)
    and r.ref_id not in (select account_id from kept_out)
    and p.ref_id not in (select account_id from kept_out)`

/** With the setting on, an account's rows count for its topmost parent; a circle of parents is left as it is. */
async function rollUpToParents(con: Connection): Promise<void> {
  const setting = await con.one<{ up: boolean | null }>('select roll_up_to_parent as up from setting limit 1')
  if (!setting?.up) return
  await con.run(`
    create or replace temp table kept_out as
    with book as (
      select r.ref_id as account_id, a.ext_id, a.name, a.domain, a.owner
      from account a
      join ref r on r.ref_kind = 'account' and r.source = a.source and r.ext_id = a.ext_id
      where a.source = (select primary_source from setting limit 1)
    )
    ${excludedSql('book')}`)
  await con.run(`
    create or replace temp table topmost as
    with recursive parent as (${parentsSql}),
    climb as (
      select account_id, parent_id, 1 as depth from parent
      union all
      select c.account_id, p.parent_id, c.depth + 1
      from climb c
      join parent p on p.account_id = c.parent_id
      where c.depth < 20
    )
    select account_id, arg_max(parent_id, depth) as top_id
    from climb
    group by account_id
    having max(depth) < 20`)
  await con.run('update new_link set account_id = t.top_id from topmost t where t.account_id = new_link.account_id')
}
