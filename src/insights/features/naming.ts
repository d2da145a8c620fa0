/** Features that a file of usage names itself. */
import type { JobContext } from '../../platform/jobs/queue.ts'
import type { Mapping } from '../datasets/schemas.ts'
import { saveFeatures } from './operations.ts'
import { listFeatures } from './queries.ts'
import { featureMatcher } from './rules.ts'

const maxFeaturesMade = 200

/** Where the file names features itself, each name that nobody claims becomes a feature of that name. */
export async function nameFeatures(
  { services, db, workspaceId, scope, now }: JobContext,
  mapping: Mapping,
  batchId: number,
): Promise<string[]> {
  if (mapping.dataset !== 'usage' || !mapping.fields['feature']) return []
  const featureOf = featureMatcher(await listFeatures(db, scope))
  const warehouse = await services.warehouses.open(workspaceId)
  const names = await warehouse.read((con) =>
    con.all<{ name: string }>('select name from event where batch_id = $1 group by name order by count(*) desc', [
      batchId,
    ]),
  )
  const fresh = names.map((n) => n.name).filter((name) => featureOf(name) === null && name.length <= 80)
  if (fresh.length > maxFeaturesMade)
    return [
      `The file names ${fresh.length} features; that looks like raw event names, so none was made. Group them under Features.`,
    ]
  if (fresh.length === 0) return []
  const known = await listFeatures(db, scope)
  const drafts = fresh.map((name) => {
    const same = known.find((f) => f.name.toLowerCase() === name.trim().toLowerCase())
    const rule = { kind: 'exact' as const, value: name }
    return same
      ? {
          name: same.name,
          area: same.area,
          isCore: same.isCore,
          releasedOn: same.releasedOn,
          rules: [...same.rules, rule],
        }
      : { name: name.trim(), area: null, isCore: false, releasedOn: null, rules: [rule] }
  })
  await services.transaction((tx) => saveFeatures(tx, scope, drafts, now()))
  return [
    `${fresh.length} ${fresh.length === 1 ? 'feature was' : 'features were'} made from the names in the file: ${fresh.slice(0, 8).join(', ')}${fresh.length > 8 ? ', …' : ''}.`,
  ]
}
