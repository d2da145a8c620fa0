/** JavaScript types of PostgreSQL values, set once for both drivers: dates stay text, whole numbers are numbers. */
import pg from 'pg'

const int8 = 20
const numeric = 1700
const date = 1082

let isSet = false
function setParsers(): void {
  if (isSet) return
  isSet = true
  pg.types.setTypeParser(date, (text) => text)
  pg.types.setTypeParser(numeric, Number)
  pg.types.setTypeParser(int8, (text) => {
    const value = Number(text)
    if (!Number.isSafeInteger(value))
      throw new RangeError(`${text} is beyond the whole numbers that can be held exactly`)
    return value
  })
}

export function pgTypes(): typeof pg.types {
  setParsers()
  return pg.types
}

/** The same parsers in the embedded engine's form: type id to function. */
export function textParsers(): Record<number, (text: string) => unknown> {
  const types = pgTypes()
  return Object.fromEntries(
    Array.from({ length: 4100 }, (_, i) => [i + 16, types.getTypeParser(i + 16, 'text') as (text: string) => unknown]),
  )
}
