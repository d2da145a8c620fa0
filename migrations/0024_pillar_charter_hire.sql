-- What a company says of itself before a pillar is chosen; null: nobody has said so yet. Each has its history in record_change.
create table pillar_situation (
  workspace_id uuid primary key references workspace (id) on delete cascade,
  situation text check (situation in ('high-growth', 'enterprise', 'neither')),
  research_unowned boolean,
  leaders_lack text check (leaders_lack in ('figures', 'portfolio', 'customers')),
  data_exists text check (data_exists in ('nothing', 'some', 'works')),
  process_exists text check (process_exists in ('nothing', 'some', 'works')),
  customer_exists text check (customer_exists in ('nothing', 'some', 'works')),
  data_weeks integer check (data_weeks between 1 and 104),
  process_weeks integer check (process_weeks between 1 and 104),
  customer_weeks integer check (customer_weeks between 1 and 104),
  version integer not null default 1
);

-- The pillar that a person chose, in their own name, with the sum as it stood then.
create table pillar_choice (
  workspace_id uuid primary key references workspace (id) on delete cascade,
  pillar text check (pillar in ('data', 'process', 'customer')),
  because text,
  recommended text check (recommended in ('data', 'process', 'customer')),
  sums jsonb not null,
  chosen_by text,
  chosen_at timestamptz,
  version integer not null default 1
);

-- What the team of today delivers (above the line), and what only a larger one could (below).
create table charter (
  workspace_id uuid primary key references workspace (id) on delete cascade,
  team text not null,
  above jsonb not null,
  below jsonb not null,
  because text not null,
  published_by text,
  published_at timestamptz,
  version integer not null default 1
);

-- Whom to hire first. No candidate is kept here: that is what an applicant tracking system is for.
create table first_hire (
  workspace_id uuid primary key references workspace (id) on delete cascade,
  pillar text check (pillar in ('data', 'process', 'customer')),
  title text not null,
  description text not null,
  background text check (background in ('analyst', 'consultant', 'database-engineer', 'product-manager', 'agile-coach', 'research-ops', 'researcher')),
  does_all_research boolean not null,
  reports_to text check (reports_to in ('cpo', 'head-of-product', 'operations', 'business-operations', 'product-area')),
  leader_coaches boolean,
  product_managers integer check (product_managers between 0 and 100000),
  product_ops integer check (product_ops between 0 and 100000),
  version integer not null default 1
);
