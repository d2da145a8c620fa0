/** Two people changed the same thing: what each of them made of it, field by field. */

export interface FieldVersions {
  field: string
  mine: unknown
  theirs: unknown
  /** Which is offered first: what was not changed here is taken from the other. */
  first: 'mine' | 'theirs'
}
export type Choices = Record<string, 'mine' | 'theirs'>
type Values = Record<string, unknown>

/** Whatever the order of its keys. */
function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  const [left, right] = [Object.entries(a), new Map(Object.entries(b))]
  return left.length === right.size && left.every(([key, value]) => right.has(key) && isSame(value, right.get(key)))
}

/** The fields that differ. @param base as both of them read it */
export function differing(base: Values, mine: Values, theirs: Values): FieldVersions[] {
  return Object.keys(mine)
    .filter((field) => field in theirs && !isSame(mine[field], theirs[field]))
    .map((field) => ({
      field,
      mine: mine[field],
      theirs: theirs[field],
      first: isSame(base[field], mine[field]) ? 'theirs' : 'mine',
    }))
}

/** Nothing that the form holds was changed by the other: what was entered can be saved as it is. */
export const isUntouched = (base: Values, theirs: Values): boolean =>
  Object.keys(base).every((field) => !(field in theirs) || isSame(base[field], theirs[field]))

export const merged = <V extends Values>(mine: V, theirs: Values, choices: Choices): V =>
  Object.fromEntries(
    Object.entries(mine).map(([field, value]) => [field, choices[field] === 'theirs' ? theirs[field] : value]),
  ) as V
