-- What a field of a thing was, from when on it was so, and when that was written down.
create table history (
  id uuid primary key,
  workspace_id uuid not null,
  kind text not null,
  thing_id text not null,
  field text not null,
  value jsonb not null,
  valid_from timestamptz not null,
  recorded_at timestamptz not null,
  -- The order of what was written down at the same moment.
  place bigint generated always as identity,
  source text not null,
  who text
);
create index history_thing on history (workspace_id, kind, thing_id, field, valid_from desc, recorded_at desc, place desc);
-- Append-only; whoever has to be forgotten is erased whole, by the one function that says so first.
create function history_is_append_only() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' and current_setting('throughline.erases', true) = 'on' then return old; end if;
  raise exception 'history is append-only';
end $$;
create trigger history_append_only before update or delete on history for each row execute function history_is_append_only();

-- Bytes in the data folder, by what they are; several files may be of the same bytes.
create table file_content (
  id uuid primary key,
  workspace_id uuid not null references workspace (id) on delete cascade,
  sha256 text not null,
  size_bytes bigint not null,
  stored_at timestamptz not null,
  -- Set before the bytes are taken away: from then on no new file takes them.
  removing_at timestamptz
);
create unique index file_content_sha on file_content (workspace_id, sha256) where removing_at is null;

create table file (
  id uuid primary key,
  workspace_id uuid not null references workspace (id) on delete cascade,
  content_id uuid not null references file_content (id),
  -- Says how long it is kept.
  kind text not null,
  name text not null,
  media_type text not null,
  -- The thing that it belongs to.
  owner_kind text not null,
  owner_id text not null,
  created_by text not null,
  created_at timestamptz not null
);
create index file_owner on file (workspace_id, owner_kind, owner_id);
create index file_content_id on file (content_id);
create index file_kind on file (workspace_id, kind, created_at);
