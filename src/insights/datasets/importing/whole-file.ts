/** What only a whole file shows: rows that are no data, and questions that its beginning leaves open. Worked out with the staging, never by another reading. */
import { invalid } from '../../../platform/errors.ts'
import type { Connection } from '../../../platform/warehouse/warehouses.ts'
import type { DatasetDeclaration, Fields, FileReading } from '../declaration.ts'
import { literal, type Check } from '../mapping/convert.ts'
import { nobodyQuestion, nobodyWords, pointQuestion } from '../mapping/propose.ts'
import { unanswered } from '../mapping/settle.ts'
import type { SourceFile } from '../reading/source.ts'
import type { Mapping } from '../schemas.ts'

const totals = [
  'total',
  'totals',
  'grand total',
  'subtotal',
  'sum',
  'summe',
  'gesamt',
  'gesamtsumme',
  'total général',
  'totaal',
  'totale',
]
  .map(literal)
  .join(', ')

/** Files that were put together hold their header again; reports end in a row of totals, which is nobody’s. */
export function oddRows(fields: Fields, mapping: Mapping): Check[] {
  return [...fields.values()].flatMap(({ field, value, text }) => {
    const column = mapping.fields[field.name]?.column
    if (field.type !== 'id' || !field.required || column === undefined) return []
    return [
      { when: `${value} = ${literal(column.trim())}`, reason: 'The header stands here again', field: field.name, text },
      {
        when: `strlen(${value}) <= 16 and lower(${value}) in (${totals})`,
        reason: `${field.label} says that this is a row of totals`,
        field: field.name,
        text,
      },
    ]
  })
}

/** Words for nobody count as one busy person, so they are asked about. @throws invalid with the question */
export async function askForNobody(con: Connection, { dataset, mapping }: FileReading, batchId: number): Promise<void> {
  const from = mapping.fields['user']
  if (!from?.column || from.empty) return
  const spelt = nobodyWords.flatMap((word) => [word, word.toUpperCase(), word.charAt(0).toUpperCase() + word.slice(1)])
  const found = await con.all<{ word: string }>(
    `
      select distinct user_key as word
      from event
      where batch_id = ${batchId} and user_key in (${['NaN', ...new Set(spelt)].map(literal).join(', ')})
      order by 1`,
  )
  const field = dataset.fields.find((f) => f.name === 'user')
  if (found.length > 0 && field)
    throw unanswered(
      nobodyQuestion(
        field,
        from.column,
        found.map((f) => f.word),
      ),
    )
}

const amountOf = ({ fields }: DatasetDeclaration, mapping: Mapping) =>
  fields.find((f) => f.type === 'amount' && mapping.fields[f.name]?.column !== undefined)

/** Of an amount in a text file: 0 where its signs tell what a point is, 2 where it has one that may be either, 1 where it has none. */
export function pointsOf(mapping: Mapping, fields: Fields, source: SourceFile): string {
  const amount = [...fields.values()].find((f) => f.field.type === 'amount')
  const from = amount && mapping.fields[amount.field.name]
  if (!amount || !from?.column || from.decimal || source.file.format !== 'csv') return 'null'
  const open = `regexp_full_match(${amount.text}, '\\D*([1-9]\\d{0,2}[.]\\d{3}|\\d{1,3})\\D*')`
  return `case when contains(${amount.text}, ',') or not ${open} then 0 when contains(${amount.text}, '.') then 2 else 1 end`
}

/** Asked of all good rows, so that the answer never hangs on their order. @throws invalid with the question */
export async function askOfStage(con: Connection, dataset: DatasetDeclaration, mapping: Mapping): Promise<void> {
  await askForPoint(con, dataset, mapping)
  if (dataset.keys.includes('endIsInclusive') && mapping.fields['end'] && mapping.endIsInclusive === undefined)
    await askForEnd(con)
}

async function askForPoint(con: Connection, dataset: DatasetDeclaration, mapping: Mapping): Promise<void> {
  const amount = amountOf(dataset, mapping)
  if (!amount) return
  const seen = await con.one<{ least: number | null; most: number | null; sample: string | null }>(
    `select min(points) as least, max(points) as most, min(raw) filter (points = 2) as sample from stage`,
  )
  if (seen?.least === null || seen?.least === 0 || seen?.most !== 2) return
  throw unanswered(pointQuestion(amount, mapping.fields[amount.name]!.column!, `that of the row ${seen.sample ?? ''}`))
}

/** Where as many terms go on on the day after an end as on the end itself, the end may be the last day that counts. */
async function askForEnd(con: Connection): Promise<void> {
  const found = await con.one<{
    after: number
    at: number
    account: string | null
    ends: string | null
    goes_on: string | null
  }>(`
    select
      count(*) filter (s.start_date = e.end_date + 1) as after,
      count(*) filter (s.start_date = e.end_date) as at,
      min(e.account_ref) filter (s.start_date = e.end_date + 1) as account,
      cast(arg_min(e.end_date, e.account_ref) filter (s.start_date = e.end_date + 1) as varchar) as ends,
      cast(arg_min(s.start_date, e.account_ref) filter (s.start_date = e.end_date + 1) as varchar) as goes_on
    from (select account_ref, end_date from stage where reason is null and end_date is not null) e
    join (select account_ref, start_date from stage where reason is null) s
      on s.account_ref = e.account_ref and s.start_date in (e.end_date, e.end_date + 1)`)
  if (!found || found.after === 0 || found.after < found.at) return
  const text = `“endIsInclusive”: is the end the last day that counts? ${found.account ?? ''} ends on ${found.ends ?? ''} and goes on on ${found.goes_on ?? ''}, as ${found.after} of ${found.after + found.at} terms do. Say true (nobody stopped) or false (they stopped for a day).`
  throw invalid(text, { question: { field: 'end', sets: 'endIsInclusive', text } })
}
