import { useRead, useWorkspace } from '../api.ts'
import { useMay } from '../session.ts'
import type { TimeNote } from '../ui/time-marks.ts'

const none: TimeNote[] = []

/** What happened in time, for every chart; asked once for all of them. */
export function useTimeMarks(): readonly TimeNote[] {
  const workspace = useWorkspace()
  const may = useMay('insights:read')
  return useRead('insights.annotations.list', {}, { enabled: workspace !== '' && may }).data?.rows ?? none
}
