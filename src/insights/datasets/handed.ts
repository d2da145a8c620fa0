/** Which datasets an operation or a job knows: the one place that says where the list comes from. */
import type { Services } from '../../platform/services.ts'
import type { Datasets } from './declaration.ts'
import { datasets } from './declared/list.ts'

/** Those of insights, until rooms above bring theirs through `services`. */
export const datasetsOf = (_: Pick<Services, 'db'>): Datasets => datasets
