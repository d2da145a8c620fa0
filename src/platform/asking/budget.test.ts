import { describe, expect, inject, test } from 'vitest'
import { testApp } from '../../../tests/support/app.ts'
import { scopeOf } from '../../../tests/support/scope.ts'
import { newDatabase } from '../../../tests/support/stores.ts'
import { lookAtBudget, ledgerKey, spendBudget } from './budget.ts'
import { forgetAskings, markTookPart } from './queries.ts'
import { askingTables } from './tables.ts'

const policy = { name: 'customers', windowDays: 30, most: 2, restDays: 5, restDaysAfterTakingPart: 10 }
const { missing } = inject('postgres')

describe.each([
  { name: 'embedded', skip: null, address: async () => undefined },
  { name: 'PostgreSQL', skip: missing, address: async () => ({ url: await newDatabase() }) },
])('$name', ({ skip, address }) => {
  if (skip) {
    test.skip(`not run: ${skip}`, () => undefined)
    return
  }

  test('what is asked of a person is counted over all rooms, once for each address, in their workspace alone, and stands or falls with the write', async () => {
    const app = await testApp({ store: await address() })
    try {
      app.clock.set('2026-03-01T09:00:00Z')
      const { services } = app
      const [scope, other] = [scopeOf((await app.workspace()).id), scopeOf((await app.workspace()).id)]
      const on = (db = services.db, of = scope) => ({ db, scope: of, now: services.now, services })
      const ann = { email: 'Ann@example.com' }
      const bob = { userId: 'bob' }
      const spend = (people: ({ email: string } | { userId: string })[], of = scope) =>
        services.transaction((tx) => spendBudget(on(tx, of), policy, people, 'screener'))

      await services
        .transaction(async (tx) => {
          await spendBudget(on(tx), policy, [ann], 'undone')
          throw new Error('the write failed')
        })
        .catch(() => undefined)
      const first = await spend([ann, bob, { email: ' ann@EXAMPLE.com ' }])
      expect(first.map((one) => one.isAllowed)).toEqual([true, true])
      const again = await spend([ann])
      expect(again).toMatchObject([
        { who: ann, isAllowed: false, why: 'asked-lately', opensAt: new Date('2026-03-06T09:00:00Z') },
      ])
      expect((await spend([ann], other))[0]!.isAllowed).toBe(true)
      expect(JSON.stringify(await askingTables(services.db).selectFrom('asking').selectAll().execute())).not.toMatch(
        /ann@/i,
      )

      app.clock.set('2026-03-06T09:00:00Z')
      const { askingId } = first[1] as { askingId: string }
      expect(await markTookPart(services.db, other, askingId, services.now())).toBe(false)
      expect(await markTookPart(services.db, scope, askingId, services.now())).toBe(true)
      expect((await lookAtBudget(on(), policy, [ann, bob])).map(({ verdict }) => verdict)).toMatchObject([
        { isAllowed: true },
        { isAllowed: false, why: 'took-part-lately', opensAt: new Date('2026-03-16T09:00:00Z') },
      ])

      // Two rooms at once: one of them has the last.
      const both = await Promise.all([spend([ann]), spend([ann])])
      expect(
        both
          .flat()
          .map((one) => one.isAllowed)
          .sort(),
      ).toEqual([false, true])
      await forgetAskings(services.db, scope, ledgerKey(ann, services))
      expect((await lookAtBudget(on(), policy, [ann]))[0]!.verdict).toEqual({ isAllowed: true })
    } finally {
      await app.close()
    }
  })
})
