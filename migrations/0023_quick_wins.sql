-- What was opened of a shared view: once a day for each reader, of whom only a hash is kept that no other day or view shares.
-- It outlives the view, so that what was given back stays given back.
create table shared_view_opening (
  workspace_id uuid not null references workspace (id) on delete cascade,
  view_id uuid not null,
  on_day date not null,
  reader text not null,
  role text not null,
  opened_at timestamptz not null,
  primary key (view_id, on_day, reader)
);
create index shared_view_opening_workspace on shared_view_opening (workspace_id, opened_at);

-- A quick win: what took people time, what takes it away, and what it took before and takes now.
create table quick_win (
  id uuid primary key,
  workspace_id uuid not null references workspace (id) on delete cascade,
  title text not null,
  what text not null,
  -- Of the taxonomy of friction; the code stays where the taxonomy drops it.
  friction text,
  audience text not null,
  owner_id text,
  -- The kind of win of a room that delivers it, and the one thing of that room where it is a certain one.
  win text,
  win_of text,
  -- As somebody states them: how many people do it, how often a month each, and minutes each time.
  people integer not null check (people > 0),
  times_per_month double precision not null check (times_per_month > 0),
  stated_before double precision check (stated_before >= 0),
  stated_after double precision check (stated_after >= 0),
  delivered_on date,
  dropped_because text,
  created_by text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version integer not null default 1,
  check (win is not null or win_of is null)
);
create index quick_win_workspace on quick_win (workspace_id, created_at);

-- One tap of a volunteer: what it took the last time. Whose it was is a hash that no other quick win shares.
create table quick_win_sample (
  quick_win_id uuid not null references quick_win (id) on delete cascade,
  workspace_id uuid not null references workspace (id) on delete cascade,
  side text not null check (side in ('before', 'after')),
  volunteer text not null,
  minutes integer not null check (minutes >= 0),
  on_day date not null,
  primary key (quick_win_id, side, volunteer)
);
create index quick_win_sample_workspace on quick_win_sample (workspace_id);
