/** An installation of before, with what people had written, at its first start by this version. */
import { readFileSync } from 'node:fs'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { stores } from '../../../tests/support/stores.ts'
import { newId } from '../ids.ts'
import { migrate, migrationNames } from './migrate.ts'

/** As the last version before links named them. */
const former: Record<string, string> = {
  '0011_schedules.sql': '0010_schedules.sql',
  '0012_shared_views.sql': '0010_shared_views.sql',
  '0013_annotations.sql': '0011_annotations.sql',
  '0014_out.sql': '0011_out.sql',
}

test.each(stores)('what stood in an older installation still stands: $name', async ({ open, skip }) => {
  if (skip) return
  const store = await open()
  try {
    const old = migrationNames().filter((name) => name < '0015')
    await store.pool.query(
      'create table migration (name text primary key, applied_at timestamptz not null default now())',
    )
    for (const name of old) {
      await store.pool.query(readFileSync(new URL(`../../../migrations/${name}`, import.meta.url), 'utf8'))
      await store.pool.query('insert into migration (name) values ($1)', [former[name] ?? name])
    }
    const [workspace, unused, used] = [newId(), newId(), newId()]
    await sql`insert into workspace (id, slug, name, currency, kind, created_at) values (${workspace}, 'w', 'W', 'EUR', 'own', now())`.execute(
      store.db,
    )
    const invite = (id: string, hash: string, acceptedAt: Date | null) =>
      sql`
      insert into invitation (id, workspace_id, email, role, token_hash, invited_by, created_at, expires_at, accepted_at)
      values (${id}, ${workspace}, 'a@x.example', 'leader', ${hash}, 'u', now(), now() + interval '7 days', ${acceptedAt})`.execute(
        store.db,
      )
    await invite(unused, 'hash of an open one', null)
    await invite(used, 'hash of a used one', new Date())
    for (const value of ['', ' \u200b', '\ufeff', 'acme'])
      await sql`insert into exclusion_rule (id, workspace_id, field, operator, value, reason, created_at)
        values (${newId()}, ${workspace}, 'name', 'contains', ${value}, 'test', now())`.execute(store.db)
    await sql`insert into auth_user (id, name, email, "emailVerified", "createdAt", "updatedAt") values ('u', 'U', 'u@x.example', true, now(), now())`.execute(
      store.db,
    )
    await sql`insert into member (workspace_id, user_id, role, joined_at) values (${workspace}, 'u', 'admin', now())`.execute(
      store.db,
    )

    await migrate(store)

    const names = await sql<{ name: string }>`select name from migration order by name`.execute(store.db)
    expect(names.rows.map((r) => r.name)).toEqual(migrationNames())
    const links =
      await sql`select token_hash, purpose, subject_id, uses, most_uses from link_token order by token_hash`.execute(
        store.db,
      )
    expect(links.rows).toEqual([
      { token_hash: 'hash of a used one', purpose: 'invitation', subject_id: used, uses: 1, most_uses: 1 },
      { token_hash: 'hash of an open one', purpose: 'invitation', subject_id: unused, uses: 0, most_uses: 1 },
    ])
    expect((await sql`select value from exclusion_rule`.execute(store.db)).rows).toEqual([{ value: 'acme' }])
    expect((await sql`select "twoFactorEnabled" as step from auth_user`.execute(store.db)).rows).toEqual([
      { step: false },
    ])
    expect((await sql`select by_group from member`.execute(store.db)).rows).toEqual([{ by_group: false }])
  } finally {
    await store.close()
  }
})
