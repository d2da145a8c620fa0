/** The feature that an analysis of one feature is about. */
import { notFound, precondition } from '../../../platform/errors.ts'
import type { Connection } from '../../../platform/warehouse/warehouses.ts'

export interface AskedFeature {
  featureId: number
  name: string
  isCore: boolean
  releasedOn: string | null
}

/** By its name, whatever its case; the first core feature where none is named. @throws not-found, precondition without features */
export async function askedFeature(con: Connection, name: string | undefined): Promise<AskedFeature> {
  const features = await con.kept<AskedFeature>(`
    select feature_id as "featureId", name, is_core as "isCore", released_on as "releasedOn"
    from feature
    order by is_core desc, name`)
  const found = features.find((f) => name === undefined || f.name.toLowerCase() === name.toLowerCase())
  if (found) return found
  if (name === undefined) throw precondition('There is no feature yet. Say which events are which feature first.')
  throw notFound('feature', name)
}
