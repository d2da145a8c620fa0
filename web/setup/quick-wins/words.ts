import type { QuickWin } from '../../../src/setup/quick-wins/schemas.ts'
import { count, plural } from '../../ui/format.ts'

/** `12 min`, `1.5 h`: minutes of work or of waiting, each time. */
export function minutesText(minutes: number): string {
  if (minutes < 1 && minutes > 0) return 'under a minute'
  if (minutes < 90) return `${Math.round(minutes)}\u00a0min`
  const hours = minutes / 60
  return hours < 48 ? `${trimmed(hours)}\u00a0h` : `${trimmed(hours / 24)}\u00a0days`
}
const trimmed = (n: number) => (n < 10 ? n.toFixed(1).replace(/\.0$/, '') : String(Math.round(n)))

/** `12.4 h`, from a hundred on without a fraction. */
export const hoursText = (hours: number): string =>
  `${hours < 0 ? '−' : ''}${Math.abs(hours) < 100 ? count(Number(Math.abs(hours).toFixed(1))) : count(Math.round(Math.abs(hours)))}\u00a0h`

type Timing = NonNullable<QuickWin['before']>
export const methodText = ({ method, of }: Timing): string =>
  method === 'samples'
    ? plural(of, 'sample', 'samples')
    : method === 'system'
      ? `${count(of)} timed by the system`
      : 'stated, not timed'

export const confidenceWords: Record<QuickWin['confidence'], { mark: string; word: string; why: string }> = {
  high: {
    mark: '●',
    word: 'Measured',
    why: 'Timed before and after on enough, and counted by the system.',
  },
  medium: {
    mark: '◐',
    word: 'Measured on few',
    why: 'Timed before and after; on few, or the number of times is stated.',
  },
  estimate: { mark: '○', word: 'Estimate', why: 'Without two measurements it is an estimate.' },
}
export const stateWords: Record<QuickWin['state'], string> = {
  planned: 'Planned',
  delivered: 'Delivered',
  dropped: 'Dropped',
}
export const roleWords: Record<string, string> = {
  admin: 'Admins',
  'product-ops': 'Product Ops',
  'product-manager': 'Product managers',
  leader: 'Leaders',
  stakeholder: 'Stakeholders',
}

/** `38 answers`, `about 96 times`: as it was counted, or as it was stated. */
export const timesText = ({ times, win }: Pick<QuickWin, 'times' | 'win'>): string =>
  times === null
    ? '–'
    : times.how === 'counted' && win
      ? plural(times.n, win.one, win.many)
      : `about ${plural(Math.round(times.n), 'time', 'times')}`
