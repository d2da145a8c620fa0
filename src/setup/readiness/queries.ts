import { settingKind } from '../../platform/db/setting.ts'
import { defaultThresholds } from './rules.ts'
import { readinessTables } from './tables.ts'

export const readinessSetting = settingKind(readinessTables, {
  table: 'setup_readiness',
  thing: 'when it is time',
  fields: {
    shareAbove: 'share_above',
    teamsAbove: 'teams_above',
    opaqueAbove: 'opaque_above',
    saidShare: 'said_share',
    saidOpaque: 'said_opaque',
    saidTeams: 'said_teams',
    saidAt: 'said_at',
  },
  unset: { ...defaultThresholds, saidShare: null, saidOpaque: null, saidTeams: null, saidAt: null },
})
