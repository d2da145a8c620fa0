-- The first day of the month on which the account used the feature while it paid; null where it did not, or where the month was last
-- rolled up before this column was there.
alter table r_month add column first_paid_day date;
