-- What people changed of what can be edited: one row a field, with what it was and what it became.
create table record_change (
  id uuid primary key,
  workspace_id uuid not null references workspace (id) on delete cascade,
  kind text not null,
  record_id text not null,
  -- The version that the change made; of what was removed, the last one.
  version integer not null,
  at timestamptz not null,
  by_id text not null,
  by_name text not null,
  -- Null: it was saved and nothing differed. '' : it was removed, with all that it held.
  field text,
  before jsonb not null,
  after jsonb not null
);
create index record_change_record on record_change (workspace_id, kind, record_id, id desc);
