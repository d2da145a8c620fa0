/** What a file says of an amount beyond its size, in a table beside the amount’s own. */
import type { Target } from '../importing/upsert.ts'

export const moneyTerms = { currency: 'currency', local_arr_cents: 'currency', rate: 'currency' }

/** The terms that a file speaks of; one that speaks of none writes none, and leaves what another file said. */
export function termTarget(
  {
    table,
    keys,
    terms,
    select,
  }: { table: string; keys: string[]; terms: Record<string, string>; select: (columns: string) => string },
  mapped: ReadonlySet<string>,
): Target[] {
  const columns = Object.keys(terms)
  const values = columns.filter((column) => mapped.has(terms[column]!))
  return values.length === 0
    ? []
    : [
        {
          table,
          keys,
          values,
          kept: columns.filter((column) => !values.includes(column)),
          select: select(columns.join(', ')),
        },
      ]
}
