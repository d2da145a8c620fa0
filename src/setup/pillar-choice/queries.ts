import { z } from 'zod'
import { json } from '../../platform/db/record-fields.ts'
import { settingKind } from '../../platform/db/setting.ts'
import { Sum, PillarSituation } from './schemas.ts'
import { pillarTables } from './tables.ts'

export const situations = settingKind(pillarTables, {
  table: 'pillar_situation',
  thing: 'what the company says of itself',
  fields: {
    situation: 'situation',
    researchUnowned: 'research_unowned',
    leadersLack: 'leaders_lack',
    dataExists: 'data_exists',
    processExists: 'process_exists',
    customerExists: 'customer_exists',
    dataWeeks: 'data_weeks',
    processWeeks: 'process_weeks',
    customerWeeks: 'customer_weeks',
  },
  unset: PillarSituation.parse({}),
})

export const choices = settingKind(pillarTables, {
  table: 'pillar_choice',
  thing: 'the pillar that was chosen',
  fields: {
    pillar: 'pillar',
    because: 'because',
    recommended: 'recommended',
    sums: json('sums', z.array(Sum)),
    chosenBy: 'chosen_by',
    chosenAt: 'chosen_at',
  },
  unset: { pillar: null, because: null, recommended: null, sums: [], chosenBy: null, chosenAt: null },
})
