import { expect, test } from 'vitest'
import { isThere, markAt, marksOf, nearest, walk, type Walked } from '../../web/ui/marks.ts'
import { placeTip, sayTip } from '../../web/ui/tip.tsx'

const months = { type: 'category', data: ['2025-01', '2025-02', '2025-03'] }
const value = { type: 'value' }
const line = (name: string, data: unknown[]) => ({ type: 'line', name, data })
const keys = (marks: ReturnType<typeof marksOf>, lanes: string[], from: Walked, pressed: string[]) =>
  pressed.map((key) => (from = walk(marks, lanes, from, key) ?? from)).map(({ stop, lane }) => `${stop} ${lane}`)

test('lines are walked month by month, and from line to line as they stand there; a line without a value there is passed over', () => {
  const marks = marksOf({
    xAxis: months,
    yAxis: value,
    series: [line('All', [2, { value: 2 }, 2]), line('A', [1, 3, null]), line('B', [3, 1, 4])],
  })
  const lanes = ['All', 'A', 'B']
  expect(
    keys(marks, lanes, { stop: 0, lane: 'All' }, ['ArrowUp', 'ArrowRight', 'ArrowUp', 'ArrowUp', 'ArrowUp']),
  ).toEqual(['0 B', '1 B', '1 All', '1 A', '1 A'])
  expect(keys(marks, lanes, { stop: 1, lane: 'A' }, ['End', 'ArrowRight', 'ArrowDown', 'Home', 'ArrowLeft'])).toEqual([
    '2 A',
    '2 A',
    '2 All',
    '0 All',
    '0 All',
  ])
  expect(markAt(marks, { stop: 2, lane: 'A' })).toBe(undefined)
  expect(walk(marks, lanes, { stop: 0, lane: 'A' }, 'x')).toBe(null)
})

test('bars that lie are walked downwards, their parts to the right; where a bar has no parts to follow all arrows lead along', () => {
  const part = (name: string, data: number[]) => ({ type: 'bar', stack: 'one', name, data })
  const marks = marksOf({ yAxis: [months], xAxis: value, series: [part('low', [1, 2, 0]), part('high', [3, 0, 0])] })
  expect(marks.isLying).toBe(true)
  expect(keys(marks, ['low', 'high'], { stop: 0, lane: 'low' }, ['ArrowRight', 'ArrowDown', 'ArrowLeft'])).toEqual([
    '0 high',
    '1 high',
    '1 low',
  ])
  expect(keys(marks, [], { stop: 0, lane: null }, ['ArrowDown', 'ArrowRight', 'ArrowUp', 'ArrowLeft'])).toEqual([
    '1 null',
    '2 null',
    '1 null',
    '0 null',
  ])
  expect(markAt(marks, { stop: 0, lane: 'high' })).toMatchObject({ from: 1, to: 4, series: 1, index: 0 })
  expect(markAt(marks, { stop: 1, lane: null })).toMatchObject({ series: 0, from: 0, to: 2 })
  expect(isThere(markAt(marks, { stop: 2, lane: null })!)).toBe(false)
})

test('what only frames the others lifts the bars that stand on it and is not walked', () => {
  const bridge = { type: 'bar', stack: 'bridge' }
  const marks = marksOf({
    xAxis: months,
    yAxis: value,
    series: [
      { ...bridge, silent: true, data: [0, 5, 2] },
      { ...bridge, data: [{ value: 5 }, { value: 1 }, { value: 3 }] },
    ],
  })
  expect(marks.stops.map((s) => s.marks.map((m) => [m.series, m.from, m.to]))).toEqual([
    [[1, 0, 5]],
    [[1, 5, 6]],
    [[1, 2, 5]],
  ])
})

test('on an axis of days or dates the stops are those of all lines; a line of steps stands at its last value as far as it is drawn', () => {
  const steps = (name: string, data: [number, number][]) => ({ ...line(name, data), step: 'end' })
  const curve = marksOf({
    xAxis: value,
    yAxis: value,
    series: [
      steps('A', [
        [0, 0],
        [5, 0.2],
        [30, 0.2],
      ]),
      steps('B', [
        [0, 0],
        [0, 0.1],
        [10, 0.3],
      ]),
    ],
  })
  expect(curve.stops.map((s) => [s.at, ...s.marks.map((m) => `${m.name} ${m.to}`).sort()])).toEqual([
    [0, 'A 0', 'B 0.1'],
    [5, 'A 0.2', 'B 0.1'],
    [10, 'A 0.2', 'B 0.3'],
    [30, 'A 0.2'],
  ])
  expect([-3, 2, 8, 99].map((at) => nearest(curve, at))).toEqual([0, 0, 2, 3])
  const dated = marksOf({ xAxis: { type: 'time' }, yAxis: value, series: [line('A', [['2025-01-31', 4]])] })
  expect(dated.stops.map((s) => s.at)).toEqual([Date.parse('2025-01-31')])
})

test('a tip is told whole, or of the line that is followed with what else happened', () => {
  const tip = { title: 'Jan 2025', lines: [{ name: 'All', text: '90 %' }, { name: 'A', text: '80 %' }, 'New prices'] }
  expect(sayTip(tip, null)).toBe('Jan 2025. All: 90 %; A: 80 %; New prices')
  expect(sayTip(tip, 'A')).toBe('Jan 2025. A: 80 %; New prices')
})

test('a tip stands beside its mark where there is room, else below or above it, and never beyond the sides', () => {
  const tip = { width: 200, height: 60 }
  const wide = { width: 800, height: 300 }
  expect(placeTip({ x: 100, y: 150 }, tip, wide)).toEqual({ left: 114, top: 120 })
  expect(placeTip({ x: 700, y: 290 }, tip, wide)).toEqual({ left: 486, top: 240 })
  const narrow = { width: 300, height: 300 }
  expect(placeTip({ x: 150, y: 100 }, tip, narrow)).toEqual({ left: 50, top: 114 })
  expect(placeTip({ x: 140, y: 280 }, tip, narrow)).toEqual({ left: 40, top: 206 })
})
