/** Where the marks of a drawn chart lie on the screen. */
import type { EChartsType } from 'echarts/core'

export interface Point {
  x: number
  y: number
}
const axes = [{ xAxisIndex: 0 }, { yAxisIndex: 0 }] as const
const finders = (isLying: boolean) => (isLying ? [axes[1], axes[0]] : axes)

/** Of a place along the axis and across it; in the middle across where none is given. */
export function toPixel(chart: EChartsType, isLying: boolean, at: number, value: number | null): Point {
  const [along, across] = finders(isLying)
  const on = chart.convertToPixel(along!, at)
  const beside =
    value === null ? (isLying ? chart.getWidth() : chart.getHeight()) / 2 : chart.convertToPixel(across!, value)
  return isLying ? { x: beside, y: on } : { x: on, y: beside }
}

/** The place along the axis; null outside of what is drawn. */
export const fromPixel = (chart: EChartsType, isLying: boolean, { x, y }: Point): number | null =>
  chart.containPixel('grid', [x, y]) ? chart.convertFromPixel(finders(isLying)[0]!, isLying ? y : x) : null
