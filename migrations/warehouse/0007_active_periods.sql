-- Who came in a week (Monday to Sunday, counted from that of 1970-01-05) or a calendar month: a_day without its days, so that
-- curves over years do not read each day. Bits as there.
create table a_week (week integer, account_id integer, chunk integer, users bigint);
insert into a_week select floor((day - date '1970-01-05') / 7)::int, account_id, chunk, bit_or(users) from a_day group by 1, 2, 3 order by 1, 2, 3;

-- `days`: bit d - 1 where there is any event on day d, whether or not it names a user. d1 to d31: the users of each day, in one row,
-- so that windows over any days are arithmetic on columns.
create table a_month (
  month integer, account_id integer, chunk integer, days integer, users bigint,
  d1 bigint, d2 bigint, d3 bigint, d4 bigint, d5 bigint, d6 bigint, d7 bigint, d8 bigint, d9 bigint, d10 bigint, d11 bigint,
  d12 bigint, d13 bigint, d14 bigint, d15 bigint, d16 bigint, d17 bigint, d18 bigint, d19 bigint, d20 bigint, d21 bigint,
  d22 bigint, d23 bigint, d24 bigint, d25 bigint, d26 bigint, d27 bigint, d28 bigint, d29 bigint, d30 bigint, d31 bigint
);
insert into a_month select month, account_id, chunk, bit_or(1 << (d - 1)), bit_or(users),
  bit_or(case when d = 1 then users else 0 end), bit_or(case when d = 2 then users else 0 end),
  bit_or(case when d = 3 then users else 0 end), bit_or(case when d = 4 then users else 0 end),
  bit_or(case when d = 5 then users else 0 end), bit_or(case when d = 6 then users else 0 end),
  bit_or(case when d = 7 then users else 0 end), bit_or(case when d = 8 then users else 0 end),
  bit_or(case when d = 9 then users else 0 end), bit_or(case when d = 10 then users else 0 end),
  bit_or(case when d = 11 then users else 0 end), bit_or(case when d = 12 then users else 0 end),
  bit_or(case when d = 13 then users else 0 end), bit_or(case when d = 14 then users else 0 end),
  bit_or(case when d = 15 then users else 0 end), bit_or(case when d = 16 then users else 0 end),
  bit_or(case when d = 17 then users else 0 end), bit_or(case when d = 18 then users else 0 end),
  bit_or(case when d = 19 then users else 0 end), bit_or(case when d = 20 then users else 0 end),
  bit_or(case when d = 21 then users else 0 end), bit_or(case when d = 22 then users else 0 end),
  bit_or(case when d = 23 then users else 0 end), bit_or(case when d = 24 then users else 0 end),
  bit_or(case when d = 25 then users else 0 end), bit_or(case when d = 26 then users else 0 end),
  bit_or(case when d = 27 then users else 0 end), bit_or(case when d = 28 then users else 0 end),
  bit_or(case when d = 29 then users else 0 end), bit_or(case when d = 30 then users else 0 end),
  bit_or(case when d = 31 then users else 0 end)
  from (select year(day) * 12 + month(day) - 1 as month, day(day)::int as d, account_id, chunk, users from a_day) group by 1, 2, 3 order by 1, 2, 3;
