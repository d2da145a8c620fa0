import { z } from 'zod'
import { notFound } from '../../../platform/errors.ts'
import { operation } from '../../../platform/operation.ts'
import { datasetsOf } from '../handed.ts'
import { Dataset, Mapping } from '../schemas.ts'
import { printMapping, readMapping } from './mapping-file.ts'
import { deleteMapping, listMappings } from './queries.ts'

const Field = z.object({
  name: z.string(),
  label: z.string(),
  type: z.string(),
  required: z.boolean(),
  help: z.string(),
})

export const listFields = operation({
  name: 'insights.mappings.fields',
  summary: 'The fields that each dataset can take',
  kind: 'read',
  may: 'insights:read',
  restsOn: [],
  input: z.object({}),
  output: z.object({
    datasets: z.array(
      z.object({
        dataset: Dataset,
        title: z.string(),
        what: z.string().describe('what such a file holds'),
        keys: z.array(z.string()).describe('what a mapping may say beyond its fields'),
        fields: z.array(Field),
      }),
    ),
  }),
  example: () => ({}),
  run: async ({ services }) => ({
    datasets: datasetsOf(services).map(({ name, words, keys, fields }) => ({
      dataset: name,
      title: words.title,
      what: words.what,
      keys: [...keys],
      fields: fields.map(({ headers: _, ...field }) => field),
    })),
  }),
})

export const listMappingsOperation = operation({
  name: 'insights.mappings.list',
  summary: 'Saved mappings, newest first, also as YAML',
  kind: 'read',
  may: 'insights:edit',
  restsOn: ['insights.datasets'],
  input: z.object({}),
  output: z.object({
    rows: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        dataset: Dataset,
        mapping: Mapping,
        yaml: z.string(),
        updatedAt: z.string(),
      }),
    ),
  }),
  example: () => ({}),
  async run({ db, scope }) {
    const rows = await listMappings(db, scope)
    return {
      rows: rows.map((m) => ({
        id: m.id,
        name: m.name,
        dataset: m.mapping.dataset,
        mapping: m.mapping,
        yaml: printMapping(m.mapping),
        updatedAt: m.updatedAt.toISOString(),
      })),
    }
  },
})

export const readMappingOperation = operation({
  name: 'insights.mappings.read',
  summary: 'Check a mapping written as YAML',
  kind: 'read',
  may: 'insights:edit',
  input: z.object({ yaml: z.string().max(1_000_000) }),
  output: z.object({ mapping: Mapping, yaml: z.string() }),
  example: () => ({ yaml: 'dataset: users\nsource: product\nfields: { id: user_id, account: account_id }' }),
  async run({ services }, { yaml }) {
    const mapping = readMapping(yaml, datasetsOf(services))
    return { mapping, yaml: printMapping(mapping) }
  },
})

export const removeMapping = operation({
  name: 'insights.mappings.remove',
  summary: 'Forget a saved mapping; what was imported with it stays',
  kind: 'write',
  may: 'insights:edit',
  input: z.object({ id: z.uuid() }),
  output: z.object({}),
  example: (f) => ({ id: f['mappingId']! }),
  target: (input) => input.id,
  async run({ db, scope }, { id }) {
    if (!(await deleteMapping(db, scope, id))) throw notFound('mapping', id)
    return {}
  },
})
