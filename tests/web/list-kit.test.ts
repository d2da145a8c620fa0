import { expect, test } from 'vitest'
import {
  choicesOf,
  compare,
  grouped,
  isFound,
  isIn,
  nextSort,
  sortFrom,
  sortText,
  type ListColumn,
} from '../../web/ui/list/columns.ts'

interface Row {
  name: string
  state: string
  size: number | null
}
const columns: ListColumn<Row>[] = [
  { key: 'name', title: 'Name', by: (r) => r.name, render: (r) => r.name },
  { key: 'state', title: 'State', choice: (r) => r.state, render: (r) => r.state },
  { key: 'size', title: 'Size', by: (r) => r.size, render: (r) => r.size, isNumber: true },
]
const rows: Row[] = [
  { name: 'Zürich 10', state: 'Open', size: 3 },
  { name: 'zürich 9', state: 'Closed', size: null },
  { name: 'Aarau', state: 'Open', size: 12 },
]

test('a press sorts, a second turns it round, a third goes back; numbers begin with the largest', () => {
  const [name, , size] = columns as [ListColumn<Row>, ListColumn<Row>, ListColumn<Row>]
  const once = nextSort(null, name)
  expect([once, nextSort(once, name), nextSort(nextSort(once, name), name)]).toEqual([
    { key: 'name', isDown: false },
    { key: 'name', isDown: true },
    null,
  ])
  expect(nextSort(once, size)).toEqual({ key: 'size', isDown: true })
  for (const text of ['name', '-size', undefined]) expect(sortText(sortFrom(text))).toBe(text)
})

test('texts are compared as people read them', () => {
  expect(rows.map((r) => r.name).sort(compare)).toEqual(['Aarau', 'zürich 9', 'Zürich 10'])
  expect([3, 12, 1].sort(compare)).toEqual([1, 3, 12])
})

test('every word is found somewhere in the row, and filters hold together', () => {
  expect(rows.filter((r) => isFound(r, columns, 'open zür')).map((r) => r.name)).toEqual(['Zürich 10'])
  expect(rows.filter((r) => isIn(r, columns, { state: ['Open'], gone: ['x'] }))).toHaveLength(2)
  expect(rows.filter((r) => isIn(r, columns, { state: [] }))).toHaveLength(3)
  expect(choicesOf(rows, columns[1]!)).toEqual(['Closed', 'Open'])
})

test('groups keep the order of their rows', () => {
  expect(grouped(rows, (r) => r.state).map((g) => [g.name, g.rows.map((r) => r.name)])).toEqual([
    ['Open', ['Zürich 10', 'Aarau']],
    ['Closed', ['zürich 9']],
  ])
})
