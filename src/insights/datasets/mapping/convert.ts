/** A field of ours as a DuckDB expression over the file's columns, and what can be wrong with a row. */
import { readDateSql } from '../reading/dates.ts'
import type { FieldSource, FieldSpec, Mapping, SourceColumn } from '../schemas.ts'
import { invalid } from '../../../platform/errors.ts'

export const name = (column: string): string => `"${column.replaceAll('"', '""')}"`
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`

export type Columns = ReadonlyMap<string, Pick<SourceColumn, 'type'>>
/** `value` is null where the text cannot be read; `text` is what the file says, null where empty; `isEmpty` says so without spelling a typed value out. */
export interface Converted {
  field: FieldSpec
  value: string
  text: string
  isEmpty: string
}
export interface Check {
  when: string
  reason: string
  field: string
  text: string
}

export function convertFields(
  fields: readonly FieldSpec[],
  mapping: Mapping,
  columns: Columns,
): Map<string, Converted> {
  const converted = new Map<string, Converted>()
  for (const field of fields) {
    const source = mapping.fields[field.name]
    if (!source) continue
    if (source.column !== undefined && !columns.has(source.column))
      throw invalid(
        `“fields.${field.name}”: the file has no column “${source.column}”. It has: ${[...columns.keys()].slice(0, 30).join(', ')}${columns.size > 30 ? ', …' : ''}.`,
      )
    const type = source.column === undefined ? 'VARCHAR' : columns.get(source.column)!.type
    const text = textOf(field, source, type)
    const isSpelledOut = type !== 'VARCHAR' && wordsOf(source).length === 0
    converted.set(field.name, {
      field,
      text,
      value: valueOf(field, source, type, text),
      isEmpty: `${isSpelledOut ? name(source.column!) : text} is null`,
    })
  }
  return converted
}

function textOf(field: FieldSpec, source: FieldSource, type: string): string {
  if (source.column === undefined) return literal(source.constant ?? '')
  const column = name(source.column)
  const plain = type === 'VARCHAR' ? trimmed(column) : spelled(field, column, type)
  const words = wordsOf(source)
  return words.length === 0
    ? plain
    : `case ${plain} ${words.map(([from, to]) => `when ${literal(from)} then ${to ? literal(to) : 'null'}`).join(' ')} else ${plain} end`
}

/** What stands for another text, or for nothing. */
const wordsOf = ({ values, empty }: FieldSource): [from: string, to: string | null][] => [
  ...(empty ?? []).map((word): [string, null] => [word, null]),
  ...Object.entries(values ?? {}),
]

/** A whole number that was kept as a floating one, because another row of its column is empty, is an id without a point. */
const spelled = ({ type: as }: FieldSpec, column: string, type: string) =>
  (as === 'id' || as === 'text') && /^(FLOAT|DOUBLE)/.test(type)
    ? `case when ${column} = trunc(${column}) and abs(${column}) < 1e15 then cast(cast(${column} as bigint) as varchar) else cast(${column} as varchar) end`
    : `cast(${column} as varchar)`

const edges = '[\\s\\p{Z}\\p{Cf}]+'
const unseen = '[\\x{200B}\\x{2060}\\x{FEFF}]'

/**
 * Without white space and characters of no width around it, its letters composed: two texts that look the same are the same.
 * Trimming every value costs more than reading it; nearly all begin and end with a letter, a digit or a sign of ASCII and need none.
 */
export const trimmed = (column: string) => `
  case
    when ${column} between '!' and '~'
      and strlen(${column}) = length(${column})
      and not suffix(${column}, ' ')
      and not suffix(${column}, chr(9))
      and not suffix(${column}, chr(10))
      and not suffix(${column}, chr(13))
      then ${column}
    else nullif(nfc_normalize(regexp_replace(${column}, '^${edges}|${edges}$|${unseen}', '', 'g')), '')
  end`

function valueOf(field: FieldSpec, source: FieldSource, type: string, text: string): string {
  switch (field.type) {
    case 'id':
    case 'text':
    case 'email':
      return text
    case 'domain':
      return `nullif(regexp_replace(regexp_replace(lower(${text}), '^[a-z]+://', ''), '^www\\.|[/?#:].*$', '', 'g'), '')`
    case 'currency':
      return `upper(${text})`
    case 'date':
      return `cast(${instantOf(source, type, text)} as date)`
    case 'month':
      return `cast(date_trunc('month', ${instantOf(source, type, text)}) as date)`
    case 'time':
      return momentOf(source, type, text)
    case 'amount':
      return /^(TINYINT|SMALLINT|INTEGER|BIGINT|FLOAT|DOUBLE|DECIMAL)/.test(type)
        ? `try_cast(${name(source.column!)} as decimal(20, 4))`
        : `try_cast(${numberText(source, text, currencySigns)} as decimal(20, 4))`
    case 'count':
      return wholeNumber(numberText(source, text))
    case 'share':
      return `
        case
          when suffix(${text}, '%')
            then try_cast(${numberText(source, `rtrim(${text}, '% ')`)} as double) / 100
          else try_cast(${numberText(source, text)} as double)
        end`
    case 'flag':
      return `
        case
          when lower(${text}) in (
            'yes', 'y', 'true', 't', '1', 'x', 'one-off', 'one-time', 'ja', 'oui', 'sí', 'si'
          )
            then true
          when lower(${text}) in ('no', 'n', 'false', 'f', '0', 'recurring', 'nein', 'non') then false
        end`
  }
}

/** Spaces, apostrophes and currency signs are not part of a number; the other separator groups thousands, and where it stands elsewhere the text is no number of this form. */
function numberText(source: FieldSource, text: string, signs = `[\\s''’€$£]|^[A-Za-z]{3}|[A-Za-z]{3}$`): string {
  const bare = `regexp_replace(${text}, '${signs}', '', 'g')`
  const [group, point] = source.decimal === ',' ? ['.', ','] : [',', '.']
  const digits = `replace(${bare}, '${group}', '')`
  const grouped = `^[+-]?\\d{1,3}([${group}]\\d{2,3})*[${group}]\\d{3}([${point}]\\d*)?%?$`
  return `case when not contains(${text}, '${group}') or regexp_matches(${bare}, '${grouped}') then ${point === ',' ? `replace(${digits}, ',', '.')` : digits} end`
}

/** Of an amount; whether they are those of its currency is checked apart. */
const currencySigns = `[\\s''’€$£¥₹]|^[A-Za-z]{1,3}|[A-Za-z]{2,3}$`

/** The engine rounds what it casts; a fraction is no count. */
const wholeNumber = (text: string) => {
  const whole = `try_cast(${text} as bigint)`
  return `case when contains(${text}, '.') or contains(lower(${text}), 'e') then case when try_cast(${text} as double) = ${whole} then ${whole} end else ${whole} end`
}

function instantOf(source: FieldSource, type: string, text: string): string {
  if (source.column !== undefined && type === 'TIMESTAMP WITH TIME ZONE')
    return `(${name(source.column)} at time zone 'UTC')`
  if (source.column !== undefined && /^(DATE|TIMESTAMP)/.test(type)) return `cast(${name(source.column)} as timestamp)`
  const isPlain = source.column !== undefined && type === 'VARCHAR' && wordsOf(source).length === 0
  switch (source.format ?? 'iso') {
    // The cast skips spaces around the text by itself, and leaves an offset out: a day is the one that is written. A month alone is its first day.
    case 'iso':
      return `
        coalesce(
          ${(isPlain ? [name(source.column!), text] : [text]).map((t) => `try_cast(${t} as timestamp)`).join(', ')},
          case when length(${text}) = 7 then try_cast(${text} || '-01' as timestamp) end
        )`
    case 'unix':
      return `make_timestamp((try_cast(${text} as double) * 1000000)::bigint)`
    case 'unix-ms':
      return `make_timestamp((try_cast(${text} as bigint) * 1000))`
    case 'excel':
      return `(timestamp '1899-12-30' + to_microseconds((try_cast(${text} as double) * 86400000000)::bigint))`
    default:
      return readDateSql(text, source.format!)
  }
}

/** A moment in UTC. Where the text bears an offset that one holds, else the zone that the mapping names. */
function momentOf(source: FieldSource, type: string, text: string): string {
  const wall = zoned(instantOf(source, type, text), source, type)
  if (type !== 'VARCHAR' || (source.format ?? 'iso') !== 'iso') return wall
  // Nearly every text is a day, or ends in Z or with its seconds: the plain cast reads those right, and faster.
  const seen = source.column !== undefined ? name(source.column) : text
  const isPlain = source.timeZone
    ? `strlen(${seen}) <= 16`
    : `(strlen(${seen}) <= 16 or (substring(${seen}, 17, 1) = ':' and (strlen(${seen}) = 19 or suffix(${seen}, 'Z'))))`
  const whole = `regexp_replace(regexp_replace(${text}, ' ?(Z|UTC|[+-]\\d{2}(:?\\d{2})?)$', '\\1'), '([ T]\\d{2}:\\d{2})(Z|UTC|[+-])', '\\1:00\\2')`
  return `case when ${isPlain} or not regexp_matches(${text}, ':\\d{2}(\\.\\d+)? ?(Z|UTC|[+-]\\d{2}(:?\\d{2})?)$') then ${wall} else try_cast(replace(${whole}, 'UTC', 'Z') as timestamptz) at time zone 'UTC' end`
}

function zoned(instant: string, source: FieldSource, type: string): string {
  // Unix time is a moment whatever zone the file’s other times are of.
  const isMoment = source.format === 'unix' || source.format === 'unix-ms' || type === 'TIMESTAMP WITH TIME ZONE'
  if (!source.timeZone || isMoment) return instant
  return `((${instant}) at time zone ${literal(source.timeZone)} at time zone 'UTC')`
}

const howRead: Record<FieldSpec['type'], string> = {
  id: 'an id',
  text: 'text',
  email: 'an address',
  domain: 'a domain',
  date: 'a date',
  time: 'a time',
  month: 'a month',
  amount: 'an amount',
  count: 'a whole number',
  currency: 'a currency code',
  share: 'a share such as 5 % or 0.05',
  flag: 'yes or no',
}

/** What any dataset checks: what is needed is there, and what is there can be read. In the order of the fields. */
export function fieldChecks(mapping: Mapping, converted: Map<string, Converted>): Check[] {
  return [...converted.values()].flatMap(({ field, value, text, isEmpty }) => {
    const format = mapping.fields[field.name]?.format
    const checks: Check[] = []
    if (field.required) checks.push({ when: isEmpty, reason: `${field.label} is empty`, field: field.name, text })
    if (field.type === 'id' || field.type === 'text') checks.push(...spoiltChecks({ field, value, text, isEmpty }))
    if (!['id', 'text', 'email', 'domain', 'currency'].includes(field.type))
      checks.push({
        when: `not (${isEmpty}) and ${value} is null`,
        reason: `${field.label} is not ${howRead[field.type]}${format && format !== 'iso' ? ` of the form ${format}` : ''}`,
        field: field.name,
        text,
      })
    return checks
  })
}

/** What a spreadsheet leaves of a cell that it could not work out, or of a long number that it shortened. */
function spoiltChecks({ field, value, text }: Converted): Check[] {
  const errors = ['#N/A', '#VALUE!', '#REF!', '#DIV/0!', '#NAME?', '#NULL!', '#NUM!', noSavedValue].map(literal)
  return [
    {
      when: `prefix(${value}, '#') and ${value} in (${errors.join(', ')})`,
      reason: `${field.label} is an error of a spreadsheet`,
      field: field.name,
      text,
    },
    ...(field.type === 'id'
      ? [
          {
            when: `contains(${value}, 'E+') and regexp_full_match(${value}, '\\d([.,]\\d+)?E\\+\\d+')`,
            reason: `${field.label} was shortened by a spreadsheet: export it again as text`,
            field: field.name,
            text,
          },
        ]
      : []),
  ]
}

/** What a cell reads as whose formula was never worked out. */
export const noSavedValue = '#FORMULA!'

/** Codes that a sign in an amount may stand for; a sign that is not here stands for itself. */
const signCodes: [sign: string, codes: string[]][] = [
  ['€', ['EUR']],
  ['£', ['GBP']],
  ['¥', ['JPY', 'CNY']],
  ['₹', ['INR']],
  ['$', ['USD', 'CAD', 'AUD', 'NZD', 'SGD', 'HKD', 'MXN', 'ARS', 'CLP', 'COP', 'TWD']],
  ['US$', ['USD']],
  ['R$', ['BRL']],
  ['KR', ['SEK', 'NOK', 'DKK', 'ISK']],
]

/** An amount that bears the sign of another currency is no amount of its row’s: never one number for the other. */
function signCheck(text: string, code: string, workspaceCurrency: string): Check {
  const sign = `upper(regexp_replace(${text}, '[\\d\\s.,+''’%-]', '', 'g'))`
  const table = signCodes.map(([s, codes]) => `when ${literal(s)} then [${codes.map(literal).join(', ')}]`).join(' ')
  return {
    when: `case when ${text} is null or try_cast(${text} as double) is not null then false else ${sign} <> '' and not list_contains(case ${sign} ${table} else [${sign}] end, ${code}) end`,
    reason: `Amount bears a sign of another currency than its row’s (${workspaceCurrency} where none is mapped)`,
    field: 'amount',
    text,
  }
}

export interface Cents {
  /** In the workspace's cents; null where its currency has no rate. */
  cents: string
  /** Before the rate. */
  own: string
  code: string
  rate: string
  checks: Check[]
}

export function centsOf(mapping: Mapping, converted: ReadonlyMap<string, Converted>, workspaceCurrency: string): Cents {
  const amount = converted.get('amount')!
  const currency = converted.get('currency')
  const plain = `round(${amount.value} * 100)`
  const checks: Check[] = [
    { when: `${amount.value} < 0`, reason: 'Amount is negative', field: 'amount', text: amount.text },
    { when: `${amount.value} > 1e12`, reason: 'Amount is beyond a trillion', field: 'amount', text: amount.text },
    signCheck(
      amount.text,
      currency ? `coalesce(${currency.value}, ${literal(workspaceCurrency)})` : literal(workspaceCurrency),
      workspaceCurrency,
    ),
  ]
  if (!currency)
    return { cents: `cast(${plain} as bigint)`, own: `cast(${plain} as bigint)`, code: 'null', rate: '1', checks }
  const rates = { ...mapping.rates, [workspaceCurrency]: 1 }
  const cases = Object.entries(rates)
    .map(([code, rate]) => `when ${literal(code)} then ${rate}`)
    .join(' ')
  const rate = `case coalesce(${currency.value}, ${literal(workspaceCurrency)}) ${cases} end`
  checks.push({
    when: `${currency.text} is not null and (${rate}) is null`,
    reason: `Currency is not ${workspaceCurrency} and the mapping gives no rate for it`,
    field: 'currency',
    text: currency.text,
  })
  return {
    cents: `cast(round(${amount.value} * 100 * (${rate})) as bigint)`,
    own: `cast(${plain} as bigint)`,
    code: `coalesce(${currency.value}, ${literal(workspaceCurrency)})`,
    rate: `cast(${rate} as double)`,
    checks,
  }
}

/** The first check that fails, as one expression each for reason, field and value. */
export function rejectColumns(checks: readonly Check[]): { reason: string; field: string; value: string } {
  const pick = (then: (check: Check) => string) =>
    checks.length === 0
      ? 'null'
      : `case ${checks.map((check) => `when ${check.when} then ${then(check)}`).join(' ')} end`
  return {
    reason: pick((c) => literal(c.reason)),
    field: pick((c) => literal(c.field)),
    value: pick((c) => `cast(${c.text} as varchar)`),
  }
}

/** A total over start ≤ d < end, per year: by full calendar months and the fraction of the rest, so that a leap year's contract is worth its price. */
export function annualised(cents: string, start: string, end: string): string {
  const full = `datesub('month', ${start}, ${end})`
  const after = (months: string) => `(${start} + to_months(cast(${months} as integer)))`
  const lastFull = `cast(${after(full)} as date)`
  const next = `cast(${after(`${full} + 1`)} as date)`
  // From 29 February on a year ends with 28 February: a month that lacks the day of the start is full at its end.
  const isFull = `(day(${lastFull}) < day(${start}) and ${end} = ${lastFull} + 1)`
  const rest = `(case when ${isFull} then 0 else date_diff('day', ${lastFull}, ${end}) / date_diff('day', ${lastFull}, ${next}) end)`
  return `cast(round(12 * ${cents} / nullif(${full} + ${rest}, 0)) as bigint)`
}
