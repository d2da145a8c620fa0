/** Which column is which field: proposed from names and values, with a confidence and a reason; a person decides. */
import { dateFormats } from '../reading/dates.ts'
import type { DatasetDeclaration, Datasets, Headers } from '../declaration.ts'
import type { Dataset, FieldSpec, FileOptions, Mapping, Question, SourceColumn } from '../schemas.ts'
import { exampleOf } from '../reading/dates.ts'

interface Proposal {
  field: string
  source: Mapping['fields'][string]
  confidence: number
  why: string
}

const bare = (name: string) =>
  name
    .normalize('NFKD')
    .replaceAll('ß', 'ss')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, '')

const isDated = (field: FieldSpec) => field.type === 'date' || field.type === 'time' || field.type === 'month'

/** From this confidence on a proposal needs nobody's look: the column is named exactly so, its values fit, and no other column is named as well. */
export const sureFrom = 0.85

/** What the confidence in an optional field is worth where the rows looked at hold no value of it. */
export const emptySample = 0.8

/** How plausible each name is: its place in English where it stands there, else the best among the other languages. */
function ranksOf({ en, ...others }: Headers): { exact: ReadonlyMap<string, number>; partial: readonly string[] } {
  const exact = new Map<string, number>()
  for (const names of Object.values(others))
    for (const [rank, name] of names.entries()) exact.set(bare(name), Math.min(rank, exact.get(bare(name)) ?? rank))
  const partial = en.map(bare)
  for (const [rank, name] of partial.entries()) exact.set(name, rank)
  return { exact, partial }
}

/** The confidence in a column that is named as a field and holds values that are none of it. */
export const misfit = 0.01

export function proposeFields({ fields }: DatasetDeclaration, columns: readonly SourceColumn[]): Proposal[] {
  const candidates: (Proposal & { column: string; rank: number })[] = []
  for (const field of fields) {
    const wanted = ranksOf(field.headers)
    for (const column of columns) {
      const name = bare(column.name)
      const exact = wanted.exact.get(name) ?? -1
      const partial =
        exact < 0
          ? wanted.partial.findIndex(
              (w) => w.length >= 4 && name.length >= 4 && (name.endsWith(w) || name.startsWith(w)),
            )
          : -1
      if (exact < 0 && partial < 0) continue
      const nameScore = exact >= 0 ? 0.95 - exact * 0.005 : 0.6 - partial * 0.01
      const fit = fitOf(field, withoutWords(field, column))
      if (fit.score === 0 && exact < 0) continue
      candidates.push({
        field: field.name,
        column: column.name,
        source: sourceOf(field, column),
        // A column of that name whose values do not fit is asked about: it is never left out without a word.
        confidence: fit.score === 0 ? misfit : Math.max(0.05, Math.min(0.99, nameScore * fit.score)),
        why: exact >= 0 ? `The name says so${fit.why}` : `The name is close${fit.why}`,
        rank: exact >= 0 ? exact : Infinity,
      })
    }
  }
  candidates.sort((a, b) => b.confidence - a.confidence)
  const usedFields = new Set<string>()
  const usedColumns = new Set<string>()
  return candidates
    .filter((c) => {
      if (usedFields.has(c.field) || usedColumns.has(c.column)) return false
      usedFields.add(c.field)
      usedColumns.add(c.column)
      return true
    })
    .map(({ column, rank, ...proposal }) => {
      const rival = candidates.find(
        (c) => c.field === proposal.field && c.column !== column && !usedColumns.has(c.column) && c.rank - rank <= 2,
      )
      return rival
        ? {
            ...proposal,
            confidence: proposal.confidence * 0.85,
            why: `${proposal.why}; “${rival.column}” may be it as well`,
          }
        : proposal
    })
}

function fitOf(field: FieldSpec, column: SourceColumn): { score: number; why: string } {
  const values = column.samples.filter((s) => s !== '')
  if (values.length === 0) return { score: field.required ? 0.5 : emptySample, why: ', though the sample is empty' }
  if (isDated(field)) {
    if (isTyped(column)) return { score: 1, why: ' and the values are dates' }
    const formats = dateFormats(values)
    return formats.length > 0
      ? { score: 1, why: ' and the values are dates' }
      : noFit(values, (v) => dateFormats([v]).length > 0, 'a date', 'dates of one form')
  }
  if (field.type === 'amount' || field.type === 'count')
    return values.every(isNumber)
      ? { score: 1, why: ' and the values are numbers' }
      : noFit(values, isNumber, 'a number', 'numbers')
  if (field.type === 'currency')
    return values.every(isCode)
      ? { score: 1, why: ' and the values are currency codes' }
      : noFit(values, isCode, 'a currency code', 'currency codes')
  if (field.type === 'share')
    return values.every(isShare)
      ? { score: 1, why: ' and the values are shares' }
      : noFit(values, isShare, 'a share', 'shares')
  if (field.type === 'flag')
    return column.distinct <= 3 ? { score: 1, why: '' } : { score: 0, why: ', but it holds more than yes and no' }
  if (field.type === 'email')
    return values.some((v) => v.includes('@'))
      ? { score: 1, why: ' and the values are addresses' }
      : { score: 0.3, why: '' }
  if (field.type === 'id' && field.name === 'id' && column.distinct < values.length * 0.5)
    return { score: 0.6, why: ', though values repeat' }
  return { score: 1, why: '' }
}

const isNumber = (text: string) => /^[^\d-]{0,4}-?[\d.,' ]+\s?\D{0,4}$/.test(text)
const isCode = (text: string) => /^[A-Za-z]{3}$/.test(text)
const isShare = (text: string) => /^-?[\d.,]+\s?%?$/.test(text)

/** Names the value that does not fit; where each fits alone, two that do not fit together. */
function noFit(values: readonly string[], fits: (value: string) => boolean, one: string, all: string) {
  const odd = values.find((v) => !fits(v))
  const why = odd === undefined ? `“${values[0]!}” and “${values.at(-1)!}” are not ${all}` : `“${odd}” is not ${one}`
  return { score: 0, why: `, but ${why}` }
}

/** Words that exports write where there is nothing. */
const nothing = /^(null|\(null\)|\\n|n\/a|-|–|—|none|nil|undefined|nan|""|'')$/i

/** Whose values can be told from words for nothing: `none` may be a plan, `-` is no date. */
const tellsNothing = ({ type }: FieldSpec) => !['id', 'text', 'flag'].includes(type)

const emptyWords = (field: FieldSpec, { samples }: Pick<SourceColumn, 'samples'>): string[] =>
  tellsNothing(field) ? samples.filter((v) => nothing.test(v)) : []

const withoutWords = (field: FieldSpec, column: SourceColumn): SourceColumn => {
  const words = emptyWords(field, column)
  return words.length === 0 ? column : { ...column, samples: column.samples.filter((v) => !words.includes(v)) }
}

const isTyped = (column: Pick<SourceColumn, 'type'>): boolean => /^(DATE|TIMESTAMP)/.test(column.type)

function sourceOf(field: FieldSpec, column: SourceColumn): Mapping['fields'][string] {
  const empty = emptyWords(field, column)
  const source = formOf(field, withoutWords(field, column))
  return empty.length === 0 ? source : { ...source, empty }
}

function formOf(field: FieldSpec, column: SourceColumn): Mapping['fields'][string] {
  const values = column.samples.filter((s) => s !== '')
  if (isDated(field) && !isTyped(column)) {
    const formats = dateFormats(values)
    return formats.length === 1 && formats[0] !== 'iso'
      ? { column: column.name, format: formats[0] }
      : { column: column.name }
  }
  if (field.type === 'amount' && decimalOf(values) === ',') return { column: column.name, decimal: ',' }
  return { column: column.name }
}

/** `1.234,50` and `12,5` speak of a decimal comma; `1,234` alone does not. */
function decimalOf(values: readonly string[]): '.' | ',' {
  if (values.some((v) => /\d\.\d{1,2}$/.test(v) || /,\d{3}\./.test(v))) return '.'
  return values.some((v) => /,\d{1,2}$/.test(v.trim()) || /\.\d{3}[.,]/.test(v)) ? ',' : '.'
}

/** What a value does not tell: a day and a month that could be either way round, a point that groups thousands or begins the decimals. */
export function questionsOf(
  { fields }: DatasetDeclaration,
  mapping: Mapping,
  columns: readonly SourceColumn[],
  format: FileOptions['format'],
): Question[] {
  return fields.flatMap((field) => {
    const source = mapping.fields[field.name]
    const column = columns.find((c) => c.name === source?.column)
    if (!source || !column) return []
    const samples = column.samples.filter((s) => s !== '' && !source.empty?.includes(s))
    if (field.type === 'id' && !source.empty && samples.some(isNobody))
      return [nobodyQuestion(field, column.name, samples.filter(isNobody))]
    if (field.type === 'amount' && format === 'csv' && !source.decimal && isPointAmbiguous(samples))
      return [pointQuestion(field, column.name, samples[0]!)]
    if (!isDated(field) || source.format || isTyped(column)) return []
    const formats = dateFormats(samples)
    if (formats.length < 2) return []
    return [
      {
        field: field.name,
        column: column.name,
        sets: 'format',
        text: `Which way round are the dates in “${column.name}”, such as ${samples[0] ?? ''}?`,
        options: formats.map((f) => ({
          value: f,
          label: `${dayFirst(f) ? 'day first' : 'month first'}: ${exampleOf(f)}`,
        })),
      },
    ]
  })
}

/** `1.200` alone may be twelve hundred or one and a fifth; `0.500`, `12.50` and `1.200.000` each tell. */
export const isPointAmbiguous = (values: readonly string[]): boolean =>
  values.some((v) => v.includes('.')) &&
  values.every((v) => /^\D*([1-9]\d{0,2}\.\d{3}|\d{1,3})\D*$/.test(v) && !v.includes(','))

/** What products write as the id of somebody whom they do not know. */
export const nobodyWords = ['null', 'undefined', 'nan', 'none', 'nil', 'n/a', 'anonymous', 'unknown', 'guest', '0', '-']
const isNobody = (text: string) => nobodyWords.includes(text.toLowerCase())

/** The answer that they are ids like others. */
export const noWords = '[]'

export const nobodyQuestion = (field: FieldSpec, column: string, words: readonly string[]): Question => ({
  field: field.name,
  column,
  sets: 'empty',
  text: `Are ${words.join(', ')} in “${column}” words for nobody, or ids like others?`,
  options: [
    { value: JSON.stringify(words), label: 'they stand for nothing' },
    { value: noWords, label: 'they are ids' },
  ],
})

export const pointQuestion = (field: FieldSpec, column: string, sample: string): Question => ({
  field: field.name,
  column,
  sets: 'decimal',
  text: `What is the point in “${column}”, such as ${sample}?`,
  options: [
    { value: ',', label: 'it groups thousands: 1.200 is twelve hundred' },
    { value: '.', label: 'it begins the decimals: 1.200 is one and a fifth' },
  ],
})

const dayFirst = (format: string) => format.startsWith('D')

/** The datasets by how many of their fields the columns give, best first. */
export function guessDatasets(
  datasets: Datasets,
  columns: readonly SourceColumn[],
): { dataset: Dataset; confidence: number }[] {
  return datasets
    .map((dataset) => {
      const proposals = proposeFields(dataset, columns)
      const has = (name: string) => proposals.find((p) => p.field === name)?.confidence ?? 0
      const required = dataset.fields.filter((f) => f.required)
      const needed = required.reduce((product, f) => product * Math.max(0.02, has(f.name)), 1) ** (1 / required.length)
      return { dataset: dataset.name, confidence: Math.round(needed * dataset.likeness(has) * 100) / 100 }
    })
    .sort((a, b) => b.confidence - a.confidence)
}
