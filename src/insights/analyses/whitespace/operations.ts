/** Who may use a feature, is measured, and has not adopted it: by ARR and by what is known of the feature. */
import { z } from 'zod'
import { operation } from '../../../platform/operation.ts'
import type { Connection } from '../../../platform/warehouse/warehouses.ts'
import { Day, Month } from '../../datasets/schemas.ts'
import { inWarehouse } from '../../../platform/warehouse/in-warehouse.ts'
import { leastShown } from '../../statistics/association/evidence.ts'
import { monthEnd, monthIndex } from '../../../platform/calendar/month.ts'
import { percent, plural, shortDay, shortMoney } from '../../../platform/wording.ts'
import { Answer, currencyOf, readStanding, Standing } from '../ground/asking.ts'
import { adoptionRange } from '../ground/silence.ts'
import { ask, EvidenceWord, ranks, sumsSql, toldSql, WhitespaceInput, type Asked, type Sums } from './asking.ts'

export const WhitespaceCell = z.object({
  featureId: z.string(),
  feature: z.string(),
  isCore: z.boolean(),
  segment: z.string(),
  eligible: z.int(),
  accounts: z.int().describe('of them without adoption'),
  arr: z.number(),
  renewing: z.object({ accounts: z.int(), arr: z.number() }),
  evidence: EvidenceWord,
  word: z.string().nullable(),
})
export type WhitespaceCell = z.infer<typeof WhitespaceCell>

interface CellSums {
  feature_key: string
  feature: string
  is_core: boolean
  segment: string
  eligible: number
  n: number
  arr: number
  due_n: number
  due_arr: number
}

/** The page in one statement: its sums, its cells, and what can be chosen from, whatever else was asked for. */
export async function readSummary(
  con: Connection,
  asked: Asked,
): Promise<{ sums: Sums; cells: WhitespaceCell[]; segments: string[]; owners: string[] }> {
  const row = (await con.one<Sums & { cells: CellSums[] | null; segments: string[] | null; owners: string[] | null }>(`
    ${toldSql(asked)},
    open as (
      select
        feature_id, segment,
        count(*) as eligible,
        count(*) filter (adopted = 0) as n,
        coalesce(sum(arr) filter (adopted = 0), 0)::bigint as arr,
        count(*) filter (adopted = 0 and soon) as due_n,
        coalesce(sum(arr) filter (adopted = 0 and soon), 0)::bigint as due_arr
      from told
      where fits
      group by feature_id, segment
      having count(*) filter (adopted = 0) > 0
    ),
    cells as (
      select f.key as feature_key, f.name as feature, f.is_core, o.* exclude (feature_id)
      from open o
      join feature f on f.feature_id = o.feature_id
    ),
    sums as (${sumsSql})
    select
      sums.*,
      (select list(c) from cells c) as cells,
      (select list(distinct segment) from told) as segments,
      (
        select list(distinct coalesce(c.owner, 'no owner'))
        from customer c
        where c.account_id in (select account_id from told)
      ) as owners
    from sums`))!
  const cells = (row.cells ?? [])
    .map((r): WhitespaceCell => ({
      featureId: r.feature_key,
      feature: r.feature,
      isCore: r.is_core,
      segment: r.segment,
      eligible: r.eligible,
      accounts: r.n,
      arr: r.arr / 100,
      renewing: { accounts: r.due_n, arr: r.due_arr / 100 },
      evidence: asked.evidence.get(r.feature_key)?.evidence ?? 'not-asked',
      word: asked.evidence.get(r.feature_key)?.word ?? null,
    }))
    .sort(
      (a, b) =>
        ranks[a.evidence] - ranks[b.evidence] ||
        b.arr - a.arr ||
        (a.feature < b.feature ? -1 : a.feature > b.feature ? 1 : a.segment < b.segment ? -1 : 1),
    )
  return { sums: row, cells, segments: (row.segments ?? []).sort(), owners: (row.owners ?? []).sort() }
}

function sayWhitespace(sums: Sums, cells: readonly WhitespaceCell[], to: string, currency: string): Answer {
  if (sums.all === 0)
    return {
      text: 'Nobody who may use these features fits what was asked for.',
      caveat: 'Take a filter away, or choose other features.',
    }
  if (sums.n === 0) return { text: 'Every account that may use these features has adopted them.', caveat: null }
  const features = [...new Set(cells.map((c) => c.feature))]
  const what = features.length === 1 ? features[0]! : `at least one of ${features.length} features`
  const who = `${plural(sums.n, 'account', 'accounts')} with ${shortMoney(sums.arr / 100, currency)} of ARR`
  const have = sums.n === 1 ? 'has' : 'have'
  const renewal =
    sums.due_n === 0
      ? `None of them renews by ${shortDay(to)}.`
      : `${plural(sums.due_n, 'renews', 'renew')} by ${shortDay(to)}, ${shortMoney(sums.due_arr / 100, currency)}.`
  return {
    text: [
      `${who} may use ${what} and ${have} not adopted it, ${sums.all < leastShown ? `of ${sums.all} that could` : `${percent(sums.n / sums.all)} of those that could`}.`,
      renewal,
    ].join(' '),
    caveat: 'Not to have adopted is no sign of harm by itself; see the evidence beside each feature.',
  }
}

export const analyseWhitespace = operation({
  name: 'insights.analyses.whitespace',
  summary: 'Eligible and not adopting, by feature and segment, with ARR, renewals and evidence',
  kind: 'read',
  may: 'insights:read',
  restsOn: ['data', 'insights.evidence', 'workspaces'],
  command: 'insights analyse whitespace',
  input: WhitespaceInput,
  output: z.object({
    answer: Answer,
    standing: Standing,
    month: Month,
    from: Day,
    to: Day,
    cells: z.array(WhitespaceCell),
    features: z.array(z.object({ featureId: z.string(), feature: z.string() })).describe('those asked for'),
    segments: z.array(z.string()),
    owners: z.array(z.string()),
    accounts: z.int(),
    arr: z.number(),
  }),
  example: () => ({ month: '2025-12' }),
  csv: {
    fileName: (o) => `whitespace-${o.month}.csv`,
    rows: (o) =>
      o.cells.map((c) => ({
        feature: c.feature,
        core: c.isCore,
        segment: c.segment,
        eligible: c.eligible,
        without: c.accounts,
        arr: c.arr,
        renewing_accounts: c.renewing.accounts,
        renewing_arr: c.renewing.arr,
        evidence: c.word,
      })),
  },
  async run(context, input) {
    const currency = await currencyOf(context)
    return inWarehouse(context, async (con) => {
      const asked = await ask(context, con, input)
      const { sums, cells, segments, owners } = await readSummary(con, asked)
      return {
        answer: sayWhitespace(sums, cells, asked.window.to, currency),
        month: asked.month,
        ...asked.window,
        cells,
        features: await con.all<{ featureId: string; feature: string }>(
          `select f.key as "featureId", f.name as feature from feature f where ${asked.chosen} order by f.name`,
        ),
        accounts: sums.n,
        arr: sums.arr / 100,
        segments,
        owners,
        standing: await readStanding(
          con,
          {
            currency,
            period: `At ${shortDay(monthEnd(monthIndex(asked.month)))}; renewals from ${shortDay(asked.window.from)}`,
            base: 'Accounts with ARR, entitled, the feature released, and measured',
            definitions: ['whitespace', 'eligible', 'adopter', 'not-measured'],
            notes: [
              'Accounts that are not measured are left out: usage that does not reach us is no sign of disuse.',
              ...(asked.evidence.size === 0 ? ['No comparison of adopters with their like is known yet.'] : []),
            ],
          },
          [adoptionRange(monthIndex(asked.month), input.adoptionMonths)],
        ),
      }
    })
  },
})
