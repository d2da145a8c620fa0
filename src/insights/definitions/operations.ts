import { z } from 'zod'
import { operation } from '../../platform/operation.ts'
import { definitions } from './definitions.ts'

const Definition = z.object({
  key: z.string(),
  name: z.string(),
  short: z.string(),
  definition: z.string(),
  formula: z.string().nullable(),
  base: z.string(),
  window: z.string(),
  unit: z.string(),
  suppression: z.string().nullable(),
  notCounted: z.array(z.string()),
  version: z.int(),
  changes: z.array(z.object({ version: z.int(), on: z.string(), text: z.string() })),
  source: z.string().nullable(),
  example: z.string().nullable(),
})

export const listDefinitions = operation({
  name: 'insights.metrics.definitions',
  summary: 'What every number means, as it is computed',
  kind: 'read',
  may: 'shared:read',
  restsOn: [],
  input: z.object({}),
  output: z.object({ rows: z.array(Definition) }),
  example: () => ({}),
  csv: {
    fileName: () => 'definitions.csv',
    rows: (o) =>
      o.rows.map(({ notCounted, changes, ...d }) => ({
        ...d,
        notCounted: notCounted.join('; '),
        changes: changes.map((c) => `${c.on}: ${c.text}`).join('; '),
      })),
  },
  run: async () => ({ rows: definitions.map((d) => ({ ...d })) }),
})
