/** A figure that can have a target, an expectation, a published value: read month by month. */
import type { Db } from '../db/database.ts'
import { invalid, notFound } from '../errors.ts'
import type { Scope } from '../scope.ts'
import type { Connection } from '../warehouse/warehouses.ts'
import type { Wins } from './win.ts'

/** Money in whole units of the workspace's currency, shares as fractions, the others counted. */
export const units = ['money', 'share', 'accounts', 'count', 'hours'] as const
export type Unit = (typeof units)[number]

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

export interface Counted {
  one: string
  many: string
}
export const countedOf = ({ counted }: Pick<MeasureKind, 'counted'>): Counted =>
  counted ?? { one: 'account', many: 'accounts' }

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
  /** The kind of thing that `subject` names; absent where the measure is about no single thing. */
  about?: string
  /** What its base counts; accounts where absent. */
  counted?: Counted
  /** One point for each month, an index (year * 12 + month - 1). The warehouse is asked through `con` alone, which is held meanwhile. */
  read: (
    from: { db: Db; scope: Scope; con: Connection; wins: Wins },
    ref: Ref,
    months: readonly number[],
  ) => Promise<Point[]>
}

export type Measures = ReadonlyMap<string, MeasureKind>

/**
 * The kind of a measure that somebody asks for.
 * @param field where the ref stands in the input @throws invalid for a measure that no room brings, or one that does not say of what
 */
export function kindOf(
  measures: Measures,
  ref: Pick<Ref, 'measure' | 'featureId' | 'subject'>,
  field = 'ref',
): MeasureKind {
  const kind = measureNamed(measures, ref.measure, `${field}.measure`)
  if (kind.needsFeature && ref.featureId === null)
    throw unfit(`${field}.featureId`, 'this measure is about a feature: say which')
  if (kind.about !== undefined && ref.subject === undefined)
    throw unfit(`${field}.subject`, `this measure is about a ${kind.about}: say which`)
  if (kind.about === undefined && ref.subject !== undefined)
    throw unfit(`${field}.subject`, `${kind.name} is about no single thing: leave this out`)
  return kind
}

/** @throws invalid for a measure that no room brings */
export function measureNamed(measures: Measures, measure: string, field: string): MeasureKind {
  const kind = measures.get(measure)
  if (!kind) throw unfit(field, `there is no measure “${measure}”. The measures are ${[...measures.keys()].join(', ')}`)
  return kind
}

const unfit = (path: string, message: string) =>
  invalid(`“${path}”: ${message}.`, { issues: [{ path, message: `“${path}”: ${message}.` }] })

/** The kind of a measure that is stored: one that no room brings any more keeps its key for a name, and has no values. */
export const keptKind = (measures: Measures, { measure }: Pick<Ref, 'measure'>): MeasureKind =>
  measures.get(measure) ?? {
    measure,
    name: measure,
    unit: 'count',
    definition: measure,
    needsFeature: false,
    hasWindow: false,
    read: async () => {
      throw notFound('measure', measure)
    },
  }
