-- The listening tour: waves of questions to colleagues, answered by a personal link.
create table tour_wave (
  id uuid primary key,
  workspace_id uuid not null references workspace (id) on delete cascade,
  audience text not null,
  title text not null,
  state text not null check (state in ('draft', 'open', 'closed')),
  -- What the person reads first.
  note text not null,
  questions jsonb not null,
  -- Answers become readable in groups of so many, and never in smaller ones.
  group_of integer not null check (group_of >= 3),
  closes_on date not null,
  opened_at timestamptz,
  closed_at timestamptz,
  -- How many answers were left over at the end: too few for a group, never read by anybody.
  left_over integer,
  playback jsonb,
  playback_at timestamptz,
  created_by text not null,
  created_at timestamptz not null,
  version integer not null default 1
);
create index tour_wave_workspace on tour_wave (workspace_id, id);

-- Who is asked. Nothing here says whether they answered.
create table tour_invited (
  id uuid primary key,
  workspace_id uuid not null references workspace (id) on delete cascade,
  wave_id uuid not null references tour_wave (id) on delete cascade,
  name text not null,
  email text not null,
  asked_on date,
  reminders integer not null default 0,
  unique (wave_id, email)
);

-- One for each person asked, without the person: whose it is can be worked out with the server's own secret alone, which is in no backup.
create table tour_token (
  token_hash text primary key,
  workspace_id uuid not null references workspace (id) on delete cascade,
  wave_id uuid not null references tour_wave (id) on delete cascade,
  -- 0 unused, 1 used, 2 used and counted together with the others of its group.
  mark integer not null default 0
);
create index tour_token_wave on tour_token (wave_id, mark);

-- Answers that wait for their group, encrypted with the server's secret and all of one length. The slot keeps one link from filling two;
-- which link that is, the same secret alone can tell.
create table tour_waiting (
  slot text primary key,
  workspace_id uuid not null references workspace (id) on delete cascade,
  wave_id uuid not null references tour_wave (id) on delete cascade,
  sealed text not null
);
create index tour_waiting_wave on tour_waiting (wave_id);

-- Answers of whole groups, in no order and under ids that say nothing.
create table tour_answer (
  id uuid primary key,
  workspace_id uuid not null references workspace (id) on delete cascade,
  wave_id uuid not null references tour_wave (id) on delete cascade,
  content jsonb not null
);
create index tour_answer_wave on tour_answer (wave_id, id);

-- What people say that a friction is, where they know better than the words.
create table tour_coding (
  id uuid primary key,
  workspace_id uuid not null references workspace (id) on delete cascade,
  answer_id uuid not null references tour_answer (id) on delete cascade,
  entry integer not null,
  code text not null,
  version integer not null default 1,
  unique (answer_id, entry)
);
