/** Metrics that are watched, objectives with key results, and values as they were published. Units are those of the measure: money whole, shares as fractions. */
import { z } from 'zod'
import { Answer, Standing } from '../analyses/ground/asking.ts'
import { units } from '../../platform/rooms/measure.ts'
import { MeasurePoint, MeasureRef } from './measures.ts'
import { Day, Month } from '../datasets/schemas.ts'

export const Unit = z.enum(units)
export type Unit = z.infer<typeof Unit>
export const Counted = z
  .object({ one: z.string(), many: z.string() })
  .describe('what the base counts; accounts where absent')

const Value = z.number().min(-1e15).max(1e15)
export const Target = z.object({ month: Month, value: Value, direction: z.enum(['at-least', 'at-most']) })
export type Target = z.infer<typeof Target>
/** `moved`: against the month before, by more than this: of shares in points (0.02 is two), of money and accounts as a part of the month before. */
export const Threshold = z.object({ kind: z.enum(['above', 'below', 'moved']), value: Value })
export type Threshold = z.infer<typeof Threshold>

export const MetricDraft = z
  .object({
    ref: MeasureRef,
    targets: z.array(Target).max(36).default([]),
    thresholds: z.array(Threshold).max(6).default([]),
  })
  .refine((d) => new Set(d.targets.map((t) => t.month)).size === d.targets.length, {
    path: ['targets'],
    message: 'a month has one target',
  })
  .refine((d) => new Set(d.thresholds.map((t) => `${t.kind} ${t.value}`)).size === d.thresholds.length, {
    path: ['thresholds'],
    message: 'a threshold stands twice',
  })
  .refine((d) => d.thresholds.every((t) => t.kind !== 'moved' || t.value > 0), {
    path: ['thresholds'],
    message: 'a move has a size above zero',
  })
export type MetricDraft = z.infer<typeof MetricDraft>

export const Alert = z.object({
  id: z.string(),
  metricId: z.string(),
  ref: MeasureRef,
  title: z.string(),
  unit: Unit,
  kind: Threshold.shape.kind,
  threshold: z.number(),
  month: Month,
  value: z.number(),
  prior: z.number().nullable(),
  text: z.string(),
  raisedAt: z.string(),
  endedAt: z.string().nullable(),
  acknowledgedBy: z.string().nullable(),
  acknowledgedAt: z.string().nullable(),
  note: z.string().nullable(),
})
export type Alert = z.infer<typeof Alert>

export const TargetState = z.enum(['met', 'not-met-yet', 'missed', 'no-value', 'no-target'])
export type TargetState = z.infer<typeof TargetState>

export const MetricRow = z.object({
  id: z.string(),
  version: z.int(),
  ref: MeasureRef,
  title: z.string(),
  unit: Unit,
  feature: z.string().nullable(),
  problem: z.string().nullable().describe('why it has no value'),
  point: MeasurePoint.nullable(),
  prior: z.number().nullable().describe('a month before'),
  target: Target.nullable(),
  state: TargetState,
  points: z.array(z.object({ month: Month, value: z.number().nullable() })),
  targets: z.array(Target),
  thresholds: z.array(Threshold),
  openAlerts: z.int(),
})
export type MetricRow = z.infer<typeof MetricRow>

export const KeyResultDraft = z
  .object({
    ref: MeasureRef,
    startMonth: Month.meta({ title: 'Starts in' }),
    startValue: Value.meta({ title: 'At' }),
    targetMonth: Month.meta({ title: 'Is to be by' }),
    targetValue: Value.meta({ title: 'At' }),
  })
  .refine((k) => k.startMonth < k.targetMonth, { path: ['targetMonth'], message: 'the target lies after the start' })
  .refine((k) => k.startValue !== k.targetValue, {
    path: ['targetValue'],
    message: 'the target is another value than the start',
  })
export type KeyResultDraft = z.infer<typeof KeyResultDraft>
export const ObjectiveDraft = z
  .object({
    title: z.string().trim().min(3).max(160).meta({ title: 'What should become better' }),
    owner: z.string().trim().min(1).max(80).meta({ title: 'Owner', description: 'Who answers for it' }),
    from: Month.meta({ title: 'From' }),
    to: Month.meta({ title: 'To' }),
    keyResults: z.array(KeyResultDraft).min(1).max(8),
  })
  .refine((o) => o.from <= o.to, { path: ['to'], message: 'the period ends after it begins' })
export type ObjectiveDraft = z.infer<typeof ObjectiveDraft>

export const Progress = z.enum(['reached', 'ahead', 'on-the-line', 'behind', 'not-reached', 'not-begun', 'no-value'])
export type Progress = z.infer<typeof Progress>
export const KeyResult = z.object({
  id: z.string(),
  ref: MeasureRef,
  title: z.string(),
  unit: Unit,
  startMonth: Month,
  startValue: z.number(),
  targetMonth: Month,
  targetValue: z.number(),
  point: MeasurePoint.nullable(),
  problem: z.string().nullable(),
  done: z.number().nullable().describe('of the way from start to target, as a fraction'),
  expected: z.number().describe('of the way, on the straight line'),
  lineValue: z.number(),
  state: Progress,
  points: z.array(z.object({ month: Month, value: z.number().nullable() })),
})
export type KeyResult = z.infer<typeof KeyResult>
export const Objective = z.object({
  id: z.string(),
  version: z.int(),
  title: z.string(),
  owner: z.string(),
  from: Month,
  to: Month,
  keyResults: z.array(KeyResult),
})
export type Objective = z.infer<typeof Objective>

/** What a figure was made of when it was told. */
export const MadeOf = z.object({
  batches: z.array(z.int()),
  refreshedAt: z.string().nullable(),
  definitions: z.record(z.string(), z.int()),
  featureVersion: z.int().nullable(),
})
export type MadeOf = z.infer<typeof MadeOf>
export const Via = z.enum(['publish', 'link', 'mail', 'deck'])
export const PublishedValue = z.object({
  id: z.string(),
  ref: MeasureRef,
  title: z.string(),
  unit: Unit,
  month: Month,
  value: z.number(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  base: z.int(),
  mark: MeasurePoint.shape.mark,
  currency: z.string(),
  madeOf: MadeOf,
  via: Via,
  place: z.string(),
  publishedBy: z.string(),
  publishedAt: z.string(),
  today: z.number().nullable(),
  state: z.enum(['as-published', 'restated', 'gone']),
  text: z.string().describe('what was said and what it is by today’s data'),
  causes: z.object({ files: z.int(), undone: z.int(), definitions: z.int() }),
})
export type PublishedValue = z.infer<typeof PublishedValue>

export const Lineage = z.object({
  files: z.array(
    z.object({ dataset: z.string(), imports: z.int(), rows: z.int(), lastFile: z.string(), lastImportAt: z.string() }),
  ),
  tables: z.array(z.object({ name: z.string(), holds: z.string() })),
  refreshedAt: z.string().nullable(),
  recent: z.array(
    z.object({
      id: z.int(),
      dataset: z.string(),
      fileName: z.string(),
      importedBy: z.string(),
      committedAt: z.string(),
      rows: z.int(),
    }),
  ),
})
export type Lineage = z.infer<typeof Lineage>

export const Change = z.object({ on: Day, text: z.string() })

export const MetricPage = z.object({
  answer: Answer,
  standing: Standing,
  ref: MeasureRef,
  title: z.string(),
  unit: Unit,
  feature: z.string().nullable(),
  currency: z.string(),
  months: z.array(Month),
  points: z.array(MeasurePoint),
  metric: z.object({ id: z.string(), version: z.int() }).nullable(),
  targets: z.array(Target),
  thresholds: z.array(Threshold),
  state: TargetState,
  alerts: z.array(Alert),
  published: z.array(PublishedValue),
  changes: z.array(Change).describe('of the definitions it is computed by'),
  lineage: Lineage,
  keyResults: z.array(
    z.object({ objective: z.string(), objectiveId: z.string(), targetMonth: Month, targetValue: z.number() }),
  ),
  segments: z.array(z.string()),
  counted: Counted.optional(),
})
export type MetricPage = z.infer<typeof MetricPage>
