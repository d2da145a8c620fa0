/** Which part of a proposed mapping can be used without a person, and what only a person can say. */
import type { DatasetDeclaration } from '../declaration.ts'
import { invalid, type ProductError } from '../../../platform/errors.ts'
import type { FileOptions, Mapping, ProposedField, Question, SourceColumn } from '../schemas.ts'
import { mappingProblems } from './mapping-file.ts'
import { emptySample, misfit, questionsOf, sureFrom } from './propose.ts'

export interface Settled {
  /** The sure fields of what was proposed; a saved mapping as it is. */
  mapping: Mapping
  /** Columns that may be a field of ours, where the dataset keeps what is no field: they are kept as attributes. */
  leftOut: ProposedField[]
  /** What has to be said first, one sentence each; none: it can be used as it is. */
  open: string[]
}

/** @param proposals null for a mapping that was saved: a person made it */
export function settleMapping(
  dataset: DatasetDeclaration,
  mapping: Mapping,
  proposals: readonly ProposedField[] | null,
  columns: readonly SourceColumn[],
  format: FileOptions['format'],
): Settled {
  const unsure = proposals?.filter((p) => !isSure(p, dataset, columns)) ?? []
  const isUnsure = (field: string) => unsure.some((p) => p.field === field)
  const used: Mapping = {
    ...mapping,
    fields: Object.fromEntries(Object.entries(mapping.fields).filter(([field]) => !isUnsure(field))),
  }
  const problems = mappingProblems(dataset, used)
  const asked = new Set(problems.flatMap((p) => p.fields))
  const others = unsure.filter((p) => !asked.has(p.field) && !mapping.leftOut?.includes(p.source.column ?? ''))
  const isMisfit = (p: ProposedField) => p.confidence <= misfit
  const mayStayOut = dataset.keys.includes('attributes')
  return {
    mapping: used,
    leftOut: mayStayOut ? others.filter((p) => !isMisfit(p)) : [],
    open: [
      ...problems.map(({ fields, text }) =>
        [text, ...unsure.filter((p) => fields.includes(p.field)).map(guess)].join(' '),
      ),
      ...others
        .filter((p) => !mayStayOut || isMisfit(p))
        .map((p) => `“fields.${p.field}”: ${guess(p)}${isMisfit(p) ? orLeftOut(p) : ''}`),
      ...questionsOf(dataset, used, columns, format).map(
        (q) =>
          `“fields.${q.field}.${q.sets}”: ${q.text} ${q.options.map((o) => `${o.value} (${o.label})`).join(' or ')}.`,
      ),
    ],
  }
}

function isSure(p: ProposedField, { fields }: DatasetDeclaration, columns: readonly SourceColumn[]): boolean {
  const { required } = fields.find((f) => f.name === p.field)!
  const column = columns.find((c) => c.name === p.source.column)
  const isEmpty = column?.samples.every((v) => p.source.empty?.includes(v))
  return p.confidence >= (isEmpty && !required ? sureFrom * emptySample : sureFrom)
}

const orLeftOut = ({ source }: ProposedField) => ` Map it, or leave it out by “leftOut: [${source.column ?? ''}]”.`

/** A question about a file that was to be read without its answer. */
export const unanswered = (question: Question): ProductError =>
  invalid(
    `“fields.${question.field}.${question.sets}”: ${question.text} Say one of ${question.options.map((o) => `${o.value} (${o.label})`).join(', ')}.`,
    { question },
  )

const guess = ({ source, why }: ProposedField) =>
  `It may be the column “${source.column ?? ''}”${source.format ? ` (format: ${source.format})` : ''}: ${why.charAt(0).toLowerCase()}${why.slice(1)}.`
