-- Links without an account: who holds the link may do the one thing that it is for, to the one thing that it names.
create table link_token (
  id uuid primary key,
  workspace_id uuid not null references workspace (id) on delete cascade,
  token_hash text not null unique,
  purpose text not null,
  subject_kind text not null,
  subject_id text not null,
  created_by text,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  -- Without a number it works until it expires.
  most_uses integer check (most_uses > 0),
  uses integer not null default 0,
  revoked_at timestamptz
);
create index link_token_subject on link_token (workspace_id, subject_kind, subject_id);

-- An invitation's link is one of them; those that are out already go on working.
insert into link_token (id, workspace_id, token_hash, purpose, subject_kind, subject_id, created_by, created_at, expires_at, most_uses, uses)
  select id, workspace_id, token_hash, 'invitation', 'invitation', id::text, invited_by, created_at, expires_at, 1,
    case when accepted_at is null then 0 else 1 end
  from invitation;
alter table invitation drop column token_hash;

-- What leaves the house: mails, and posts to webhooks.
create table outbox_message (
  id uuid primary key,
  workspace_id uuid not null references workspace (id) on delete cascade,
  -- Whoever writes it names it, so that the same is never written twice.
  key text not null,
  channel text not null check (channel in ('mail', 'webhook')),
  -- A mail's address, a webhook's host.
  recipient text not null,
  -- For what: the contact policies go by it.
  purpose text not null,
  about_kind text,
  about_id text,
  -- Who may see to whom it went and what it says.
  permission text not null,
  -- The live topic of the room that wrote it.
  topic text,
  -- Encrypted: it may hold links that only their hash is kept of. Empty once nothing of it is kept any more.
  content text,
  state text not null check (state in ('queued', 'sent', 'failed', 'held')),
  reason text,
  attempts integer not null default 0,
  next_at timestamptz not null,
  -- Set before it goes out and taken away with the answer: what bears it after a crash may have gone out.
  begun_at timestamptz,
  begun_by uuid,
  created_by text not null,
  created_at timestamptz not null,
  ended_at timestamptz,
  unique (workspace_id, key)
);
create index outbox_message_workspace on outbox_message (workspace_id, id desc);
create index outbox_message_due on outbox_message (next_at) where state = 'queued';

-- What happened to a thing, told to other rooms.
create table outbox_event (
  id uuid primary key,
  workspace_id uuid not null references workspace (id) on delete cascade,
  topic text not null,
  thing_kind text not null,
  thing_id text not null,
  ids jsonb not null,
  happened_at timestamptz not null
);
create table outbox_reaction (
  -- The order in which they were written.
  place bigint generated always as identity,
  event_id uuid not null references outbox_event (id) on delete cascade,
  reaction text not null,
  workspace_id uuid not null,
  thing_kind text not null,
  thing_id text not null,
  attempts integer not null default 0,
  next_at timestamptz not null,
  error text,
  done_at timestamptz,
  given_up_at timestamptz,
  primary key (event_id, reaction)
);
create index outbox_reaction_open on outbox_reaction (workspace_id, reaction, thing_kind, thing_id, place)
  where done_at is null and given_up_at is null;

-- Who was asked for an answer, and when; one ledger for all rooms.
create table asking (
  id uuid primary key,
  workspace_id uuid not null references workspace (id) on delete cascade,
  policy text not null,
  -- A user's id, or the keyed hash of an address.
  person text not null,
  purpose text not null,
  asked_at timestamptz not null,
  took_part_at timestamptz
);
create index asking_person on asking (workspace_id, policy, person, asked_at desc);

-- What was handed over by mail or webhook is a message of the outbox, which knows what became of it.
alter table whitespace_handover add column message_id uuid;
alter table whitespace_handover drop constraint whitespace_handover_outcome_check;
alter table whitespace_handover add constraint whitespace_handover_outcome_check
  check (outcome in ('queued', 'sent', 'failed', 'held'));
