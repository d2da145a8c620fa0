-- An import that repeats: which mapping, from where, when, and what becomes of rows that cannot be read.
create table import_schedule (
  id uuid primary key,
  workspace_id uuid not null references workspace (id) on delete cascade,
  name text not null,
  mapping_id uuid references import_mapping (id) on delete set null,
  mode text not null check (mode in ('add', 'replace-days')),
  rejects jsonb not null,
  place jsonb not null,
  -- The value of the place's header, sealed; shown to nobody.
  secret text,
  timing jsonb not null,
  -- Null: paused.
  next_at timestamptz,
  -- Files of a folder that were seen and are not taken yet: name → size and time of change, and since when they are so.
  seen jsonb not null default '{}',
  looked_at timestamptz,
  looked text,
  version integer not null default 1,
  created_by text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  unique (workspace_id, name)
);
create index import_schedule_due on import_schedule (next_at);

create table import_run (
  id uuid primary key,
  -- The order in which runs began.
  nr bigserial not null,
  workspace_id uuid not null references workspace (id) on delete cascade,
  schedule_id uuid not null references import_schedule (id) on delete cascade,
  job_id uuid,
  asked_by text,
  started_at timestamptz not null,
  finished_at timestamptz,
  outcome text check (outcome in ('imported', 'nothing', 'unchanged', 'waiting', 'stopped', 'failed')),
  message text,
  -- The same outcome again is counted here, not in a row of its own.
  times integer not null default 1
);
-- Never two of one schedule at once.
create unique index import_run_open on import_run (schedule_id) where finished_at is null;
create index import_run_schedule on import_run (schedule_id, nr desc);

-- What a schedule took, each content of each name once.
create table import_file (
  id uuid primary key,
  workspace_id uuid not null references workspace (id) on delete cascade,
  schedule_id uuid not null references import_schedule (id) on delete cascade,
  job_id uuid not null,
  name text not null,
  sha256 text not null,
  size_bytes bigint not null,
  changed_ms bigint,
  etag text,
  last_modified text,
  -- Where the bytes lie until they are imported.
  upload_id uuid,
  state text not null check (state in ('taken', 'imported', 'refused', 'skipped')),
  batch_id integer,
  books jsonb,
  problem text,
  at timestamptz not null,
  unique (schedule_id, name, sha256)
);

-- By when new data of a dataset is expected.
create table data_expectation (
  workspace_id uuid not null references workspace (id) on delete cascade,
  dataset text not null,
  days jsonb not null,
  at text not null,
  time_zone text not null,
  since timestamptz not null,
  set_by text not null,
  primary key (workspace_id, dataset)
);

-- What the checks after a refresh found. A row stays open until a refresh no longer finds it.
create table data_finding (
  id uuid primary key,
  workspace_id uuid not null references workspace (id) on delete cascade,
  identity text not null,
  kind text not null,
  text text not null,
  address text not null,
  found_at timestamptz not null,
  seen_at timestamptz not null,
  ended_at timestamptz,
  acknowledged_by text,
  acknowledged_at timestamptz,
  note text
);
create unique index data_finding_open on data_finding (workspace_id, identity) where ended_at is null;
create index data_finding_workspace on data_finding (workspace_id, found_at desc);

-- The book as it stood after each import that can change it, so that the next one can be compared.
create table book_standing (
  workspace_id uuid not null references workspace (id) on delete cascade,
  batch_id integer not null,
  accounts integer not null,
  arr_cents bigint not null,
  seen_at timestamptz not null,
  primary key (workspace_id, batch_id)
);
