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
import { readCost, setRate } from './cost/operations.ts'
import { openQuestions, sendAnswer, tourLinks } from './listening-tour/answering.ts'
import { changeInterview, createInterview, listInterviews, removeInterview } from './listening-tour/interviews.ts'
import { inviteJob } from './listening-tour/inviting.ts'
import { codeEntry, listEntries, readResults } from './listening-tour/results.ts'
import {
  changeWave,
  closeWave,
  copyLinks,
  createWave,
  findWave,
  invitePeople,
  launchWave,
  listCodes,
  listPeople,
  listWaves,
  playBack,
  readQuestionSets,
  remindWave,
  removeWave,
  uninvitePerson,
} from './listening-tour/waves.ts'
import { readReadiness, setReadiness } from './readiness/operations.ts'
import { loadSampleJob } from './sample-company/job.ts'
import { openSampleCompany } from './sample-company/operations.ts'

/** Getting started. */
export const setup = room({
  name: 'setup',
  permissions: {
    // What the tour found, in sums; the pillar, the quick wins.
    'setup:read': ['admin', 'product-ops', 'product-manager', 'leader'],
    // Waves, thresholds, rates, charter, first hire, quick wins.
    'setup:edit': ['admin', 'product-ops', 'leader'],
    // Who is asked, their links, interviews with names, every word of a counted group.
    'setup:listen': ['admin', 'product-ops'],
    // Which pillar comes first.
    'setup:choose': ['leader', 'admin'],
  },
  operations: [
    openSampleCompany,
    readReadiness,
    setReadiness,
    readQuestionSets,
    listCodes,
    listWaves,
    findWave,
    createWave,
    changeWave,
    removeWave,
    invitePeople,
    uninvitePerson,
    launchWave,
    remindWave,
    closeWave,
    listPeople,
    copyLinks,
    playBack,
    readResults,
    listEntries,
    codeEntry,
    openQuestions,
    sendAnswer,
    listInterviews,
    createInterview,
    changeInterview,
    removeInterview,
    readCost,
    setRate,
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
  jobs: [loadSampleJob, inviteJob],
  linkSources: [tourLinks],
  things,
  measures,
})
