import { expect, test } from 'vitest'
import { isTimeAxis, keyAt, levelsOf, placeNotes, withTimeMarks } from '../../web/ui/time-marks.ts'

const months = ['2025-01', '2025-02', '2025-03', '2025-04']
const weeks = ['2025-01-07', '2025-01-14', '2025-01-21']
const note = (from: string, to: string | null = null, text = 'x') => ({ from, to, text, kind: 'other' as const })
const tones = { soft: '#111', faint: '#222' }

test('an axis is time where it holds dates, months or days, and nothing else is', () => {
  expect(isTimeAxis({ xAxis: { type: 'category', data: months } })).toBe(true)
  expect(isTimeAxis({ xAxis: { type: 'category', data: weeks } })).toBe(true)
  expect(isTimeAxis({ xAxis: { type: 'time' } })).toBe(true)
  for (const xAxis of [
    { type: 'value' },
    { type: 'category', data: [] },
    { type: 'category', data: ['001', '002'] },
    { type: 'category', data: ['2025-01', 'All'] },
    undefined,
  ])
    expect(isTimeAxis({ xAxis })).toBe(false)
})

test('a day stands in its month, or at the first window that ends on it or later; outside the axis nowhere', () => {
  expect([
    keyAt(months, '2025-02-28'),
    keyAt(months, '2024-12-31'),
    keyAt(months, '2025-05-01'),
    keyAt([], '2025-01-01'),
  ]).toEqual(['2025-02', null, null, null])
  expect([
    keyAt(weeks, '2025-01-08'),
    keyAt(weeks, '2025-01-14'),
    keyAt(weeks, '2025-01-01'),
    keyAt(weeks, '2025-01-22'),
  ]).toEqual(['2025-01-14', '2025-01-14', null, null])
})

test('a span is cut at the ends of the axis, within one month it is a line', () => {
  expect(
    placeNotes(
      [
        note('2024-06-01', '2025-02-10'),
        note('2025-03-01', '2025-03-09'),
        note('2025-04-20', '2025-09-01'),
        note('2023-01-01', '2023-02-01'),
        note('2026-01-01'),
      ],
      months,
    ),
  ).toEqual([
    { from: '2025-01', to: '2025-02', text: 'x' },
    { from: '2025-03', to: null, text: 'x' },
    { from: '2025-04', to: null, text: 'x' },
  ])
})

test('notes are one series more and words in the tip; charts of something else stay as they are', () => {
  const chart = {
    xAxis: { type: 'category', data: months },
    grid: { top: 4 },
    series: [{ type: 'line', data: [1, 2, 3, 4] }],
    tip: () => ({ title: 'the point', lines: ['12'] }),
  }
  const drawn = withTimeMarks(
    chart,
    [note('2025-02-03', null, 'New prices'), note('2025-02-20', '2025-03-02', 'Outage')],
    tones,
  ) as unknown as {
    series: {
      name?: string
      markLine?: { data: { xAxis: string; label: { formatter: string } }[] }
      markArea?: { data: unknown }
    }[]
    grid: { top: number }
    tip: (at: number) => { lines: unknown }
  }
  expect([drawn.series.length, drawn.grid.top]).toEqual([2, 28])
  expect(drawn.series[1]!.markLine!.data.map((d) => [d.xAxis, d.label.formatter])).toEqual([
    ['2025-02', 'New prices / Outage'],
  ])
  expect(drawn.series[1]!.markArea!.data).toEqual([[{ xAxis: '2025-02' }, { xAxis: '2025-03' }]])
  expect([0, 1, 2].map((at) => drawn.tip(at).lines)).toEqual([['12'], ['12', 'New prices', 'Outage'], ['12', 'Outage']])
  const other = { ...chart, xAxis: { type: 'value' }, series: [] }
  expect(withTimeMarks(other, [note('2025-02-03')], tones)).toBe(other)
  expect(withTimeMarks(chart, [], tones)).toBe(chart)
})

test('labels that are near each other stand one above the other, in at most three rows', () => {
  expect(levelsOf([0, 0.1, 0.15, 0.3, 0.9])).toEqual([0, 1, 2, 0, 0])
  expect(Math.max(...levelsOf([0.5, 0.5, 0.5, 0.5, 0.5]))).toBe(2)
})
