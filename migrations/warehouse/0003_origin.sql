-- Which system a row's id comes from and what it names, once for all rows that share it: written on every event, it cost a fifth of an import.
create table origin (origin_id smallint, ref_kind text, source text);
insert into origin select row_number() over (order by source, ref_kind), ref_kind, source
  from (select ref_kind, source from event union select ref_kind, source from event_replaced);

alter table event rename to event_before;
create table event (
  event_time timestamp, origin_id smallint, ref text, user_key text, name text, n integer, event_id text, batch_id integer
);
insert into event select b.event_time, o.origin_id, b.ref, b.user_key, b.name, b.n, b.event_id, b.batch_id
  from event_before b join origin o on o.ref_kind = b.ref_kind and o.source = b.source;
drop table event_before;

alter table event_replaced rename to event_replaced_before;
create table event_replaced as select *, 0 as replaced_by from event limit 0;
insert into event_replaced select b.event_time, o.origin_id, b.ref, b.user_key, b.name, b.n, b.event_id, b.batch_id, b.replaced_by
  from event_replaced_before b join origin o on o.ref_kind = b.ref_kind and o.source = b.source;
drop table event_replaced_before;

create view named_event as select e.*, o.ref_kind, o.source from event e join origin o on o.origin_id = e.origin_id;
create view event_ref as select r.ref_id, o.origin_id, r.ext_id as ref from ref r join origin o on o.ref_kind = r.ref_kind and o.source = r.source;
