import { z } from 'zod'
import { json } from '../../platform/db/record-fields.ts'
import { settingKind } from '../../platform/db/setting.ts'
import { charterTables } from './tables.ts'

const Lines = z.array(z.string())

export const charters = settingKind(charterTables, {
  table: 'charter',
  thing: 'the charter',
  fields: {
    team: 'team',
    above: json('above', Lines),
    below: json('below', Lines),
    because: 'because',
    publishedBy: 'published_by',
    publishedAt: 'published_at',
  },
  unset: { team: '', above: [], below: [], because: '', publishedBy: null, publishedAt: null },
})
