import { settingKind } from '../../platform/db/setting.ts'
import { costTables } from './tables.ts'

export const hourlyRate = settingKind(costTables, {
  table: 'setup_hourly_rate',
  thing: 'the rate of an hour',
  fields: { amount: 'amount', basis: 'basis' },
  unset: { amount: null, basis: '' },
})
