/** A figure that can have a target, an expectation, a published value: read month by month. */
import type { Db } from '../db/database.ts'
import type { Scope } from '../scope.ts'
import type { Connection } from '../warehouse/warehouses.ts'

/** Money in whole units of the workspace's currency, shares as fractions, the others counted. */
export type Unit = 'money' | 'share' | 'accounts' | 'count' | 'hours'

/** Null where there is no value: no such month, or too little to say. */
export interface Point {
  month: string
  value: number | null
  low: number | null
  high: number | null
  /** How many it is about. */
  base: number
  mark: 'ok' | 'directional' | 'suppressed'
}

/** Which figure: a measure and what it is narrowed to. `measures.ts` of insights holds its schema. */
export interface Ref {
  measure: string
  featureId: string | null
  segmentBy: string
  bands: number[]
  segment: string | null
  window: number
  adoptionMonths: number
  /** What a measure of another room is about: the id of its thing. */
  subject?: string | undefined
}

export interface MeasureKind {
  /** `nrr`; of rooms above insights with the room's name before it: `practices.allocation`. */
  measure: string
  name: string
  unit: Unit
  /** Its key among the definitions. */
  definition: string
  needsFeature: boolean
  /** Whether it looks back over so many months. */
  hasWindow: boolean
  /** One point for each month, an index (year * 12 + month - 1). The warehouse is asked through `con` alone, which is held meanwhile. */
  read: (from: { db: Db; scope: Scope; con: Connection }, ref: Ref, months: readonly number[]) => Promise<Point[]>
}
