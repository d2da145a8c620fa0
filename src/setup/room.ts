import { room } from '../platform/rooms/room.ts'
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
  ],
  jobs: [loadSampleJob],
  things,
  measures,
})
