/**
 * How far to move the names at the ends of lines, in pixels downwards, so that none covers another; each stays as near to its
 * line as the others allow.
 * @param ends the last value of each line @param pixelsPerUnit height of one unit of the axis @param highest where the picture ends, in the axis's unit
 */
export function spreadLabels(ends: readonly number[], pixelsPerUnit: number, highest = Infinity, gap = 14): number[] {
  const order = ends
    .map((value, i) => ({ i, wanted: -value * pixelsPerUnit, y: -value * pixelsPerUnit }))
    .sort((a, b) => a.y - b.y)
  // Down by as much as needed, then half of that back up for each run that was pushed, so that it sits around its middle.
  for (const [n, label] of order.entries()) if (n > 0) label.y = Math.max(label.y, order[n - 1]!.y + gap)
  for (let from = 0; from < order.length;) {
    let to = from
    while (to + 1 < order.length && order[to + 1]!.y - order[to]!.y <= gap + 1e-9) to += 1
    const run = order.slice(from, to + 1)
    const shift = run.reduce((sum, l) => sum + l.wanted - l.y, 0) / run.length
    const room = from === 0 ? shift : Math.max(shift, order[from - 1]!.y + gap - run[0]!.y)
    for (const label of run) label.y += room
    from = to + 1
  }
  let least = -highest * pixelsPerUnit
  for (const label of order) {
    label.y = Math.max(label.y, least)
    least = label.y + gap
  }
  const moved = ends.map(() => 0)
  for (const label of order) moved[label.i] = Math.round(label.y - label.wanted)
  return moved
}

/**
 * The name at the end of a line, as echarts takes it: legible where the line ends earlier than others that go on beneath it.
 * @param body the colour behind the picture @param down how far it is moved, as `spreadLabels` says
 */
export const endLabel = (colour: string, body: string, down: number, name: string) => ({
  show: true,
  color: colour,
  textBorderColor: body,
  textBorderWidth: 3,
  fontSize: 12,
  distance: 6,
  offset: [0, down],
  formatter: () => name,
})
