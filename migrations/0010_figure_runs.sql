-- Values by month of the figures that are watched or aimed at, computed after each refresh. Derived: of use only while the
-- stamp is that of the warehouse's last refresh, else they are read anew.
create table figure_run (
  workspace_id uuid not null references workspace (id) on delete cascade,
  ref_key text not null,
  stamp text not null,
  points jsonb not null,
  primary key (workspace_id, ref_key)
);
