import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { scopeOf } from '../../../tests/support/scope.ts'
import { stores } from '../../../tests/support/stores.ts'
import { newId } from '../ids.ts'
import { asOf, eraseHistory, historyOf, recordHistory, type HistoryValue } from './history.ts'
import { migrate } from './migrate.ts'
import type { Store } from './open.ts'

const day = (text: string) => new Date(`2026-${text}T00:00:00Z`)

describe.each(stores)('$name', ({ skip, open }) => {
  if (skip) {
    test.skip(`not run: ${skip}`, () => undefined)
    return
  }
  let store: Store
  beforeAll(async () => {
    store = await open()
    await migrate(store)
  })
  afterAll(() => store.close())

  const book = () => {
    const scope = scopeOf(newId())
    return {
      scope,
      says: (recorded: string, id: string, field: string, validFrom: string, value: HistoryValue) =>
        recordHistory(
          store.db,
          scope,
          'epic',
          [{ id, field, value, validFrom: day(validFrom), source: 'import', who: null }],
          day(recorded),
        ),
      at: async (validAt: string, recordedAt?: string) =>
        Object.fromEntries(
          await asOf(store.db, scope, 'epic', {
            validAt: day(validAt),
            ...(recordedAt ? { recordedAt: day(recordedAt) } : {}),
          }),
        ),
    }
  }

  test('a thing is as it was at a time, each field for itself, and unknown before anything was said of it', async () => {
    const { says, at } = book()
    await says('01-10', 'e1', 'due', '01-10', '2026-03-31')
    await says('01-10', 'e1', 'status', '01-10', 'planned')
    await says('02-01', 'e1', 'status', '02-01', 'started')
    await says('02-05', 'e2', 'status', '02-05', 'planned')
    expect(await at('01-09')).toEqual({})
    expect(await at('01-10')).toEqual({ e1: { due: '2026-03-31', status: 'planned' } })
    expect(await at('02-06')).toEqual({ e1: { due: '2026-03-31', status: 'started' }, e2: { status: 'planned' } })
  })

  test('a correction of the past changes what was so, and nothing of what was known then', async () => {
    const { scope, says, at } = book()
    await says('01-10', 'e1', 'due', '01-10', 'Q1')
    await says('03-01', 'e1', 'due', '03-01', 'Q2')
    // Found out in April: in truth it had slipped in February already, to Q3, until the date of March.
    await says('04-01', 'e1', 'due', '02-01', 'Q3')
    expect(await at('01-31')).toEqual({ e1: { due: 'Q1' } })
    expect(await at('02-15')).toEqual({ e1: { due: 'Q3' } })
    expect(await at('03-15')).toEqual({ e1: { due: 'Q2' } })
    // A deck of March shows what was known in March.
    expect(await at('02-15', '03-31')).toEqual({ e1: { due: 'Q1' } })
    // The same moment said again: the last word counts, from when it was said.
    await says('04-02', 'e1', 'due', '03-01', 'Q4')
    expect(await at('03-15')).toEqual({ e1: { due: 'Q4' } })
    expect(await at('03-15', '04-01')).toEqual({ e1: { due: 'Q2' } })
    expect(await historyOf(store.db, scope, 'epic', 'e1')).toMatchObject([
      { value: 'Q1' },
      { value: 'Q2' },
      { value: 'Q3', validFrom: day('02-01'), recordedAt: day('04-01'), source: 'import' },
      { value: 'Q4' },
    ])
  })

  test('what is written down of the future is so from then on; what has no value any more says so; of two words at one moment the later counts', async () => {
    const { says, at } = book()
    await says('01-10', 'e1', 'owner', '01-10', 'Ann')
    await says('01-10', 'e1', 'owner', '06-01', 'Bob')
    await says('01-11', 'e1', 'tags', '01-11', ['a', { b: 1.5 }])
    await says('01-11', 'e1', 'tags', '01-11', [])
    expect(await at('05-31')).toEqual({ e1: { owner: 'Ann', tags: [] } })
    expect(await at('06-01')).toEqual({ e1: { owner: 'Bob', tags: [] } })
    await says('07-01', 'e1', 'owner', '07-01', null)
    expect(await at('07-02')).toEqual({ e1: { owner: null, tags: [] } })
  })

  test('nothing that was written down is changed or taken away, but for somebody who has to be forgotten; other workspaces and kinds are not seen', async () => {
    const { scope, says, at } = book()
    await says('01-10', 'p1', 'name', '01-10', 'Ann')
    await says('01-10', 'p2', 'name', '01-10', 'Bob')
    await expect(
      store.pool.query(`update history set value = '1' where workspace_id = '${scope.workspaceId}'`),
    ).rejects.toThrow('append-only')
    await expect(store.pool.query(`delete from history where workspace_id = '${scope.workspaceId}'`)).rejects.toThrow(
      'append-only',
    )
    expect(await asOf(store.db, scopeOf(newId()), 'epic', { validAt: day('12-01') })).toEqual(new Map())
    expect(await asOf(store.db, scope, 'plan', { validAt: day('12-01') })).toEqual(new Map())
    expect(await store.transaction((tx) => eraseHistory(tx, scopeOf(newId()), 'epic', 'p1'))).toBe(0)
    expect(await store.transaction((tx) => eraseHistory(tx, scope, 'epic', 'p1'))).toBe(1)
    expect(await at('12-01')).toEqual({ p2: { name: 'Bob' } })
    await expect(store.pool.query(`delete from history where workspace_id = '${scope.workspaceId}'`)).rejects.toThrow(
      'append-only',
    )
  })
})
