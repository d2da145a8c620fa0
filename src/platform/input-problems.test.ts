import { expect, test } from 'vitest'
import { z } from 'zod'
import { parseInput } from './operation.ts'

const Shape = z.strictObject({
  clock: z
    .string()
    .regex(/^\d\d:\d\d$/, { error: ({ input }) => `“${String(input)}” is not a time: write it as 06:00.` })
    .optional(),
  window: z.int().min(1).max(36).optional(),
  share: z.number().positive().optional(),
  by: z.enum(['day', 'month', 'week']).optional(),
  segmentBy: z.string().min(1).max(5).optional(),
  bands: z.array(z.number()).max(2).optional(),
  id: z.uuid().optional(),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, 'an ISO code such as EUR')
    .optional(),
  only: z.boolean().optional(),
  secret: z.string().regex(/^\w+$/, 'one word').optional(),
  place: z
    .discriminatedUnion('kind', [z.object({ kind: z.literal('folder') }), z.object({ kind: z.literal('url') })])
    .optional(),
  people: z
    .array(z.string())
    .refine((all) => all.length > 0, 'say with whom')
    .optional(),
})

test.each([
  [{ clock: '25' }, '“25” is not a time: write it as 06:00.'],
  [{ window: 'abc' }, '“window” takes a number, not “abc”.'],
  [{ window: 99 }, '“window” takes at most 36, not 99.'],
  [{ window: 0 }, '“window” takes at least 1, not 0.'],
  [{ window: 1.5 }, '“window” takes a whole number, not 1.5.'],
  [{ share: 0 }, '“share” takes more than 0, not 0.'],
  [{ by: 'year' }, '“by” takes day, month or week, not “year”.'],
  [{ segmentBy: 3 }, '“segmentBy” takes a text, not 3.'],
  [{ segmentBy: null }, '“segmentBy” takes a text, not nothing.'],
  [{ segmentBy: '' }, '“segmentBy” takes at least 1 character; this has 0.'],
  [{ segmentBy: 'segment' }, '“segmentBy” takes at most 5 characters; this has 7.'],
  [{ bands: [1, 2, 3] }, '“bands” takes at most 2 entries; this has 3.'],
  [{ bands: ['x'] }, '“bands.0” takes a number, not “x”.'],
  [{ bands: 'x' }, '“bands” takes a list, not “x”.'],
  [{ id: 'x' }, '“id” takes an id, as it stands in the address of what it names, not “x”.'],
  [{ currency: 'euro' }, '“currency” takes an ISO code such as EUR, not “euro”.'],
  [{ only: 'yes' }, '“only” takes true or false, not “yes”.'],
  [{ secret: 'two words' }, '“secret” takes one word, not what was given.'],
  [{ place: { kind: 'disk' } }, '“place.kind” takes folder or url, not “disk”.'],
  [{ place: {} }, '“place.kind”: This is needed and missing.'],
  [{ people: [] }, '“people”: say with whom.'],
  [{ windw: 3 }, 'There is no “windw” to be given here.'],
  ['text', 'The input takes named values, not “text”.'],
])('%j is told as: %s', (input, sentence) => {
  expect(() => parseInput(Shape, input)).toThrow(expect.objectContaining({ code: 'invalid', message: sentence }))
})
