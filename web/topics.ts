/** Which answers are old once something was written: an operation's answer says what it rests on or what it touched. */
import type { Query, QueryClient } from '@tanstack/react-query'

/** As `src/platform/live/topics.ts` has them. */
const everything = 'everything'
const jobs = 'jobs'

/** By the name of the operation. One that has said nothing yet rests on everything, and touches everything. */
const said = new Map<string, readonly string[]>()

export function noteTopics(operation: string, headers: Headers): void {
  const topics = headers.get('throughline-rests-on') ?? headers.get('throughline-touches')
  if (topics !== null) said.set(operation, topics.split(' '))
}

export const touchedBy = (operation: string): readonly string[] => said.get(operation) ?? [everything]

export function isOld(operation: string, touched: readonly string[]): boolean {
  const rests = said.get(operation)
  return touched.includes(everything) || touched.some((topic) => (rests ? rests.includes(topic) : topic !== jobs))
}

/** What is on screen is asked again, the rest when it is next looked at. */
export const refetchTouched = (client: QueryClient, workspace: string, touched: readonly string[]): Promise<void> =>
  client.invalidateQueries({
    queryKey: [workspace],
    predicate: ({ queryKey }: Query) => isOld(String(queryKey[1]), touched),
  })
