import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { testApp, type TestApp } from '../../../tests/support/app.ts'
import { scopeOf } from '../../../tests/support/scope.ts'
import { newDatabase } from '../../../tests/support/stores.ts'
import { newId } from '../ids.ts'
import { makeLink } from './making.ts'
import { openLink } from './operations.ts'
import { findLink, revokeLinks, useLink } from './queries.ts'
import { hashToken } from '../ids.ts'

const { missing } = inject('postgres')
describe.each([
  { name: 'embedded', skip: null, address: async () => undefined },
  { name: 'PostgreSQL', skip: missing, address: async () => ({ url: await newDatabase() }) },
])('$name', ({ skip, address }) => {
  if (skip) {
    test.skip(`not run: ${skip}`, () => undefined)
    return
  }
  let app: TestApp
  beforeAll(async () => {
    app = await testApp({ store: await address() })
  })
  afterAll(() => app.close())

  test('a link is 128 random bits of which a hash is kept; of two last uses at once one counts; revoked, it is over', async () => {
    const { id } = await app.workspace()
    const [scope, other] = [scopeOf(id), scopeOf((await app.workspace()).id)]
    const context = { ...app, ...app.services, scope }
    const subject = { kind: 'study', id: newId() }
    const made = await makeLink(
      { ...context, services: app.services },
      {
        purpose: 'screener',
        subject,
        expiresAt: new Date(Date.now() + 60_000),
        mostUses: 2,
        createdBy: null,
      },
    )
    const token = made.address.split('/l/')[1]!
    expect(Buffer.from(token, 'base64url')).toHaveLength(16)
    const kept = await findLink(app.services.db, hashToken(token))
    expect(kept).toMatchObject({ id: made.tokenId, workspaceId: id, purpose: 'screener', subject, uses: 0 })
    expect(
      JSON.stringify(
        await app.services.db.withTables<{ link_token: object }>().selectFrom('link_token').selectAll().execute(),
      ),
    ).not.toContain(token)

    const takes = () => app.services.transaction((tx) => useLink(tx, made.tokenId, app.services.now()))
    expect((await Promise.all([takes(), takes(), takes()])).sort()).toEqual([false, true, true])
    const caller = { actor: null, workspace: null, link: token, client: '203.0.113.9' }
    await expect(app.perform(openLink, caller)).rejects.toThrow('This link has been used.')

    const again = await makeLink(
      { ...context, services: app.services },
      { purpose: 'screener', subject, expiresAt: new Date(Date.now() + 60_000), mostUses: null, createdBy: null },
    )
    const open = { ...caller, link: again.address.split('/l/')[1]! }
    expect(await app.perform(openLink, open)).toEqual({ purpose: 'screener' })
    expect(await revokeLinks(app.services.db, other, { subject }, app.services.now())).toBe(0)
    expect(await app.perform(openLink, open)).toEqual({ purpose: 'screener' })
    expect(await revokeLinks(app.services.db, scope, { subject, purpose: 'screener' }, app.services.now())).toBe(2)
    await expect(app.perform(openLink, open)).rejects.toThrow('This link has expired.')
  })

  test('whoever tries links that do not work is stopped for a while, and nobody else; where they ask from is not kept', async () => {
    app.clock.set('2026-03-01T09:00:00Z')
    const codes: string[] = []
    const guess = (client: string) =>
      app.perform(openLink, { actor: null, workspace: null, link: newId(), client }).then(
        () => 'opened',
        (error: { code: string }) => error.code,
      )
    for (let i = 0; i < 21; i += 1) codes.push(await guess('203.0.113.7'))
    expect(codes).toEqual([...Array<string>(20).fill('not-found'), 'limit'])
    expect(await guess('203.0.113.8')).toBe('not-found')
    // A network of IPv6 is one place, however many addresses it has.
    for (let i = 0; i < 20; i += 1) await guess(`2001:db8:1:2::${i}`)
    expect(await guess('2001:db8:1:2:ffff::')).toBe('limit')
    app.clock.set('2026-03-01T09:01:01Z')
    expect(await guess('203.0.113.7')).toBe('not-found')
    const rates = await app.services.db
      .withTables<{ auth_rate_limit: { key: string } }>()
      .selectFrom('auth_rate_limit')
      .select('key')
      .execute()
    expect(rates.length).toBeGreaterThan(2)
    expect(JSON.stringify(rates)).not.toContain('203.0.113')
  })
})
