import { z } from 'zod'
import { VersionNumber } from '../../platform/field-types.ts'
import { invalidField } from '../../platform/errors.ts'
import { newId } from '../../platform/ids.ts'
import { operation } from '../../platform/operation.ts'
import { annotations } from './queries.ts'
import { Annotation, AnnotationDraft } from './schemas.ts'

const example = { kind: 'price-change' as const, from: '2025-07-01', to: null, text: 'New price list' }

/** @throws invalid where the span ends before it begins */
function needOrder({ from, to }: AnnotationDraft): void {
  if (to !== null && to < from) throw invalidField('to', `the span ends on ${to}, before it begins on ${from}.`)
}

export const listAnnotationsOperation = operation({
  name: 'insights.annotations.list',
  summary: 'Notes on the time axis, the latest first',
  kind: 'read',
  may: 'insights:read',
  restsOn: [],
  input: z.object({}),
  output: z.object({ rows: z.array(Annotation) }),
  example: () => ({}),
  csv: { fileName: () => 'time-axis-notes.csv', rows: (o) => o.rows.map(({ id: _, version: __, ...r }) => r) },
  run: async ({ db, scope }) => ({ rows: await annotations.list(db, scope) }),
})

export const addAnnotation = operation({
  name: 'insights.annotations.add',
  summary: 'Add a note to the time axis: a day or a span',
  kind: 'write',
  may: 'insights:curate',
  input: AnnotationDraft,
  output: z.object({ id: z.string() }),
  example: () => example,
  target: (input) => input.text,
  async run({ db, scope, actor, now }, draft) {
    needOrder(draft)
    const id = newId(now().getTime())
    await annotations.insert(db, scope, { id, ...draft, by: actor.name }, now())
    return { id }
  },
})

export const updateAnnotationOperation = operation({
  name: 'insights.annotations.update',
  summary: 'Change a note on the time axis',
  kind: 'write',
  may: 'insights:curate',
  input: AnnotationDraft.extend({ id: z.uuid(), version: VersionNumber }),
  output: z.object({ version: z.int() }),
  example: (f) => ({ id: f['annotationId']!, version: 1, ...example }),
  target: (input) => input.text,
  async run(context, { id, version, ...note }) {
    needOrder(note)
    const { db, scope } = context
    const current = () => annotations.find(db, scope, id)
    const changed = await annotations.changeAtVersion(context, { id, version, given: note }, note, current)
    return { version: changed }
  },
})

export const removeAnnotation = operation({
  name: 'insights.annotations.remove',
  summary: 'Take a note off the time axis',
  kind: 'write',
  may: 'insights:curate',
  input: z.object({ id: z.uuid() }),
  output: z.object({}),
  example: (f) => ({ id: f['annotationId']! }),
  target: (input) => input.id,
  async run(context, { id }) {
    await annotations.remove(context, id)
    return {}
  },
})
