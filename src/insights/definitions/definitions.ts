/** What every number means, as it is computed here; pages and exports point at these keys. */
import { adoption } from './adoption.ts'
import type { Definition } from './definition.ts'
import { evidence } from './evidence.ts'
import { revenue } from './revenue.ts'
import { usage } from './usage.ts'
import { work } from './work.ts'

export const definitions: readonly Definition[] = [...revenue, ...adoption, ...usage, ...evidence, ...work]
