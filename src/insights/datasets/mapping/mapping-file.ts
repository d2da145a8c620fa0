/** A mapping as YAML, for the command line and for review: a bare string names a column. */
import { parseDocument, stringify } from 'yaml'
import { invalid } from '../../../platform/errors.ts'
import { parseInput } from '../../../platform/operation.ts'
import { fieldsOf, Mapping } from '../schemas.ts'

/** @throws invalid with the line or the field that does not fit */
export function readMapping(text: string): Mapping {
  if (text.length > 1_000_000) throw invalid('The mapping is larger than 1 MB.')
  const document = parseDocument(text, { maxAliasCount: 0 } as never)
  const [error] = document.errors
  if (error) throw invalid(`The mapping is not YAML: ${error.message}`)
  const raw = document.toJS({ maxAliasCount: 0 }) as { fields?: Record<string, unknown> } | null
  if (!raw || typeof raw !== 'object') throw invalid('The mapping is empty. It needs dataset, source and fields.')
  const fields = Object.fromEntries(
    Object.entries(raw.fields ?? {}).map(([name, value]) => [
      name,
      typeof value === 'string' ? { column: value } : value,
    ]),
  )
  return checkMapping(parseInput(Mapping, { ...raw, fields }))
}

/** Fields that we know, and every one that is needed. @throws invalid */
export function checkMapping(mapping: Mapping): Mapping {
  const known = fieldsOf[mapping.dataset]
  for (const name of Object.keys(mapping.fields)) {
    if (!known.some((f) => f.name === name))
      throw invalid(
        `“fields.${name}”: ${mapping.dataset} has no such field. It has: ${known.map((f) => f.name).join(', ')}.`,
      )
  }
  for (const field of known)
    if (field.required && !mapping.fields[field.name])
      throw invalid(
        `“fields.${field.name}”: say which column holds the ${field.label.toLowerCase()}; ${mapping.dataset} cannot be read without it.`,
      )
  const oneOf = (names: string[], what: string) => {
    if (!names.some((n) => mapping.fields[n])) throw invalid(`“fields”: ${what}: map one of ${names.join(', ')}.`)
  }
  if (mapping.dataset === 'usage') {
    oneOf(['account', 'user', 'subscription'], 'say who used it')
    oneOf(['event', 'feature'], 'say what was used')
    if (mapping.fields['event'] && mapping.fields['feature'])
      throw invalid('“fields”: map either event or feature, not both.')
  }
  if (mapping.dataset === 'entitlements') oneOf(['account', 'plan'], 'say who may use it')
  if (mapping.dataset === 'subscriptions' && !mapping.amountIs)
    throw invalid(
      '“amountIs”: say whether the amount is mrr (per month), arr (per year) or total (over the whole term).',
    )
  return mapping
}

export function printMapping(mapping: Mapping): string {
  const fields = Object.fromEntries(
    Object.entries(mapping.fields).map(([name, source]) => [
      name,
      Object.keys(source).length === 1 && source.column !== undefined ? source.column : source,
    ]),
  )
  return stringify({ ...mapping, fields })
}
