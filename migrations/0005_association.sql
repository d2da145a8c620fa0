-- What was asked about features and staying, written down before the answer was known. A run is made by each refresh; a look is
-- another question that somebody asked of the same data.
create table association_run (
  id uuid primary key,
  workspace_id uuid not null references workspace (id) on delete cascade,
  registered_at timestamptz not null,
  spec jsonb not null,
  spec_hash text not null,
  is_exploratory boolean not null,
  result jsonb,
  finished_at timestamptz
);
create index association_run_latest on association_run (workspace_id, registered_at desc);
create unique index association_look on association_run (workspace_id, spec_hash) where is_exploratory;

-- The feature that should show nothing, as the analyst chose it.
create table association_control (
  workspace_id uuid primary key references workspace (id) on delete cascade,
  feature_id uuid not null references feature (id) on delete cascade
);
