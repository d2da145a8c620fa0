-- Each user of an account has a number there, given once, so that distinct users over any days and features are a count of
-- bits. Known by the hash of their id, which is a third of the text and joins four times as fast.
create table person (account_id integer, user_hash ubigint, ord integer);

-- Bit ord % 62 of chunk ord // 62: that user. Rows without a user have no bit. feature_id 0: events of no feature; below 0:
-- the value events of one version of a feature's definition (`variant`).
drop table r_day;
create table r_day (day date, account_id integer, feature_id smallint, chunk integer, users bigint, events bigint);
create table variant (source_id smallint, feature_key text, version integer);
create table value_name (name text, source_id smallint);

-- When an account has adopted, where people say otherwise than the default; mirrored. basis 0: each version in its own time,
-- 1: the latest for all time. source_id: the feature, or the variant whose events count.
create table definition (
  feature_id smallint, version integer, basis smallint, source_id smallint, unit text, at_least integer, window_kind text, window_length integer, from_month integer, to_month integer
);
-- Who has adopted such a feature at a month's end; features of the default are read from `af`.
create table adopted (month integer, account_id integer, feature_id smallint, basis smallint);

-- Plans that people named in the catalogue; they stand for what a file says of that feature's plans.
create table feature_plan (feature_id smallint, plan text);

-- The first day of any use, paid or not: tells who tried from who never used.
alter table af add column first_day date;

-- Every day is rolled up anew by the next refresh.
insert into dirty_day select distinct cast(event_time as date) from event where event_time is not null;
