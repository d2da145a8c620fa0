-- When the table of figures is written for other tools, by what it is cut, and how that went last.
create table out_setting (
  workspace_id uuid primary key references workspace (id) on delete cascade,
  mode text not null check (mode in ('off', 'after-refresh', 'daily')),
  daily_at text not null,
  segment_bys jsonb not null,
  set_by text,
  last_due text,
  written_at timestamptz,
  written_rows integer,
  first_month text,
  last_month text,
  data_to text,
  version integer not null default 1
);
