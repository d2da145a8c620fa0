-- A list of accounts that may use a feature and do not, handed over and remembered.
create table whitespace_list (
  id uuid primary key,
  workspace_id uuid not null references workspace (id) on delete cascade,
  name text not null,
  month text not null,
  -- What was asked for, so that the same can be asked again.
  question jsonb not null,
  note text,
  created_by text not null,
  created_at timestamptz not null,
  archived_at timestamptz
);
create index whitespace_list_workspace on whitespace_list (workspace_id, created_at desc);

-- As it was when the list was made; what became of it is read from the data.
create table whitespace_item (
  id uuid primary key,
  workspace_id uuid not null references workspace (id) on delete cascade,
  list_id uuid not null references whitespace_list (id) on delete cascade,
  account_ext_id text not null,
  account_name text not null,
  feature_id uuid not null,
  feature_name text not null,
  segment text not null,
  owner text,
  owner_email text,
  arr_cents bigint not null,
  renewal_date date,
  last_use date,
  unique (list_id, account_ext_id, feature_id)
);

create table whitespace_handover (
  id uuid primary key,
  workspace_id uuid not null references workspace (id) on delete cascade,
  list_id uuid not null references whitespace_list (id) on delete cascade,
  -- The job that sent it: run again after a crash, it does not send twice.
  job_id uuid,
  way text not null check (way in ('csv', 'mail', 'webhook')),
  -- Whom or where it went to: an owner's address, a webhook's host.
  target text not null,
  items integer not null,
  outcome text not null check (outcome in ('sent', 'failed')),
  error text,
  handed_by text not null,
  handed_at timestamptz not null,
  unique (list_id, job_id, target)
);
create index whitespace_handover_list on whitespace_handover (list_id, handed_at);
