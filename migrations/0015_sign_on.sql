-- Second step of the sign-in library (better-auth's two-factor plug-in), as it writes it itself.
alter table "auth_user" add column "twoFactorEnabled" boolean default false;
create table "auth_two_factor" ("id" text not null primary key, "secret" text not null, "backupCodes" text not null, "userId" text not null references "auth_user" ("id") on delete cascade, "verified" boolean, "failedVerificationCount" integer, "lockedUntil" timestamptz);
create index "auth_two_factor_secret_idx" on "auth_two_factor" ("secret");
create index "auth_two_factor_userId_idx" on "auth_two_factor" ("userId");

-- The library's limit counted requests by address alone; failures are counted here.
create table sign_in_budget (
  key text primary key,
  -- Each failure moves it on by a step; too far ahead of now, and nothing more is tried until it comes nearer.
  spent_until timestamptz not null
);
-- Where an account has signed in before: there it has a budget that nobody elsewhere can spend.
create table sign_in_place (
  account text not null,
  address text not null,
  last_at timestamptz not null,
  primary key (account, address)
);

-- Set by a group of the sign-on provider, and taken away with it.
alter table member add column by_group boolean not null default false;
-- Who was taken out comes back by an invitation alone.
create table member_removal (
  workspace_id uuid not null references workspace (id) on delete cascade,
  user_id text not null,
  removed_by text not null,
  removed_at timestamptz not null,
  primary key (workspace_id, user_id)
);
