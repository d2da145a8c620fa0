/** Things of any kind by what links say of them, each as its own room shows it to the reader. */
import type { WorkspaceContext } from '../operation.ts'
import type { Thing } from './thing.ts'

interface Named {
  kind: string
  id: string
}

/** Asks each kind once. @returns the thing, or null where there is none, its kind is not known, or it is not for this reader */
export async function findThings(
  context: WorkspaceContext,
  wanted: readonly Named[],
): Promise<(thing: Named) => Thing | null> {
  const found = new Map<string, Thing>()
  for (const [kind, some] of Map.groupBy(wanted, (thing) => thing.kind)) {
    const known = context.services.rooms.things.get(kind)
    if (!known || !context.scope.may(known.may)) continue
    for (const thing of await known.find(context, [...new Set(some.map(({ id }) => id))]))
      found.set(`${kind} ${thing.id}`, thing)
  }
  return ({ kind, id }) => found.get(`${kind} ${id}`) ?? null
}
