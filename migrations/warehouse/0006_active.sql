-- Who was active at all, whatever they used: r_day without its features. Bits as there; feature ids below 0 are left out, because
-- their events stand under their feature too.
create table a_day (day date, account_id integer, chunk integer, users bigint, events bigint);
insert into a_day select day, account_id, chunk, bit_or(users), sum(events)::bigint from r_day where feature_id >= 0 group by 1, 2, 3 order by 1, 2, 3;
