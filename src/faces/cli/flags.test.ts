import { expect, test } from 'vitest'
import { z } from 'zod'
import { operation } from '../../platform/operation.ts'
import { operations } from '../../operations.ts'
import { commandWords, flagsOf, readFlags } from './flags.ts'

const op = operation({
  name: 'insights.features.exampleVerb',
  summary: 'An example',
  kind: 'read',
  may: 'insights:read',
  output: z.object({}),
  example: () => ({ name: 'x' }),
  run: async () => ({}),
  input: z.object({
    name: z.string().describe('what it is called'),
    limit: z.int().default(50),
    isCore: z.boolean().optional(),
    bands: z.array(z.number()).optional(),
    segmentNames: z.array(z.string()).optional(),
    state: z.enum(['on', 'off']).default('on'),
    owner: z.string().nullable().optional(),
    rules: z.array(z.object({ kind: z.string() })).optional(),
  }),
})

test('a command has the words of its operation, and a flag for each field of its input', () => {
  expect(commandWords(op)).toEqual(['insights', 'features', 'example-verb'])
  expect(flagsOf(op).map(({ name, type, required, description }) => [name, type, required, description])).toEqual([
    ['name', 'string', true, 'what it is called'],
    ['limit', 'number', false, 'default 50'],
    ['is-core', 'boolean', false, ''],
    ['bands', 'list', false, 'several with commas'],
    ['segment-names', 'list', false, 'several with commas'],
    ['state', 'string', false, 'one of on, off; default on'],
    ['owner', 'string', false, ''],
    ['rules', 'json', false, 'as JSON'],
  ])
})

test('what was typed becomes the input, and what cannot be read is named by its flag', () => {
  const flags = flagsOf(op)
  expect(
    readFlags(flags, {
      name: '7',
      limit: '20',
      isCore: true,
      bands: '10,20.5',
      segmentNames: 'SMB, Mid-market',
      owner: 'Robin',
      rules: '[{"kind":"exact"}]',
      workspace: 'acme',
    }),
  ).toEqual({
    name: '7',
    limit: 20,
    isCore: true,
    bands: [10, 20.5],
    segmentNames: ['SMB', 'Mid-market'],
    owner: 'Robin',
    rules: [{ kind: 'exact' }],
  })
  expect(() => readFlags(flags, { limit: 'many' })).toThrow('--limit: “many” is not a number.')
  expect(() => readFlags(flags, { bands: '1,,2' })).toThrow('--bands: “” is not a number.')
  expect(() => readFlags(flags, { rules: '[' })).toThrow('--rules: this is not JSON.')
})

test('no two operations have the same command, and no command stands in the way of another’s words', () => {
  const words = operations
    .map((one) => commandWords(one))
    .filter((one) => one !== null)
    .map((one) => one.join(' '))
  expect(new Set(words).size).toBe(words.length)
  expect(words.filter((one) => words.some((other) => other.startsWith(`${one} `)))).toEqual([])
})
