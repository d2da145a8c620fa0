/** Reads what is expected of: the value of a measure as of a day, and its months. */
import { currencyOf } from '../insights/analyses/ground/asking.ts'
import type { MeasurePoint, MeasureRef } from '../insights/targets/measures.ts'
import { monthsOf, sourceOf, type Source } from '../insights/targets/warehouse.ts'
import { monthIndex } from '../platform/calendar/month.ts'
import { readFeatureNames, type FeatureNames } from '../insights/targets/publishing.ts'
import { isProductError } from '../platform/errors.ts'
import type { WorkspaceContext } from '../platform/operation.ts'
import { countedOf, keptKind, type MeasureKind } from '../platform/rooms/measure.ts'
import type { Connection } from '../platform/warehouse/warehouses.ts'
import { expectedValue, measurePhrase, verdictOf, writeCaveat, writeEffect } from './effect.ts'
import type { StoredDecision } from './queries.ts'
import type { Effect } from './schemas.ts'
import { inWarehouse } from '../platform/warehouse/in-warehouse.ts'

export const todayOf = ({ now }: Pick<WorkspaceContext, 'now'>): string => now().toISOString().slice(0, 10)
export const dayOf = (at: Date | null): string | null => at?.toISOString().slice(0, 10) ?? null

/** The last month that is complete on the day, as far as the data goes. @throws precondition without revenue */
async function monthAt(con: Connection, measure: string, day: string): Promise<{ first: number; last: number }> {
  const { first, last } = await monthsOf(con, measure, day)
  return { first, last: Math.min(last, monthIndex(day) - 1) }
}

/** Without data, or for a feature that was taken out, there is no figure; that is for the reader to see, not a failure. */
const absent = (error: unknown): string => {
  if (isProductError(error) && (error.code === 'precondition' || error.code === 'not-found')) return error.message
  throw error
}

/** As of today; null where none is known. */
export async function readFigure(context: WorkspaceContext, ref: MeasureRef): Promise<MeasurePoint | null> {
  try {
    return await inWarehouse(context, async (con) => {
      const from = sourceOf(context, con)
      const { last } = await monthAt(con, ref.measure, todayOf(context))
      return (await keptKind(from.measures, ref).read(from, ref, [last]))[0] ?? null
    })
  } catch (error) {
    absent(error)
    return null
  }
}

/** Of what the measures are of which these decisions expect something. */
export const namesFor = (context: WorkspaceContext, all: readonly StoredDecision[]): Promise<FeatureNames> =>
  readFeatureNames(
    context,
    all.flatMap((d) => d.content.expectation?.measure ?? []),
  )

interface Reading {
  now: MeasurePoint | null
  line: MeasurePoint[]
  problem: string | null
}
const longestLine = 48

/** @param months how many before the decision the line begins; without them the value now alone is read */
async function readLine(
  source: Source,
  decision: StoredDecision,
  ref: MeasureRef,
  today: string,
  months: number,
): Promise<Reading> {
  const { first, last } = await monthAt(source.con, ref.measure, today)
  const from =
    months === 0 ? last : Math.max(first, Math.min(last, monthIndex(dayOf(decision.decidedAt) ?? today) - months))
  const line = await keptKind(source.measures, ref).read(
    source,
    ref,
    Array.from({ length: Math.max(1, last - from + 1) }, (_, i) => from + i).slice(-longestLine),
  )
  return { now: line.at(-1) ?? null, line: months === 0 ? [] : line, problem: null }
}

/** The effect of each decision that expects something of a metric, in the order given. */
export async function readEffects(
  context: WorkspaceContext,
  all: readonly StoredDecision[],
  months: number,
): Promise<Effect[]> {
  const names = await namesFor(context, all)
  const currency = await currencyOf(context)
  const today = todayOf(context)
  const effects: Effect[] = []
  const read = new Map<string, Promise<Reading>>()
  for (const decision of all) {
    const { expectation, revisitOn } = decision.content
    if (!expectation) continue
    const ref = expectation.measure
    const kind = keptKind(context.services.rooms.measures, ref)
    // Many decisions look at the same measure now; it is read once.
    const key = months === 0 ? JSON.stringify(ref) : decision.id
    const reading = await (read.get(key) ??
      read
        .set(
          key,
          inWarehouse(context, (con) => readLine(sourceOf(context, con), decision, ref, today, months)).catch(
            (error: unknown): Reading => ({ now: null, line: [], problem: absent(error) }),
          ),
        )
        .get(key)!)
    effects.push(
      told(
        decision,
        {
          ...reading,
          expected: expectation.expected,
          phrase: measurePhrase(kind, ref, names.of(ref)),
          kind,
          currency,
          by: revisitOn,
        },
        today,
      ),
    )
  }
  return effects
}

function told(
  decision: StoredDecision,
  r: Reading &
    Pick<Parameters<typeof writeEffect>[0], 'expected' | 'phrase' | 'currency' | 'by'> & { kind: MeasureKind },
  today: string,
): Effect {
  const decidedOn = dayOf(decision.decidedAt)
  const atDecision = decision.figureThen
  const { unit, counted } = r.kind
  const facts = { ...r, unit, counted: countedOf(r.kind), decidedOn, atDecision }
  const readAgain = atDecision ? (r.line.find((p) => p.month === atDecision.month) ?? null) : null
  return {
    id: decision.id,
    unit,
    currency: r.currency,
    measure: r.phrase,
    sentence: writeEffect(facts),
    caveat: writeCaveat(facts, readAgain),
    by: r.by,
    decidedOn,
    verdict:
      decidedOn === null
        ? 'unknown'
        : verdictOf(
            r.expected,
            { atDecision: atDecision?.value ?? null, now: r.now?.value ?? null },
            r.by !== null && today >= r.by,
          ),
    atDecision,
    expected: expectedValue(r.expected, atDecision?.value ?? null),
    now: r.now,
    line: r.line,
    problem: r.problem,
    ...(counted ? { counted } : {}),
  }
}
