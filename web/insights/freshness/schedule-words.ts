import type { Run, RunOutcome, Schedule } from '../../../src/insights/datasets/schedules/schemas.ts'
import { ago, moment, plural } from '../../ui/format.ts'

export const outcomeWords: Record<RunOutcome, string> = {
  imported: 'imported',
  nothing: 'nothing new',
  unchanged: 'unchanged',
  waiting: 'looked',
  stopped: 'stopped',
  failed: 'failed',
}
export const isBad = (outcome: RunOutcome | null): boolean => outcome === 'failed' || outcome === 'stopped'

export const fromOf = ({ place, hasSecret }: Schedule): string =>
  `${place.kind === 'folder' ? `${place.folder}/${place.pattern}` : place.url}${hasSecret ? ', with a secret header' : ''}`

export const nextText = (s: Schedule): string =>
  s.isPaused ? 'paused' : s.isRunning ? 'at work now' : moment(s.nextAt)

/** `Nothing new 5 min ago, 3 times since 2 Jan 2026, 06:00`. */
export function lastText({ outcome, finishedAt, times, startedAt }: Run): string {
  const word = outcome ? outcomeWords[outcome] : ''
  const since = times > 1 ? `, ${plural(times, 'time', 'times')} since ${moment(startedAt)}` : ''
  return `${word.charAt(0).toUpperCase()}${word.slice(1)} ${finishedAt ? ago(finishedAt) : ''}${since}`
}
