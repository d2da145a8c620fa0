import { room } from '../platform/rooms/room.ts'
import { loadSampleJob } from './sample-company/job.ts'
import { openSampleCompany } from './sample-company/operations.ts'

/** Getting started. */
export const setup = room({
  name: 'setup',
  operations: [openSampleCompany],
  jobs: [loadSampleJob],
})
