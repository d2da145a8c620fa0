import { plural } from '../ui/format.ts'

/** `40 min`, `5 hours`, `3 days`: as coarse as it is long. */
export function lasting(hours: number | null): string {
  if (hours === null) return '–'
  if (hours === 0) return 'at once'
  if (hours < 1) return `${Math.max(1, Math.round(hours * 60))} min`
  if (hours < 48) return plural(Math.round(hours), 'hour', 'hours')
  return plural(Math.round(hours / 24), 'day', 'days')
}
