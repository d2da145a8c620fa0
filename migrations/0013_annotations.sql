-- What happened on a day or in a span and may explain a step in a trend; drawn on every time axis.
create table annotation (
  id uuid primary key,
  workspace_id uuid not null references workspace (id) on delete cascade,
  kind text not null,
  from_day text not null,
  -- Null: a day alone.
  to_day text,
  note text not null,
  version integer not null default 1,
  created_by text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index annotation_workspace on annotation (workspace_id, from_day);
