import { room } from '../platform/rooms/room.ts'
import { getCharter, publishCharter } from './charter/operations.ts'
import { exportFirstHire, getFirstHire, saveFirstHire } from './first-hire/operations.ts'
import { choosePillar, getPillar, saveSituation } from './pillar-choice/operations.ts'
import { measures } from './quick-wins/measures.ts'
import {
  createQuickWin,
  getQuickWin,
  listQuickWinCandidates,
  listQuickWins,
  quickWinOptions,
  sampleQuickWin,
  updateQuickWin,
} from './quick-wins/operations.ts'
import { things } from './quick-wins/things.ts'
import { loadSampleJob } from './sample-company/job.ts'
import { openSampleCompany } from './sample-company/operations.ts'

/** Getting started. */
export const setup = room({
  name: 'setup',
  operations: [
    openSampleCompany,
    listQuickWins,
    getQuickWin,
    createQuickWin,
    updateQuickWin,
    sampleQuickWin,
    listQuickWinCandidates,
    quickWinOptions,
    getPillar,
    saveSituation,
    choosePillar,
    getCharter,
    publishCharter,
    getFirstHire,
    saveFirstHire,
    exportFirstHire,
  ],
  jobs: [loadSampleJob],
  things,
  measures,
})
