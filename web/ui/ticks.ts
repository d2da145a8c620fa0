/** Round ticks of an axis that holds both values, three to five of them, as echarts takes them. */
export function ticks(low: number, high: number): { min: number; max: number; interval: number } {
  const rough = (high - low || 0.1) / 4
  const power = 10 ** Math.floor(Math.log10(rough))
  const interval = [1, 2, 2.5, 5, 10].map((n) => n * power).find((n) => n >= rough - 1e-12)!
  return {
    min: Math.floor(low / interval + 1e-9) * interval,
    max: Math.ceil(high / interval - 1e-9) * interval,
    interval,
  }
}
