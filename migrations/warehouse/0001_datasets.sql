-- One DuckDB file per workspace. Base tables hold what files said, under the ids that the files used; everything under
-- "derived" can be rebuilt from them. ARR is kept in minor units per year (a monthly amount times twelve), so that no
-- rounding separates ARR from MRR. No primary key on large tables: an ART index costs 15x on insert.
create table batch (
  id integer primary key, dataset text not null, file_name text not null, file_sha text not null, mapping_sha text not null,
  mapping json not null, source text not null, mode text not null, job_id text not null, imported_by text not null,
  committed_at timestamp not null, rows_read bigint not null, rows_new bigint not null, rows_changed bigint not null,
  rows_unchanged bigint not null, rows_rejected bigint not null, first_day date, last_day date, undone_at timestamp
);
-- By job, so that they can be looked at before a person accepts them.
create table reject (job_id text not null, line bigint not null, reason text not null, field text, value text, raw text);

create table account (
  source text not null, ext_id text not null, name text, domain text, parent_ext_id text, owner text, owner_email text,
  renewal_date date, created_date date, batch_id integer not null
);
-- The ids that the accounts file says this account bears in other systems.
create table account_alias (source text not null, ext_id text not null, alias_source text not null, alias_id text not null, batch_id integer not null);
-- valid_from null: known from the import on, no date was mapped; imported_on is then used.
create table account_attribute (
  source text not null, ext_id text not null, key text not null, value text, valid_from date, imported_on date not null, batch_id integer not null
);
create table subscription (
  source text not null, ext_id text not null, account_ref text not null, start_date date not null, end_date date,
  arr_cents bigint not null, plan text, batch_id integer not null
);
create table mrr_snapshot (source text not null, account_ref text not null, month date not null, arr_cents bigint not null, plan text, batch_id integer not null);
create table app_user (source text not null, ext_id text not null, account_ref text not null, created_date date, batch_id integer not null);
create table entitlement (
  source text not null, account_ref text, plan text, feature text not null, from_date date, to_date date, batch_id integer not null
);
-- ref_kind: 'account', 'user' or 'subscription': what `ref` names in the system `source`.
create table event (
  event_time timestamp, ref_kind text, source text, ref text, user_key text, name text, n integer, event_id text, batch_id integer
);

-- What a batch replaced or removed, whole rows, so that it can be undone.
create table account_replaced as select *, 0 as replaced_by from account limit 0;
create table account_alias_replaced as select *, 0 as replaced_by from account_alias limit 0;
create table account_attribute_replaced as select *, 0 as replaced_by from account_attribute limit 0;
create table subscription_replaced as select *, 0 as replaced_by from subscription limit 0;
create table mrr_snapshot_replaced as select *, 0 as replaced_by from mrr_snapshot limit 0;
create table app_user_replaced as select *, 0 as replaced_by from app_user limit 0;
create table entitlement_replaced as select *, 0 as replaced_by from entitlement limit 0;
create table event_replaced as select *, 0 as replaced_by from event limit 0;

-- What an import, an undo or a decision in PostgreSQL leaves to be refreshed; written in the transaction that causes it.
create table dirty_day (day date not null);
create table dirty_part (part text not null); -- 'accounts', 'revenue', 'entitlements', 'features'

-- Mirrors of what people decided in PostgreSQL (derived, rewritten whole).
create table feature (feature_id smallint, key text, name text, area text, is_core boolean, released_on date);
create table event_name (name text, feature_id smallint, events bigint); -- feature_id 0: not mapped
create table crosswalk (source text, ext_id text, account_ext_id text, method text);
create table setting (primary_source text, revenue_source text, revenue_dataset text, roll_up_to_parent boolean);
create table exclusion (field text, operator text, value text, reason text);

-- Derived.
create table ref (ref_id integer, ref_kind text, source text, ext_id text);
create table link (ref_id integer, account_id integer, method text); -- account_id null: unmatched
create table customer (
  account_id integer, source text, ext_id text, name text, domain text, parent_id integer, owner text, owner_email text,
  renewal_date date, in_file boolean, excluded_reason text, first_event_day date, last_event_day date
);
create table attribute (account_id integer, key text, value text, valid_from date);
create table revenue_month (month integer, account_id integer, arr_cents bigint, plan_set integer); -- month: year * 12 + month - 1
create table plan_set (plan_set integer, plan text);
create table paid_interval (account_id integer, from_day date, to_day date); -- half-open, merged
create table entitled_plan (plan text, feature_id smallint, from_day date, to_day date);
create table entitled_account (account_id integer, feature_id smallint, from_day date, to_day date);
create table r_day (day date, account_id integer, feature_id smallint, events bigint); -- feature_id 0: events of no feature
create table r_name (day date, name text, events bigint); -- by raw event name: which days a changed rule touches
create table r_month (month integer, account_id integer, feature_id smallint, events bigint, paid_events bigint, first_day date, last_day date);
-- bit (month - base) % 62 of era (month - base) // 62: used while paying in that month. BIGINT, never UBIGINT (70x slower to decode).
create table af (account_id integer, feature_id smallint, era smallint, bits bigint, last_day date);
create table bit_base (base integer);
-- What the revenue tables were derived from; where that is the same, they are left as they are.
create table revenue_stamp (stamp text);
create table refresh_log (logged_at timestamp, what text, days integer, millis double);
