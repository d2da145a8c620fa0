/** The accounts as pages name them, with owner, renewal, exclusion and first use; their attributes over time; what they are entitled to. */
import type { Connection } from '../../platform/warehouse/warehouses.ts'

/** Rebuilds `attribute`. Without a mapped date a value holds from its import on; before the first one the earliest known value is used by the reader. */
export async function deriveAttributes(con: Connection): Promise<void> {
  await con.run('delete from attribute')
  await con.run(`
    insert into attribute
    select r.ref_id, t.key, t.value, coalesce(t.valid_from, t.imported_on)
    from account_attribute t
    join ref r on r.ref_kind = 'account' and r.source = t.source and r.ext_id = t.ext_id
    where t.source = (select primary_source from setting limit 1)
    qualify row_number() over (
      partition by r.ref_id, t.key, coalesce(t.valid_from, t.imported_on) order by t.batch_id desc
    ) = 1
    order by 2, 1, 4`)
}

/**
 * Rebuilds `customer`: accounts of the accounts file and accounts known by their revenue only, side by side. An account that
 * others of its family count for renews with the next of them, where its own date is not known.
 * @param today the day from which on a renewal is to come
 */
export async function deriveCustomers(con: Connection, today: string): Promise<void> {
  await con.run('delete from customer')
  await con.run(
    `insert into customer
    with usage as (select account_id, min(first_day) as first_day, max(last_day) as last_day from r_month group by 1),
    running_end as (select account_id, min(to_day) filter (to_day <> date '9999-12-31') as to_day from (
      select account_id, max(to_day) as to_day from paid_interval group by account_id) group by 1),
    family as (
      select l.account_id, coalesce(min(a.renewal_date) filter (a.renewal_date >= $1::date), max(a.renewal_date)) as renewal_date
      from account a
      join ref r on r.ref_kind = 'account' and r.source = a.source and r.ext_id = a.ext_id
      join link l on l.ref_id = r.ref_id and l.account_id <> l.ref_id
      where a.renewal_date is not null
      group by 1)
    select i.account_id, r.source, r.ext_id, a.name, a.domain, p.ref_id, a.owner, a.owner_email,
      coalesce(a.renewal_date, f.renewal_date, e.to_day), a.ext_id is not null, null, u.first_day, u.last_day
    from (select distinct account_id from link where account_id is not null) i
    join ref r on r.ref_id = i.account_id
    left join account a on a.source = r.source and a.ext_id = r.ext_id
    left join ref p on p.ref_kind = 'account' and p.source = a.source and p.ext_id = a.parent_ext_id and p.ref_id <> r.ref_id
    left join family f on f.account_id = i.account_id
    left join usage u on u.account_id = i.account_id
    left join running_end e on e.account_id = i.account_id
    order by 1`,
    [today],
  )
  await con.run(`update customer set excluded_reason = hit.reason from (${excludedSql('customer')}) hit
    where hit.account_id = customer.account_id`)
}

const testOf: Record<string, string> = {
  is: 'lower(v.value) = lower(x.value)',
  contains: 'contains(lower(v.value), lower(x.value))',
  'ends-with': 'ends_with(lower(v.value), lower(x.value))',
}

/**
 * The accounts that a rule keeps out, with the reason. A rule names a field of the account (id, name, domain, owner) or an
 * attribute, as it is known last.
 * @param accounts relation of account_id, ext_id, name, domain, owner
 */
export function excludedSql(accounts: string): string {
  const matches = Object.entries(testOf)
    .map(([operator, test]) => `(x.operator = '${operator}' and ${test})`)
    .join(' or ')
  return `
    select v.account_id, min(x.reason) as reason
    from exclusion x
    join (
      select account_id, 'id' as field, ext_id as value from ${accounts}
      union all select account_id, 'name', name from ${accounts}
      union all select account_id, 'domain', domain from ${accounts}
      union all select account_id, 'owner', owner from ${accounts}
      union all select account_id, key, arg_max(value, valid_from) from attribute group by 1, 2
    ) v on v.field = x.field
    where v.value is not null and x.value <> '' and (${matches})
    group by 1`
}

/** Rebuilds the entitlements by plan and by account, in our feature ids; a feature is named as people named it. */
export async function deriveEntitlements(con: Connection): Promise<void> {
  await con.run('delete from entitled_plan')
  await con.run(`
    insert into entitled_plan
    select distinct
      e.plan, f.feature_id,
      coalesce(e.from_date, date '0001-01-01'),
      coalesce(e.to_date, date '9999-12-31')
    from entitlement e
    join feature f on lower(f.name) = lower(e.feature)
    where e.plan is not null and f.feature_id not in (select feature_id from feature_plan)
    union select plan, feature_id, date '0001-01-01', date '9999-12-31' from feature_plan`)
  // Where the catalogue alone speaks of plans, what it does not speak of is everybody's.
  await con.run(`
    insert into entitled_plan
    select p.plan, f.feature_id, date '0001-01-01', date '9999-12-31'
    from (select distinct plan from plan_set) p
    cross join feature f
    where not exists (from entitlement)
      and exists (from feature_plan)
      and f.feature_id not in (select feature_id from feature_plan)`)
  await con.run('delete from entitled_account')
  await con.run(`
    insert into entitled_account
    select distinct
      l.account_id, f.feature_id,
      coalesce(e.from_date, date '0001-01-01'),
      coalesce(e.to_date, date '9999-12-31')
    from entitlement e
    join feature f on lower(f.name) = lower(e.feature)
    join ref r on r.ref_kind = 'account' and r.source = e.source and r.ext_id = e.account_ref
    join link l using (ref_id)
    where e.account_ref is not null and l.account_id is not null
    order by 2, 1`)
}
