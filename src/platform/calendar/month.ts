/** Months as text `YYYY-MM`, and as an index (year * 12 + month - 1) that can be counted with. */
export const monthIndex = (month: string): number => Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 1

export const monthText = (index: number): string =>
  `${String(Math.floor(index / 12)).padStart(4, '0')}-${String((index % 12) + 1).padStart(2, '0')}`

/** The last day of the month, `YYYY-MM-DD`. */
export function monthEnd(index: number): string {
  const last = new Date(Date.UTC(Math.floor(index / 12), (index % 12) + 1, 0))
  return last.toISOString().slice(0, 10)
}

/** Whole days from one day to another; negative where `to` is before `from`. */
export const daysBetween = (from: string, to: string): number =>
  Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000)

export const addDays = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
