import { expect, test } from 'vitest'
import { z } from 'zod'
import { formSchema } from '../../src/faces/http/form-schema.ts'
import type { AnyOperation } from '../../src/platform/operation.ts'
import { addAnnotation } from '../../src/insights/annotations/operations.ts'
import { createSchedule } from '../../src/insights/datasets/schedules/operations.ts'
import { besideField, factsOf, problemsOf, spoken, type Schema } from '../../web/ui/form/schema.ts'
import { differing, isUntouched, merged } from '../../web/ui/form/versions.ts'

const schemaOf = (op: unknown) => formSchema(op as AnyOperation) as Schema

test('a field has its label, its help and its bounds from the operation', () => {
  const note = schemaOf(addAnnotation)
  expect(factsOf(note, 'text', {})).toMatchObject({
    isNeeded: true,
    schema: { title: 'In a few words', description: 'Stands on the chart', maxLength: 140 },
  })
  expect(factsOf(note, 'to', {})).toMatchObject({ isNeeded: false, schema: { title: 'To, if it lasted' } })
  expect(factsOf(note, 'nothing', {})).toBeUndefined()
  expect(spoken('keyResults.0.startMonth')).toBe('Start month')
})

test('of several kinds, the fields are those of the kind that is chosen', () => {
  const schedule = schemaOf(createSchedule)
  expect(factsOf(schedule, 'place.folder', { place: { kind: 'folder' } })?.isNeeded).toBe(true)
  expect(factsOf(schedule, 'place.folder', { place: { kind: 'url' } })).toBeUndefined()
  expect(factsOf(schedule, 'timing.minutes', { timing: { every: 'minutes' } })?.schema).toMatchObject({
    title: 'Minutes between',
    minimum: 5,
  })
})

test('what does not fit is said beside its field, and nothing else is', () => {
  const note = schemaOf(addAnnotation)
  const whole = { kind: 'outage', from: '2026-01-05', to: null, text: 'Outage' }
  expect(problemsOf(note, whole)).toEqual({})
  expect(problemsOf(note, { ...whole, text: '  ', kind: 'party' })).toEqual({
    text: 'This is needed.',
    kind: 'Choose one of those that are offered.',
  })
  expect(problemsOf(note, { ...whole, text: 'x'.repeat(141) })).toEqual({
    text: 'At most 140 characters; this has 141.',
  })
  expect(Object.keys(problemsOf(note, { ...whole, from: '', to: 'soon' }))).toEqual(['from', 'to'])
  const nested = { ...schemaOf({ input: z.object({ lines: z.array(z.object({ n: z.int().min(1) })).min(1) }) }) }
  expect(problemsOf(nested, { lines: [] })).toEqual({ lines: 'At least 1 entry.' })
  expect(problemsOf(nested, { lines: [{ n: 2 }, { n: 0 }, { n: 1.5 }, { n: Number.NaN }, {}] })).toEqual({
    'lines.1.n': 'At least 1.',
    'lines.2.n': 'A whole number is needed.',
    'lines.3.n': 'A number is needed.',
    'lines.4.n': 'This is needed.',
  })
  const code = schemaOf({ input: z.object({ code: z.string().regex(/^[a-z]+$/, 'small letters alone') }) })
  expect(problemsOf(code, { code: 'A1' })).toEqual({ code: 'Small letters alone.' })
})

test('what the server says of a field stands beside it without the field’s name', () => {
  expect(besideField('to', '“to”: the span ends before it begins.')).toBe('The span ends before it begins.')
  expect(besideField('text', '“text” takes at most 140 characters; this has 141.')).toBe(
    'This takes at most 140 characters; this has 141.',
  )
  expect(besideField('text', 'Write it in one line.')).toBe('Write it in one line.')
})

test('of two versions the fields that differ stand beside each other, and what was not changed here is taken from the other', () => {
  const base = { title: 'A', owner: 'Robin', lines: [1, 2] }
  const mine = { title: 'B', owner: 'Robin', lines: [1, 2] }
  const theirs = { title: 'C', owner: 'Petra', lines: [1, 2], more: true }
  expect(differing(base, mine, theirs)).toEqual([
    { field: 'title', mine: 'B', theirs: 'C', first: 'mine' },
    { field: 'owner', mine: 'Robin', theirs: 'Petra', first: 'theirs' },
  ])
  expect(merged(mine, theirs, { title: 'mine', owner: 'theirs' })).toEqual({
    title: 'B',
    owner: 'Petra',
    lines: [1, 2],
  })
  expect([isUntouched(base, { ...base, more: 1 }), isUntouched(base, theirs)]).toEqual([true, false])
})
