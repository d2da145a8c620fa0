/** What differs between engines in the canonical SQL; dates are computed in TypeScript, so few things do. */
export interface Dialect {
  name: string
  date(day: string): string
  bitAnd(column: string, mask: bigint | string): string
  text(value: string): string
  /** The value of the row with the greatest `by` among those that fit. */
  latest(value: string, by: string, where: string): string
  earliest(value: string, by: string): string
  /** Asks for a common table to be read once, where several parts of a statement use it. */
  materialized: string
}

export const duckdb: Dialect = {
  name: 'duckdb',
  date: (day) => `date '${isoDay(day)}'`,
  bitAnd: (column, mask) => `(${column} & ${mask})`,
  latest: (value, by, where) => `arg_max(${value}, ${by}) filter (where ${where})`,
  earliest: (value, by) => `arg_min(${value}, ${by})`,
  materialized: 'materialized',
  text: (value) => `'${value.replaceAll("'", "''")}'`,
}

function isoDay(day: string): string {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) throw new Error(`not a day: ${day}`)
  return day
}
