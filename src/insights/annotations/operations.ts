import { z } from 'zod'
import { VersionNumber } from '../../platform/field-types.ts'
import { conflict, invalid, notFound } from '../../platform/errors.ts'
import { newId } from '../../platform/ids.ts'
import { operation } from '../../platform/operation.ts'
import { deleteAnnotation, insertAnnotation, listAnnotations, updateAnnotation } from './queries.ts'
import { Annotation, AnnotationDraft } from './schemas.ts'

const example = { kind: 'price-change' as const, from: '2025-07-01', to: null, text: 'New price list' }

/** @throws invalid where the span ends before it begins */
function needOrder({ from, to }: AnnotationDraft): void {
  if (to !== null && to < from) throw invalid(`“to”: the span ends on ${to}, before it begins on ${from}.`)
}

export const listAnnotationsOperation = operation({
  name: 'insights.annotations.list',
  summary: 'Notes on the time axis, the latest first',
  kind: 'read',
  may: 'insights:read',
  input: z.object({}),
  output: z.object({ rows: z.array(Annotation) }),
  example: () => ({}),
  csv: { fileName: () => 'time-axis-notes.csv', rows: (o) => o.rows.map(({ id: _, version: __, ...r }) => r) },
  run: async ({ db, scope }) => ({ rows: await listAnnotations(db, scope) }),
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
  async run({ db, scope, actor, now, emit }, draft) {
    needOrder(draft)
    const id = newId(now().getTime())
    await insertAnnotation(db, scope, { id, ...draft }, actor.name, now())
    emit('annotations')
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
  async run({ db, scope, now, emit }, note) {
    needOrder(note)
    if (!(await listAnnotations(db, scope)).some((a) => a.id === note.id)) throw notFound('note', note.id)
    if (!(await updateAnnotation(db, scope, note, now())))
      throw conflict(`Somebody changed “${note.text}” meanwhile. Load it again and repeat the change.`)
    emit('annotations')
    return { version: note.version + 1 }
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
  async run({ db, scope, emit }, { id }) {
    if (!(await deleteAnnotation(db, scope, id))) throw notFound('note', id)
    emit('annotations')
    return {}
  },
})
