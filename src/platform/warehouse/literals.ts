/** Values within a statement of the warehouse, where they let the engine plan with them. */

/** @param day YYYY-MM-DD @throws for any other text */
export function dayLiteral(day: string): string {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) throw new Error(`not a day: ${day}`)
  return `date '${day}'`
}

export const textLiteral = (value: string): string => `'${value.replaceAll("'", "''")}'`

/** The value of the row with the greatest `by` among those that fit. */
export const latestSql = (value: string, by: string, where: string): string =>
  `arg_max(${value}, ${by}) filter (where ${where})`

export const earliestSql = (value: string, by: string): string => `arg_min(${value}, ${by})`
