-- How many users each week's days have, added up: over Monday to Friday, and over all seven.
create table a_week_counted as
select
  floor((day - date '1970-01-05') / 7)::int as week, account_id, chunk, bit_or(users) as users,
  sum(case when isodow(day) <= 5 then bit_count(users) else 0 end)::int as workday_users,
  sum(bit_count(users))::int as day_users
from a_day
group by 1, 2, 3
order by 1, 2, 3;
drop table a_week;
alter table a_week_counted rename to a_week;

-- Users of the four weeks that end with `week`, each once (mau), those of its weeks added up, and those of its days. A row for each
-- account with any event in them; without users where none of it names one.
create table a_window (
  week integer, account_id integer, mau integer, week_users integer, workday_users integer, day_users integer
);
insert into a_window
select week, account_id, sum(bit_count(users)), sum(week_users), sum(workday_users), sum(day_users)
from (
  select
    week + back as week, account_id, chunk, bit_or(users) as users, sum(bit_count(users)) as week_users,
    sum(workday_users) as workday_users, sum(day_users) as day_users
  from a_week cross join (select unnest([0, 1, 2, 3]) as back)
  group by 1, 2, 3
)
group by 1, 2
order by 1, 2;

-- Windows of any four weeks were arithmetic on how many users each day has; nothing else read them.
create table a_month_uncounted as select columns('^(month|account_id|chunk|days|users|d[0-9]+)$') from a_month order by month, account_id, chunk;
drop table a_month;
alter table a_month_uncounted rename to a_month;
