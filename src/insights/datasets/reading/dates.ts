/** Which form a column's dates have; where the values leave two forms open, both are named and a person is asked. */
import { monthOfName, numberMonthsSql } from './month-names.ts'

interface DateForm {
  format: string
  pattern: RegExp
  fits: (m: RegExpExecArray) => boolean
}

const inMonth = (text: string | undefined) => Number(text) >= 1 && Number(text) <= 12
const inDay = (text: string | undefined) => Number(text) >= 1 && Number(text) <= 31
const isMonth = (text: string | undefined) => monthOfName(text ?? '') !== null
const clock =
  '(?:(?<before>,? |T|,? at )(?<hour>\\d{1,2}):(?<minute>[0-5]\\d)(?::(?<second>[0-5]\\d))?(?:(?<gap> ?)(?<half>[aApP]\\.? ?[mM]\\.?))?)?'

const form = (format: string, day: string, fits: DateForm['fits']): DateForm => ({
  format,
  pattern: new RegExp(`^${day}${clock}$`, 'u'),
  fits,
})

const [oneOrTwo, four, two] = ['(\\d{1,2})', '(\\d{4})', '(\\d{2})']

const numericForms = (
  [
    ['.', '\\.'],
    ['/', '/'],
    ['-', '-'],
  ] as const
).flatMap(([s, escaped]): DateForm[] => {
  const joined = (...parts: string[]) => parts.join(escaped)
  const short = joined(oneOrTwo, oneOrTwo, two)
  const long = joined(oneOrTwo, oneOrTwo, four)
  return [
    form(`D${s}M${s}YYYY`, long, (m) => inDay(m[1]) && inMonth(m[2])),
    form(`M${s}D${s}YYYY`, long, (m) => inMonth(m[1]) && inDay(m[2])),
    form(`D${s}M${s}YY`, short, (m) => inDay(m[1]) && inMonth(m[2])),
    form(`M${s}D${s}YY`, short, (m) => inMonth(m[1]) && inDay(m[2])),
    form(`YYYY${s}M${s}D`, joined(four, oneOrTwo, oneOrTwo), (m) => inMonth(m[2]) && inDay(m[3])),
  ]
})

const word = '(\\p{L}{3,})\\.?'
const ordinal = '(\\d{1,2})(?:st|nd|rd|th|er|ST|ND|RD|TH|ER)?'

/** With a name for the month no day can be taken for one. */
const namedForms: DateForm[] = [
  ...[' ', '-', '/'].flatMap((s) => [
    form(`D${s}MMM${s}YYYY`, `${ordinal}${s}${word}${s}${four}`, (m) => inDay(m[1]) && isMonth(m[2])),
    form(`D${s}MMM${s}YY`, `${ordinal}${s}${word}${s}${two}`, (m) => inDay(m[1]) && isMonth(m[2])),
    form(`YYYY${s}MMM${s}D`, `${four}${s}${word}${s}${oneOrTwo}`, (m) => isMonth(m[2]) && inDay(m[3])),
    form(`MMM${s}YYYY`, `${word}${s}${four}`, (m) => isMonth(m[1])),
  ]),
  form('D. MMM YYYY', `${oneOrTwo}\\. ${word} ${four}`, (m) => inDay(m[1]) && isMonth(m[2])),
  form('D de MMM de YYYY', `${oneOrTwo} de ${word} de ${four}`, (m) => inDay(m[1]) && isMonth(m[2])),
  form('MMM D, YYYY', `${word} ${ordinal}, ${four}`, (m) => isMonth(m[1]) && inDay(m[2])),
  form('MMM D YYYY', `${word} ${ordinal} ${four}`, (m) => isMonth(m[1]) && inDay(m[2])),
  // As spreadsheets write a month.
  form('MMM-YY', `${word}-${two}`, (m) => isMonth(m[1])),
]

const knownForms = [...numericForms, ...namedForms]
const iso = /^\d{4}-\d{2}(-\d{2})?([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?( ?(Z|UTC|[+-]\d{2}:?\d{2}|[+-]\d{2}))?)?$/

/** @returns the forms that all values fit; one is an answer, two are a question, none is no date. Formats bear the time where the values do. */
export function dateFormats(values: readonly string[]): string[] {
  const given = values.map((v) => v.replaceAll(/[\u00A0\u202F]/g, ' ').trim()).filter(Boolean)
  if (given.length === 0) return []
  if (given.every((v) => iso.test(v))) return ['iso']
  const compact = given.every((v) => /^(19|20)\d{6}$/.test(v) && inMonth(v.slice(4, 6)) && inDay(v.slice(6)))
  if (compact) return ['YYYYMMDD']
  if (given.every((v) => /^\d{13}$/.test(v))) return ['unix-ms']
  if (given.every((v) => /^1\d{9}(\.\d+)?$/.test(v))) return ['unix']
  return knownForms.flatMap(({ format, pattern, fits }) => {
    const times: Clock[] = []
    for (const value of given) {
      const m = pattern.exec(value)
      if (!m || !fits(m)) return []
      times.push(m.groups as unknown as Clock)
    }
    const time = timeOf(times)
    return time === null ? [] : [format + time]
  })
}

type Clock = Partial<Record<'before' | 'hour' | 'minute' | 'second' | 'gap' | 'half', string>>

/** How the times are written, nothing where there is none; null where they are written in two ways. */
function timeOf(all: readonly Clock[]): string | null {
  const times = all.filter((t) => t.hour !== undefined)
  const [first] = times
  if (!first) return ''
  const isOneWay = times.every(
    (t) =>
      t.before === first.before &&
      t.gap === first.gap &&
      Number(t.hour) <= (first.half === undefined ? 23 : 12) &&
      (t.half === undefined || Number(t.hour) >= 1),
  )
  if (!isOneWay) return null
  const minutes = `mm${times.every((t) => t.second !== undefined) ? ':ss' : ''}`
  return first.half === undefined ? `${first.before!}H:${minutes}` : `${first.before!}h:${minutes}${first.gap!}A`
}

/** Token, as the engine writes it, and an example. */
const tokens: [string, string, string][] = [
  ['YYYY', '%Y', '2025'],
  ['YY', '%y', '25'],
  ['MMMM', '%b', 'Dec'],
  ['MMM', '%b', 'Dec'],
  ['MM', '%m', '12'],
  ['M', '%-m', '12'],
  ['DD', '%d', '31'],
  ['D', '%-d', '31'],
  ['HH', '%H', '18'],
  ['H', '%-H', '18'],
  ['hh', '%I', '06'],
  ['h', '%-I', '6'],
  ['mm', '%M', '30'],
  ['ss', '%S', '00'],
  ['A', '%p', 'PM'],
]

function spell(format: string, ofToken: (token: (typeof tokens)[number]) => string, ofOther: (sign: string) => string) {
  // Hours of half a day are none without the half: a letter h then is itself.
  const known = format.includes('A') ? tokens : tokens.filter(([name]) => !name.startsWith('h'))
  let rest = format
  let out = ''
  while (rest) {
    const token = known.find(([name]) => rest.startsWith(name))
    out += token ? ofToken(token) : ofOther(rest[0]!)
    rest = rest.slice(token ? token[0].length : 1)
  }
  return out
}

/** Our tokens as DuckDB's strptime form; a month's name is its English short one. */
export const strptimeFormat = (format: string): string =>
  spell(
    format,
    ([, engine]) => engine,
    (sign) => (sign === '%' ? '%%' : sign),
  )

/** `D.M.YYYY` as `31.12.2025`, for a question to a person. */
export const exampleOf = (format: string): string =>
  spell(
    format,
    ([, , example]) => example,
    (sign) => sign,
  )

/**
 * SQL that reads a text by a format, null where it is not of it. The engine reads English names and AM or PM by itself; only what
 * it cannot read is looked up in the table of names.
 */
export function readDateSql(text: string, format: string): string {
  const engine = strptimeFormat(format)
  const isNamed = engine.includes('%b')
  if (!isNamed && !engine.includes('%p')) return `try_strptime(${text}, ${quoted(engine)})`
  const direct = isNamed ? [engine, engine.replace('%b', '%B')] : [engine]
  const lower = `strip_accents(lower(regexp_replace(${text}, '[\\x{00A0}\\x{202F}]', ' ', 'g')))`
  const halves = `regexp_replace(${lower}, ' ?([ap])[.]? ?m[.]?$', ' \\1m')`
  const days = `regexp_replace(${halves}, '([0-9])(st|nd|rd|th|er)\\b', '\\1')`
  const plain = isNamed ? numberMonthsSql(days) : halves
  const plainFormat = spell(
    format,
    ([, of]) => (of === '%b' ? '%-m' : of),
    (sign) => (sign === '%' ? '%%' : sign.toLowerCase()),
  ).replace(/ ?%p/, ' %p')
  return `
    coalesce(
      try_strptime(${text}, [${direct.map(quoted).join(', ')}]),
      try_strptime(${plain}, ${quoted(plainFormat)})
    )`
}

const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`
