/** The list of datasets that is handed in: checked once, and asked by name. */
import { invalid } from '../../platform/errors.ts'
import type { DatasetDeclaration, Datasets } from './declaration.ts'

/** @throws invalid with what is known */
export function needDataset(datasets: Datasets, name: string): DatasetDeclaration {
  const found = datasets.find((d) => d.name === name)
  if (found) return found
  throw invalid(`“dataset”: “${name}” is not known. It takes ${datasets.map((d) => d.name).join(', ')}.`)
}

/**
 * What may stand in one list: names once, needed words for each field, and people outside never in the warehouse.
 * @throws Error at the start of the program, with what to change
 */
export function checkDatasets(datasets: Datasets): Datasets {
  const names = new Set<string>()
  for (const { name, fields, alternatives, holdsPeopleOutside, target } of datasets) {
    const wrong = (text: string) => new Error(`The dataset “${name}” ${text}`)
    if (!/^[a-z][a-z0-9-]{0,30}$/.test(name)) throw wrong('has no lower-case name of letters, digits and hyphens.')
    if (names.has(name)) throw wrong('is declared twice.')
    names.add(name)
    // The types refuse it as well; a list may come from elsewhere.
    if (holdsPeopleOutside && (target as { store: string }).store !== 'postgres')
      throw wrong(
        'holds data about people outside and lands in the warehouse, where no row can be erased: give it a target in PostgreSQL.',
      )
    const known = new Set(fields.map((f) => f.name))
    if (known.size !== fields.length) throw wrong('declares a field twice.')
    if (!fields.some((f) => f.required)) throw wrong('needs no field: nothing would tell that a file is one of it.')
    for (const field of alternatives.flatMap((a) => a.fields))
      if (!known.has(field)) throw wrong(`names “${field}” as an alternative and has no such field.`)
  }
  return datasets
}
