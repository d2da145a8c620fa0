/** Which form a column's dates have; where the values leave two forms open, both are named and a person is asked. */

export interface DateForm {
  format: string
  pattern: RegExp
  fits: (m: RegExpExecArray) => boolean
}

const inMonth = (text: string | undefined) => Number(text) >= 1 && Number(text) <= 12
const inDay = (text: string | undefined) => Number(text) >= 1 && Number(text) <= 31
const time = '(?:[ T](\\d{1,2}):(\\d{2})(?::(\\d{2}))?)?'

function forms(): DateForm[] {
  const list: DateForm[] = []
  const separators: [string, string][] = [
    ['.', '\\.'],
    ['/', '/'],
    ['-', '-'],
  ]
  for (const [s, escaped] of separators) {
    const numeric = new RegExp(`^(\\d{1,2})${escaped}(\\d{1,2})${escaped}(\\d{4})${time}$`)
    list.push({ format: `D${s}M${s}YYYY`, pattern: numeric, fits: (m) => inDay(m[1]) && inMonth(m[2]) })
    list.push({ format: `M${s}D${s}YYYY`, pattern: numeric, fits: (m) => inMonth(m[1]) && inDay(m[2]) })
    const short = new RegExp(`^(\\d{1,2})${escaped}(\\d{1,2})${escaped}(\\d{2})${time}$`)
    list.push({ format: `D${s}M${s}YY`, pattern: short, fits: (m) => inDay(m[1]) && inMonth(m[2]) })
    list.push({ format: `M${s}D${s}YY`, pattern: short, fits: (m) => inMonth(m[1]) && inDay(m[2]) })
    if (s !== '-')
      list.push({
        format: `YYYY${s}M${s}D`,
        pattern: new RegExp(`^(\\d{4})${escaped}(\\d{1,2})${escaped}(\\d{1,2})${time}$`),
        fits: (m) => inMonth(m[2]) && inDay(m[3]),
      })
  }
  return list
}

const knownForms = forms()
const iso = /^\d{4}-\d{2}(-\d{2})?([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?( ?(Z|UTC|[+-]\d{2}:?\d{2}|[+-]\d{2}))?)?$/

/** @returns the forms that all values fit; one is an answer, two are a question, none is no date. Formats bear the time where the values do. */
export function dateFormats(values: readonly string[]): string[] {
  const given = values.map((v) => v.trim()).filter(Boolean)
  if (given.length === 0) return []
  if (given.every((v) => iso.test(v))) return ['iso']
  const compact = given.every((v) => /^(19|20)\d{6}$/.test(v) && inMonth(v.slice(4, 6)) && inDay(v.slice(6)))
  if (compact) return ['YYYYMMDD']
  if (given.every((v) => /^\d{13}$/.test(v))) return ['unix-ms']
  if (given.every((v) => /^1\d{9}(\.\d+)?$/.test(v))) return ['unix']
  const fitting = knownForms.filter((form) =>
    given.every((v) => {
      const m = form.pattern.exec(v)
      return m !== null && form.fits(m)
    }),
  )
  return fitting.map((form) => form.format + timeOf(given, form.pattern))
}

function timeOf(values: readonly string[], pattern: RegExp): string {
  const times = values.map((v) => pattern.exec(v)!.slice(4))
  if (times.every((t) => t[0] === undefined)) return ''
  return times.every((t) => t[2] !== undefined) ? ' H:mm:ss' : ' H:mm'
}

const tokens: [string, string][] = [
  ['YYYY', '%Y'],
  ['YY', '%y'],
  ['MM', '%m'],
  ['M', '%-m'],
  ['DD', '%d'],
  ['D', '%-d'],
  ['HH', '%H'],
  ['H', '%-H'],
  ['mm', '%M'],
  ['ss', '%S'],
]

/** Our tokens as DuckDB's strptime form. */
export function strptimeFormat(format: string): string {
  let rest = format
  let out = ''
  while (rest) {
    const token = tokens.find(([name]) => rest.startsWith(name))
    out += token ? token[1] : rest[0] === '%' ? '%%' : rest[0]
    rest = rest.slice(token ? token[0].length : 1)
  }
  return out
}

/** `D.M.YYYY` as `31.12.2025`, for a question to a person. */
export const exampleOf = (format: string): string =>
  format
    .replace('YYYY', '2025')
    .replace('YY', '25')
    .replace(/MM?/, '12')
    .replace(/DD?/, '31')
    .replace(/HH?/, '18')
    .replace('mm', '30')
    .replace('ss', '00')
