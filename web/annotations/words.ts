import type { Annotation } from '../../src/insights/annotations/schemas.ts'
import { day } from '../ui/format.ts'

export const kindNames: Record<Annotation['kind'], string> = {
  'price-change': 'Price change',
  outage: 'Outage',
  'tracking-break': 'Tracking break',
  release: 'Release',
  other: 'Something else',
}
export const when = ({ from, to }: Pick<Annotation, 'from' | 'to'>): string =>
  to === null || to === from ? day(from) : `${day(from)} to ${day(to)}`
