-- What stands out, told anew after each refresh. A story is known by rule × feature × segment, so that what people did with it stays.
create table story (
  id uuid primary key,
  workspace_id uuid not null references workspace (id) on delete cascade,
  identity text not null,
  rule text not null,
  feature_id uuid,
  segment_by text,
  segment text,
  -- Sentence, caveat, figures and picture as they were computed last.
  finding jsonb not null,
  -- What it is ranked by: the ARR concerned, weighed by the evidence.
  weight double precision not null,
  month text not null,
  found_at timestamptz not null,
  seen_at timestamptz not null,
  -- False once a refresh no longer finds it.
  holds boolean not null default true,
  pinned_by text,
  assigned_to text,
  assigned_name text,
  dismissed_at timestamptz,
  dismissed_by text,
  dismissed_reason text,
  -- The interval its value had when it was dismissed: it comes back only from outside of it.
  dismissed_low double precision,
  dismissed_high double precision,
  returned_at timestamptz,
  version integer not null default 1,
  unique (workspace_id, identity)
);

create table story_note (
  id uuid primary key,
  workspace_id uuid not null references workspace (id) on delete cascade,
  story_id uuid not null references story (id) on delete cascade,
  text text not null,
  written_by text not null,
  written_at timestamptz not null
);
create index story_note_story on story_note (story_id);
