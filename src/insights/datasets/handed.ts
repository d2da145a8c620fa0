/** Which datasets an operation or a job knows: those that the rooms bring. */
import type { Brought } from '../../platform/rooms/room.ts'
import type { Services } from '../../platform/services.ts'
import type { Datasets } from './declaration.ts'
import { checkDatasets } from './known.ts'

const checked = new WeakMap<readonly Brought[], Datasets>()

export const datasetsOf = ({ rooms }: Pick<Services, 'rooms'>): Datasets => asDatasets(rooms.datasets)

/**
 * The platform carries the list and knows the names alone; every room declares its own as `DatasetDeclaration`, which is the only
 * kind there is. Asked once at the start, so that a list that cannot stand does not start.
 */
export function asDatasets(brought: readonly Brought[]): Datasets {
  const known = checked.get(brought) ?? checkDatasets(brought as Datasets)
  checked.set(brought, known)
  return known
}
