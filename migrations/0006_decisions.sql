-- What joins two things of any pillars. Kinds and ids are plain text here: what may be linked with what is the callers' to say.
create table link (
  workspace_id uuid not null references workspace (id) on delete cascade,
  from_kind text not null,
  from_id text not null,
  relation text not null,
  to_kind text not null,
  to_id text not null,
  created_by text not null,
  created_at timestamptz not null,
  primary key (workspace_id, from_kind, from_id, relation, to_kind, to_id)
);
create index link_to on link (workspace_id, to_kind, to_id);

create table decision (
  id uuid primary key,
  workspace_id uuid not null references workspace (id) on delete cascade,
  state text not null check (state in ('draft', 'decided', 'revisited', 'withdrawn')),
  -- Which edition of the text counts.
  edition integer not null default 1,
  -- The product manager who is to decide; once it is decided, the one who did.
  decider_id text,
  decided_by text,
  decided_at timestamptz,
  revisit_on date,
  -- The point of the expected measure as it was read when it was decided, and when it was revisited.
  figure_then jsonb,
  figure_revisited jsonb,
  revisited_by text,
  revisited_at timestamptz,
  outcome text check (outcome in ('kept', 'changed', 'reversed')),
  learnt text,
  withdrawn_by text,
  withdrawn_at timestamptz,
  withdrawn_because text,
  prepared_by text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version integer not null default 1,
  check (state in ('draft', 'withdrawn') or (decided_at is not null and revisit_on is not null)),
  check (state <> 'draft' or decided_at is null),
  -- Only the person who was named takes the decision.
  check ((decided_at is null) = (decided_by is null)),
  check (decided_by is null or (decider_id is not null and decided_by = decider_id)),
  check (state <> 'revisited' or (revisited_at is not null and outcome is not null and learnt is not null)),
  check (state <> 'withdrawn' or (withdrawn_at is not null and withdrawn_because is not null))
);
create index decision_workspace on decision (workspace_id, id desc);

-- What was written; edition 1 is the draft's, every correction after the decision is one more.
create table decision_edition (
  decision_id uuid not null references decision (id) on delete cascade,
  edition integer not null,
  content jsonb not null,
  reason text,
  written_by text not null,
  written_at timestamptz not null,
  primary key (decision_id, edition)
);

-- Product Ops informs decisions and never makes them: who decides is a product manager of the workspace at that moment.
create function decision_is_a_product_managers() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and old.decided_by is not null then
    if new.decided_by is distinct from old.decided_by or new.decided_at is distinct from old.decided_at or new.revisit_on is distinct from old.revisit_on
      or new.figure_then is distinct from old.figure_then then
      raise exception 'who decided, when, on what figure and for when is not changed afterwards';
    end if;
  elsif new.decided_by is not null and not exists (
    select 1 from member where member.workspace_id = new.workspace_id and member.user_id = new.decided_by and member.role = 'product-manager') then
    raise exception 'a decision is taken by a product manager of the workspace';
  end if;
  return new;
end $$;
create trigger decision_taken before insert or update on decision for each row execute function decision_is_a_product_managers();

create function decision_text_is_kept() returns trigger language plpgsql as $$
begin
  if exists (select 1 from decision where decision.id = old.decision_id and decision.decided_at is not null) then
    raise exception 'the text of a decision that was taken is kept; a correction is a new edition';
  end if;
  return new;
end $$;
create trigger decision_edition_kept before update on decision_edition for each row execute function decision_text_is_kept();

-- Questions that people ask of Product Ops.
create table request (
  id uuid primary key,
  workspace_id uuid not null references workspace (id) on delete cascade,
  question text not null,
  state text not null check (state in ('open', 'answered', 'closed')),
  asked_by text not null,
  asked_at timestamptz not null,
  assigned_to text,
  answer text,
  answer_address text,
  answered_by text,
  answered_at timestamptz,
  -- The request whose answer was taken instead of sending the question.
  same_as uuid references request (id) on delete set null,
  -- Whether question or answer names accounts, which a stakeholder does not see.
  names_accounts boolean not null,
  closed_because text,
  closed_at timestamptz,
  version integer not null default 1,
  check (state <> 'answered' or (answer is not null and answered_by is not null and answered_at is not null)),
  check (state <> 'closed' or (closed_because is not null and closed_at is not null))
);
create index request_workspace on request (workspace_id, id desc);
-- Found by its words, whatever their endings.
create index request_words on request using gin (to_tsvector('english', question));
