-- Interviews of the listening tour: with a name, told to be confidential and not anonymous.
create table tour_interview (
  id uuid primary key,
  workspace_id uuid not null references workspace (id) on delete cascade,
  audience text not null,
  person text not null,
  role text not null,
  slot timestamptz,
  state text not null check (state in ('planned', 'held')),
  notes text not null,
  share double precision,
  frictions jsonb not null,
  may_quote boolean not null default false,
  held_at timestamptz,
  created_by text not null,
  created_at timestamptz not null,
  version integer not null default 1
);
create index tour_interview_workspace on tour_interview (workspace_id, id);

-- When it is time for Product Operations, in this company's own thresholds; and what is said where nothing is measured.
create table setup_readiness (
  workspace_id uuid primary key references workspace (id) on delete cascade,
  share_above double precision not null,
  teams_above integer not null,
  opaque_above double precision not null,
  said_share double precision,
  said_opaque text,
  said_teams integer,
  said_at timestamptz,
  version integer not null default 1
);

-- What an hour costs, and where that figure comes from.
create table setup_hourly_rate (
  workspace_id uuid primary key references workspace (id) on delete cascade,
  amount double precision,
  basis text not null,
  version integer not null default 1
);
