-- A page as it stands, shared with people who see nothing else. What it shows is computed anew each time it is opened, by the
-- operations and inputs in `reads`; figures that are measures were frozen as published values when it was shared.
create table shared_view (
  id uuid primary key,
  workspace_id uuid not null references workspace (id) on delete cascade,
  path text not null,
  search text not null,
  reads jsonb not null,
  title text not null,
  note text not null,
  for_stakeholders boolean not null,
  grant_accounts boolean not null,
  grant_names boolean not null,
  grant_export boolean not null,
  -- Names of accounts come with the rows they stand in.
  check (grant_accounts or not grant_names),
  shared_by text not null,
  shared_at timestamptz not null,
  updated_at timestamptz not null,
  version integer not null default 1
);
create index shared_view_workspace on shared_view (workspace_id, shared_at desc);

create table shared_view_person (
  view_id uuid not null references shared_view (id) on delete cascade,
  workspace_id uuid not null,
  user_id text not null,
  primary key (view_id, user_id),
  -- Who leaves the workspace and comes back is shared with anew.
  foreign key (workspace_id, user_id) references member (workspace_id, user_id) on delete cascade
);
create index shared_view_person_user on shared_view_person (workspace_id, user_id);
