alter table feature add column owner text;
-- Plans that may use the feature, where people say so here; null: as the entitlement files say.
alter table feature add column entitled_plans jsonb;

-- A feature that was taken out keeps its definitions, so that it can come back under its name.
alter table feature add column removed_at timestamptz;
drop index feature_name;
create unique index feature_name on feature (workspace_id, lower(name)) where removed_at is null;

-- When an account has adopted a feature. A version holds from a day on, once it is approved; none at all is the product's default.
create table feature_definition (
  id uuid primary key,
  workspace_id uuid not null references workspace (id) on delete cascade,
  feature_id uuid not null references feature (id) on delete cascade,
  version integer not null,
  state text not null check (state in ('proposed', 'approved', 'withdrawn')),
  -- Null: it always held.
  valid_from date,
  unit text not null check (unit in ('events', 'users', 'days')),
  at_least integer not null check (at_least > 0),
  window_kind text not null check (window_kind in ('calendar', 'rolling')),
  window_length integer not null check (window_length > 0),
  -- Which of the feature's events count, as rules; null: all of them.
  value_events jsonb,
  why text not null,
  proposed_by text not null,
  proposed_by_name text not null,
  proposed_at timestamptz not null,
  decided_by text,
  decided_by_name text,
  decided_at timestamptz,
  unique (feature_id, version)
);
create index feature_definition_workspace on feature_definition (workspace_id);
