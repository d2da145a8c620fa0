import { expect, test } from 'vitest'
import { pageOf, Paging } from './paging.ts'

test('pages follow each other to the end, and what is no cursor of ours begins at the start', () => {
  const rows = Array.from({ length: 7 }, (_, i) => i)
  const seen: number[] = []
  let cursor: string | undefined
  do {
    const page = pageOf(rows, Paging.parse({ limit: 3, cursor }))
    seen.push(...page.rows)
    cursor = page.nextCursor ?? undefined
    expect(page.total).toBe(7)
  } while (cursor)
  expect(seen).toEqual(rows)
  for (const wrong of ['-3', 'x', '1e99', "1' or 1=1", ''])
    expect(pageOf(rows, Paging.parse({ limit: 2, cursor: wrong })).rows).toEqual([0, 1])
  expect(pageOf(rows, Paging.parse({ cursor: '99' }))).toEqual({ rows: [], nextCursor: null, total: 7 })
})
