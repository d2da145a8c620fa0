/** What the stagings of datasets share: a field that may be absent, and days that nobody means. */
import type { Check } from '../mapping/convert.ts'
import type { Fields } from '../declaration.ts'

const earliest = `date '1990-01-01'`

export const dateChecks = (fields: Fields, names: string[]): Check[] =>
  names.flatMap((name) => {
    const f = fields.get(name)
    return f
      ? [
          { when: `${f.value} < ${earliest}`, reason: `${f.field.label} lies before 1990`, field: name, text: f.text },
          {
            when: `${f.value} > date '2200-01-01'`,
            reason: `${f.field.label} lies beyond 2200`,
            field: name,
            text: f.text,
          },
        ]
      : []
  })

export const value = (fields: Fields, name: string, type = 'varchar') =>
  fields.get(name)?.value ?? `cast(null as ${type})`
