/** The jobs that bring data in, with what the rooms above do of it. */
import { importJob as importInto, undoJob as undoIn, type AfterImport } from '../datasets/importing/jobs.ts'
import { runScheduleJob as runSchedule } from '../datasets/schedules/job.ts'
import { nameFeatures } from '../features/naming.ts'
import { refreshWhatIsMarked, refreshWorkspace } from './job.ts'

const after: AfterImport = { nameFeatures, refresh: refreshWorkspace, refreshLater: refreshWhatIsMarked }

export const importJob = importInto(after)
export const undoJob = undoIn(after)
export const runScheduleJob = runSchedule(after)
