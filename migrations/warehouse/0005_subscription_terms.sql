-- What a file may say of an amount beyond its size. Beside the amounts and not among their columns, so that a file that
-- speaks of none of it writes none of it. local_arr_cents: the yearly amount in its own currency, before the rate that was used.
create table subscription_term (
  source text not null, ext_id text not null, status text, escalator double, one_off boolean,
  currency text, local_arr_cents bigint, rate double, batch_id integer not null
);
create table mrr_term (
  source text not null, account_ref text not null, month date not null, currency text, local_arr_cents bigint, rate double, batch_id integer not null
);
create table subscription_term_replaced as select *, 0 as replaced_by from subscription_term limit 0;
create table mrr_term_replaced as select *, 0 as replaced_by from mrr_term limit 0;
