import { Button } from '@mantine/core'
import { useRead, useWrite } from '../../api.ts'

/** Has the table written, and says how that goes. */
export function WriteNow() {
  const write = useWrite('insights.out.write')
  const id = write.data?.jobId
  const job = useRead('jobs.get', { id: id ?? '' }, { enabled: id !== undefined })
  const isRunning = write.isPending || job.data?.state === 'queued' || job.data?.state === 'running'
  return (
    <>
      {job.data?.state === 'failed' ? (
        <span className="out-problem" role="alert">
          {job.data.error}
        </span>
      ) : null}
      <Button loading={isRunning} onClick={() => write.mutate({})}>
        Write it now
      </Button>
    </>
  )
}
