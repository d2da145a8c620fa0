-- A rule without a text matched every account: none can be stored any more, and those that were stored say nothing.
delete from exclusion_rule where btrim(value, E' \t\n\r\u200b\u200c\u200d\u200e\u200f\u2060\ufeff') = '';
alter table exclusion_rule add constraint exclusion_rule_says_something
  check (btrim(value, E' \t\n\r\u200b\u200c\u200d\u200e\u200f\u2060\ufeff') <> '');
