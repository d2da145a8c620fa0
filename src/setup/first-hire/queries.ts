import { settingKind } from '../../platform/db/setting.ts'
import { HireDraft } from './schemas.ts'
import { firstHireTables } from './tables.ts'

export const firstHires = settingKind(firstHireTables, {
  table: 'first_hire',
  thing: 'the first hire',
  fields: {
    pillar: 'pillar',
    title: 'title',
    description: 'description',
    background: 'background',
    doesAllResearch: 'does_all_research',
    reportsTo: 'reports_to',
    leaderCoaches: 'leader_coaches',
    productManagers: 'product_managers',
    productOps: 'product_ops',
  },
  unset: HireDraft.parse({}),
})
