import { recordKind } from '../../platform/db/record.ts'
import { insights } from '../tables.ts'

/** Notes on the time axis, the latest first. */
export const annotations = recordKind(insights, {
  table: 'annotation',
  noun: 'note',
  title: (note) => note.text,
  fields: { kind: 'kind', from: 'from_day', to: 'to_day', text: 'note', by: 'created_by' },
  stamps: ['created_at', 'updated_at'],
  order: [
    ['from_day', 'desc'],
    ['id', 'asc'],
  ],
})
