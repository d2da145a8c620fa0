-- n1 to n31: how many users each day's bits hold. Counting bits takes five times as long as anything else that is done with them.
create table a_month_counted as
select *,
  bit_count(d1)::smallint as n1, bit_count(d2)::smallint as n2, bit_count(d3)::smallint as n3, bit_count(d4)::smallint as n4,
  bit_count(d5)::smallint as n5, bit_count(d6)::smallint as n6, bit_count(d7)::smallint as n7, bit_count(d8)::smallint as n8,
  bit_count(d9)::smallint as n9, bit_count(d10)::smallint as n10, bit_count(d11)::smallint as n11, bit_count(d12)::smallint as n12,
  bit_count(d13)::smallint as n13, bit_count(d14)::smallint as n14, bit_count(d15)::smallint as n15, bit_count(d16)::smallint as n16,
  bit_count(d17)::smallint as n17, bit_count(d18)::smallint as n18, bit_count(d19)::smallint as n19, bit_count(d20)::smallint as n20,
  bit_count(d21)::smallint as n21, bit_count(d22)::smallint as n22, bit_count(d23)::smallint as n23, bit_count(d24)::smallint as n24,
  bit_count(d25)::smallint as n25, bit_count(d26)::smallint as n26, bit_count(d27)::smallint as n27, bit_count(d28)::smallint as n28,
  bit_count(d29)::smallint as n29, bit_count(d30)::smallint as n30, bit_count(d31)::smallint as n31
from a_month
order by month, account_id, chunk;
drop table a_month;
alter table a_month_counted rename to a_month;
