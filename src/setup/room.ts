import { room } from '../platform/rooms/room.ts'
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
    // What the tour found, in sums.
    'setup:read': ['admin', 'product-ops', 'product-manager', 'leader'],
    // Waves, thresholds, rates.
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
  ],
  jobs: [loadSampleJob, inviteJob],
  linkSources: [tourLinks],
})
