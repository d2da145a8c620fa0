-- A figure that people watch: one measure of one segment, with its targets and thresholds.
create table metric (
  id uuid primary key,
  workspace_id uuid not null references workspace (id) on delete cascade,
  ref jsonb not null,
  -- The measure in one line, so that nobody watches the same figure twice.
  ref_key text not null,
  version integer not null default 1,
  created_by text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  unique (workspace_id, ref_key)
);

create table metric_target (
  id uuid primary key,
  workspace_id uuid not null references workspace (id) on delete cascade,
  metric_id uuid not null references metric (id) on delete cascade,
  month text not null,
  value double precision not null,
  direction text not null check (direction in ('at-least', 'at-most')),
  unique (metric_id, month)
);

create table metric_threshold (
  id uuid primary key,
  workspace_id uuid not null references workspace (id) on delete cascade,
  metric_id uuid not null references metric (id) on delete cascade,
  kind text not null check (kind in ('above', 'below', 'moved')),
  value double precision not null,
  unique (metric_id, kind, value)
);

-- One row for each crossing. It stays open, and nothing is raised anew, until the figure went back.
create table metric_alert (
  id uuid primary key,
  workspace_id uuid not null references workspace (id) on delete cascade,
  metric_id uuid not null references metric (id) on delete cascade,
  kind text not null check (kind in ('above', 'below', 'moved')),
  threshold double precision not null,
  month text not null,
  value double precision not null,
  prior double precision,
  raised_at timestamptz not null,
  ended_at timestamptz,
  acknowledged_by text,
  acknowledged_at timestamptz,
  note text
);
create index metric_alert_workspace on metric_alert (workspace_id, raised_at desc);
create unique index metric_alert_open on metric_alert (metric_id, kind, threshold) where ended_at is null;

create table objective (
  id uuid primary key,
  workspace_id uuid not null references workspace (id) on delete cascade,
  title text not null,
  owner text not null,
  from_month text not null,
  to_month text not null,
  version integer not null default 1,
  created_by text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index objective_workspace on objective (workspace_id);

create table key_result (
  id uuid primary key,
  workspace_id uuid not null references workspace (id) on delete cascade,
  objective_id uuid not null references objective (id) on delete cascade,
  place integer not null,
  ref jsonb not null,
  start_month text not null,
  start_value double precision not null,
  target_month text not null,
  target_value double precision not null
);
create index key_result_objective on key_result (objective_id);

-- Figures as others were told them. Without a reference to the workspace, as in the audit log: a row is never changed and never removed.
create table published_value (
  id uuid primary key,
  workspace_id uuid not null,
  ref jsonb not null,
  ref_key text not null,
  title text not null,
  month text not null,
  value double precision not null,
  low double precision,
  high double precision,
  base integer not null,
  mark text not null,
  currency text not null,
  -- What it was made of: versions of its definitions, the imports that stood then, and when they were last refreshed.
  made_of jsonb not null,
  via text not null check (via in ('publish', 'link', 'mail', 'deck')),
  place text not null,
  published_by text not null,
  published_at timestamptz not null
);
create index published_value_workspace on published_value (workspace_id, ref_key, month);
create function published_value_is_frozen() returns trigger language plpgsql as
  $$ begin raise exception 'published values are never changed'; end $$;
create trigger published_value_frozen before update or delete on published_value for each row execute function published_value_is_frozen();
