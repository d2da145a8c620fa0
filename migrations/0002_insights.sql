create table import_mapping (
  id uuid primary key,
  workspace_id uuid not null references workspace (id) on delete cascade,
  dataset text not null,
  name text not null,
  mapping jsonb not null,
  -- The sorted header of the file it was made for: a file with the same header is offered the same mapping.
  header_signature text not null,
  version integer not null default 1,
  updated_at timestamptz not null,
  unique (workspace_id, dataset, name)
);

create table feature (
  id uuid primary key,
  workspace_id uuid not null references workspace (id) on delete cascade,
  name text not null,
  area text,
  is_core boolean not null default false,
  released_on date,
  version integer not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create unique index feature_name on feature (workspace_id, lower(name));

-- From raw event name to feature: exact before prefix before pattern, then longest value first.
create table feature_rule (
  id uuid primary key,
  workspace_id uuid not null references workspace (id) on delete cascade,
  feature_id uuid not null references feature (id) on delete cascade,
  kind text not null check (kind in ('exact', 'prefix', 'pattern')),
  value text not null,
  unique (workspace_id, kind, value)
);

-- The crosswalk's decisions: this id of that system is this account (or, with null, none of ours).
create table account_link (
  workspace_id uuid not null references workspace (id) on delete cascade,
  source text not null,
  ext_id text not null,
  account_ext_id text,
  method text not null check (method in ('id', 'domain', 'name', 'person')),
  decided_by text not null,
  decided_at timestamptz not null,
  primary key (workspace_id, source, ext_id)
);

create table exclusion_rule (
  id uuid primary key,
  workspace_id uuid not null references workspace (id) on delete cascade,
  field text not null,
  operator text not null check (operator in ('is', 'contains', 'ends-with')),
  value text not null,
  reason text not null check (reason in ('internal', 'test', 'trial', 'other')),
  created_at timestamptz not null
);

create table insights_setting (
  workspace_id uuid primary key references workspace (id) on delete cascade,
  -- Which accounts file is the book of record, e.g. crm.
  primary_source text,
  -- Which book revenue is read from, e.g. subscriptions:billing or mrr:billing.
  revenue_book text,
  roll_up_to_parent boolean not null default false,
  version integer not null default 1
);
