import type { Request } from '../../src/requests/schemas.ts'
import { plural } from '../ui/format.ts'

/** `less than a minute`, `40 min`, `5 hours`, `3 days`: as coarse as it is long. */
export function lasting(hours: number | null): string {
  if (hours === null) return '–'
  if (hours < 1 / 60) return 'less than a minute'
  if (hours < 1) return `${Math.round(hours * 60)} min`
  if (hours < 48) return plural(Math.round(hours), 'hour', 'hours')
  return plural(Math.round(hours / 24), 'day', 'days')
}

export const stateNames: Record<Request['state'], string> = { open: 'Open', answered: 'Answered', closed: 'Closed' }

export const stateText = (r: Request): string =>
  r.state === 'answered'
    ? r.hoursOpen === 0
      ? 'Answered at once'
      : `Answered after ${lasting(r.hoursOpen)}`
    : r.state === 'closed'
      ? 'Closed'
      : `Open for ${lasting(r.hoursOpen)}`
