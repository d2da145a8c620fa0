/** What differs between engines in the canonical SQL; dates are computed in TypeScript, so few things do. */
export interface Dialect {
  name: string
  date(day: string): string
  bitAnd(column: string, mask: bigint): string
  text(value: string): string
}

export const duckdb: Dialect = {
  name: 'duckdb',
  date: (day) => `date '${isoDay(day)}'`,
  bitAnd: (column, mask) => `(${column} & ${mask})`,
  text: (value) => `'${value.replaceAll("'", "''")}'`,
}

export function isoDay(day: string): string {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) throw new Error(`not a day: ${day}`)
  return day
}
