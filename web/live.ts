/** The server tells which topics were touched; open pages ask again what rests on them. */
import { useEffect } from 'react'
import { queryClient } from './api.ts'
import { refetchTouched } from './topics.ts'

export function useLive(workspace: string): void {
  useEffect(() => {
    if (!workspace) return
    const source = new EventSource(`/api/live?workspace=${encodeURIComponent(workspace)}`)
    const pending = new Set<string>()
    let timer: number | undefined
    let isBroken = false
    const touch = (topics: readonly string[]) => {
      for (const topic of topics) pending.add(topic)
      timer ??= window.setTimeout(() => {
        timer = undefined
        const touched = [...pending]
        pending.clear()
        void refetchTouched(queryClient, workspace, touched)
      }, 250)
    }
    source.onmessage = ({ data }) => touch(JSON.parse(String(data)) as string[])
    source.onerror = () => {
      isBroken = true
    }
    // What was told while the line was down was not heard.
    source.onopen = () => {
      if (isBroken) touch(['everything'])
      isBroken = false
    }
    return () => {
      source.close()
      window.clearTimeout(timer)
    }
  }, [workspace])
}
