/** The server tells what changed; open pages ask again. */
import { useEffect } from 'react'
import { queryClient } from './api.ts'

export function useLive(workspace: string): void {
  useEffect(() => {
    if (!workspace) return
    const source = new EventSource(`/api/live?workspace=${encodeURIComponent(workspace)}`)
    const pending = new Set<string>()
    let timer: number | undefined
    source.onmessage = ({ data }) => {
      for (const topic of JSON.parse(String(data)) as string[]) pending.add(topic)
      timer ??= window.setTimeout(() => {
        timer = undefined
        // Progress of a job changes the job alone.
        const jobsOnly = [...pending].every((topic) => topic === 'jobs')
        pending.clear()
        void queryClient.invalidateQueries({
          queryKey: [workspace],
          predicate: ({ queryKey }) => !jobsOnly || String(queryKey[1]).startsWith('jobs.'),
        })
      }, 250)
    }
    return () => {
      source.close()
      window.clearTimeout(timer)
    }
  }, [workspace])
}
