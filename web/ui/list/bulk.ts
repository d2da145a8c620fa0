/** One thing done to many, and what came of it. */
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { ApiError, queryClient, useWorkspace } from '../../api.ts'
import { count } from '../format.ts'

/** One after the other; whatever cannot be done is told, and the rest is done. @param done as in “3 questions assigned” */
export function useBulk<T>(onDone: () => void) {
  const workspace = useWorkspace()
  const [isBusy, setBusy] = useState(false)
  const run = async (rows: readonly T[], act: (row: T) => Promise<unknown>, done: (n: number) => string) => {
    setBusy(true)
    const problems: string[] = []
    for (const row of rows)
      await act(row).catch((error: unknown) => problems.push(error instanceof ApiError ? error.message : 'Not saved.'))
    setBusy(false)
    await queryClient.invalidateQueries({ queryKey: [workspace] })
    const first = problems[0]
    if (first === undefined) notifications.show({ message: done(rows.length) })
    else
      notifications.show({
        color: 'red',
        title: `${done(rows.length - problems.length)}, ${count(problems.length)} not`,
        message: first,
      })
    onDone()
  }
  return { run, isBusy }
}
