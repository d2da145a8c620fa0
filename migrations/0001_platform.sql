-- Sign-in tables belong to the sign-in library (better-auth); a test asserts that nothing is left to create.
create table workspace (
  id uuid primary key,
  slug text not null unique,
  name text not null,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  kind text not null check (kind in ('own', 'sample')),
  created_at timestamptz not null,
  version integer not null default 1
);

create table member (
  workspace_id uuid not null references workspace (id) on delete cascade,
  user_id text not null,
  role text not null check (role in ('admin', 'product-ops', 'product-manager', 'leader', 'stakeholder')),
  joined_at timestamptz not null,
  primary key (workspace_id, user_id)
);
create index member_user on member (user_id);

create table invitation (
  id uuid primary key,
  workspace_id uuid not null references workspace (id) on delete cascade,
  email text not null,
  role text not null check (role in ('admin', 'product-ops', 'product-manager', 'leader', 'stakeholder')),
  token_hash text not null unique,
  invited_by text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  accepted_at timestamptz
);
create index invitation_workspace on invitation (workspace_id);

-- The one-time link that the first start prints, and the owner it made.
create table installation (
  id integer primary key check (id = 1),
  setup_token_hash text,
  setup_expires_at timestamptz,
  owner_user_id text
);
insert into installation (id) values (1);

-- Tokens of the command line and of scripts; only a hash is kept.
create table access_token (
  id uuid primary key,
  user_id text not null,
  name text not null,
  token_hash text not null unique,
  may_read_paths boolean not null default false,
  created_at timestamptz not null,
  last_used_at timestamptz
);

create table audit (
  id uuid primary key,
  at timestamptz not null,
  workspace_id uuid,
  actor_id text,
  actor_name text,
  face text not null,
  operation text not null,
  outcome text not null check (outcome in ('done', 'denied')),
  target text
);
create index audit_workspace on audit (workspace_id, at desc, id);
create function audit_is_append_only() returns trigger language plpgsql as
  $$ begin raise exception 'the audit log is append-only'; end $$;
create trigger audit_append_only before update or delete on audit for each row execute function audit_is_append_only();

create table upload (
  id uuid primary key,
  workspace_id uuid not null references workspace (id) on delete cascade,
  name text not null,
  size_bytes bigint not null,
  sha256 text not null,
  -- A path outside the data folder, given by the command line's own identity; else the file lies in uploads/ under its id.
  outside_path text,
  created_by text not null,
  created_at timestamptz not null
);

create table job (
  id uuid primary key,
  workspace_id uuid not null references workspace (id) on delete cascade,
  kind text not null,
  input jsonb not null,
  state text not null check (state in ('queued', 'running', 'needs-confirmation', 'done', 'failed', 'cancelled')),
  progress jsonb not null default '{}',
  result jsonb,
  error text,
  attempts integer not null default 0,
  cancel_requested boolean not null default false,
  created_by text not null,
  created_at timestamptz not null,
  started_at timestamptz,
  finished_at timestamptz
);
create index job_workspace on job (workspace_id, created_at desc, id);
