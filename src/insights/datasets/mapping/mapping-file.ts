/** A mapping as YAML, for the command line and for review: a bare string names a column. */
import { Document, isMap, LineCounter, parseDocument, visit } from 'yaml'
import { invalid, isProductError } from '../../../platform/errors.ts'
import { parseInput } from '../../../platform/operation.ts'
import type { DatasetDeclaration, Datasets } from '../declaration.ts'
import { needDataset } from '../known.ts'
import { Mapping } from '../schemas.ts'

/** YAML as values. Aliases are not read: a few lines of them stand for gigabytes. @throws invalid with the line */
function readYaml(text: string): unknown {
  const lines = new LineCounter()
  const at = (offset: number | undefined) => (offset === undefined ? '' : ` at line ${lines.linePos(offset).line}`)
  try {
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error' })
    const [error] = document.errors
    if (error) throw invalid(`The mapping is not YAML${at(error.pos[0])}: ${error.message}`)
    visit(document, {
      Alias(_, node) {
        throw invalid(`The mapping has an alias (*${node.source})${at(node.range?.[0])}. Write out what it stands for.`)
      },
    })
    return document.toJS({ maxAliasCount: 0 })
  } catch (error) {
    if (isProductError(error)) throw error
    // The parser goes down with what is nested, until its stack ends.
    const why =
      error instanceof RangeError ? 'it is nested too deep' : error instanceof Error ? error.message : String(error)
    throw invalid(`The mapping is not YAML that can be read: ${why}.`)
  }
}

/** @throws invalid with the line or the field that does not fit */
export function readMapping(text: string, datasets: Datasets): Mapping {
  if (text.length > 1_000_000) throw invalid('The mapping is larger than 1 MB.')
  const raw = readYaml(text) as { fields?: Record<string, unknown> } | null
  if (!raw || typeof raw !== 'object' || Array.isArray(raw))
    throw invalid('The mapping is empty. It needs dataset, source and fields.')
  const fields = Object.fromEntries(
    Object.entries(raw.fields ?? {}).map(([name, value]) => [
      name,
      typeof value === 'string' ? { column: value } : value,
    ]),
  )
  return checkMapping(parseInput(Mapping, { ...raw, fields }), datasets)
}

export interface MappingProblem {
  /** The fields of which one would settle it. */
  fields: string[]
  text: string
}

/** What a mapping lacks or says too much of: unknown fields, needed ones, alternatives of which one is needed. */
export function mappingProblems(
  { fields: known, alternatives, keys }: DatasetDeclaration,
  mapping: Mapping,
): MappingProblem[] {
  const problems: MappingProblem[] = []
  for (const name of Object.keys(mapping.fields)) {
    if (!known.some((f) => f.name === name))
      problems.push({
        fields: [],
        text: `“fields.${name}”: ${mapping.dataset} has no such field. It has: ${known.map((f) => f.name).join(', ')}.`,
      })
  }
  for (const field of known)
    if (field.required && !mapping.fields[field.name])
      problems.push({
        fields: [field.name],
        text: `“fields.${field.name}”: say which column holds the ${field.label.toLowerCase()}; ${mapping.dataset} cannot be read without it.`,
      })
  for (const { fields, what } of alternatives)
    if (!fields.some((n) => mapping.fields[n]))
      problems.push({ fields: [...fields], text: `“fields”: ${what}: map one of ${fields.join(', ')}.` })
  for (const { fields, isExclusive } of alternatives)
    if (isExclusive && fields.filter((n) => mapping.fields[n]).length > 1)
      problems.push({ fields: [], text: `“fields”: map either ${fields.join(' or ')}, not both.` })
  if (keys.includes('amountIs') && !mapping.amountIs)
    problems.push({
      fields: [],
      text: '“amountIs”: say whether the amount is mrr (per month), arr (per year) or total (over the whole term).',
    })
  return problems
}

/** A dataset and fields that are known, and every one that is needed. @throws invalid */
export function checkMapping(mapping: Mapping, datasets: Datasets): Mapping {
  const [problem] = mappingProblems(needDataset(datasets, mapping.dataset), mapping)
  if (problem) throw invalid(problem.text)
  return mapping
}

export function printMapping(mapping: Mapping, remarks: { top?: string[]; fields?: string[] } = {}): string {
  const fields = Object.fromEntries(
    Object.entries(mapping.fields).map(([name, source]) => [
      name,
      Object.keys(source).length === 1 && source.column !== undefined ? source.column : source,
    ]),
  )
  const document = new Document({ ...mapping, fields })
  const comment = (lines: string[]) =>
    lines
      .flatMap((l) => l.split('\n'))
      .map((l) => ` ${l}`)
      .join('\n')
  if (remarks.top?.length) document.commentBefore = comment(remarks.top)
  const map = document.get('fields')
  if (remarks.fields?.length && isMap(map)) map.comment = comment(remarks.fields)
  return document.toString()
}
