import { notFound } from '../../../platform/errors.ts'
import { operation } from '../../../platform/operation.ts'
import { daysBetween, monthEnd, monthIndex, monthText } from '../../../platform/calendar/month.ts'
import { rankCandidates, writeSentence } from './sentence.ts'
import { accountCsv, accountOf } from '../ground/account-rows.ts'
import { adoptionRange, silenceOf } from '../ground/silence.ts'
import { behindList, readRenewing, renewalWindow, type Behind } from '../ground/accounts-behind.ts'
import { lastUsageSql, readAdoption } from '../ground/adoption.ts'
import { pairOf, segmentingWords } from '../ground/adoption-sql.ts'
import { latestAssociation } from '../association/queries.ts'
import { stayingOf } from '../association/wording.ts'
import { blockQuery, currencyOf, knownSegmenting, needHistory, pickMonth } from '../ground/asking.ts'
import { readMatchRate } from '../ground/match-rate.ts'
import { readPage } from '../ground/paging.ts'
import { AccountsBehind, AccountsBehindInput, AdoptionInput, AdoptionRetention } from '../ground/schemas.ts'
import { inWarehouse } from '../../../platform/warehouse/in-warehouse.ts'

export const analyseAdoptionRetention = operation({
  name: 'insights.analyses.adoptionRetention',
  summary: 'Feature adoption by segment, tied to net revenue retention',
  kind: 'read',
  may: 'insights:read',
  restsOn: ['data', 'workspaces'],
  command: 'insights analyse adoption-retention',
  input: AdoptionInput,
  output: AdoptionRetention,
  example: () => ({ month: '2025-12' }),
  csv: {
    fileName: (o) => `adoption-retention-${o.meta.month}.csv`,
    rows: (o) =>
      o.rows.map((r) => ({
        segment: r.segment,
        feature: r.feature,
        area: r.area,
        core: r.isCore,
        eligible: r.now.eligible,
        not_measured: r.now.notMeasured,
        adopters: r.now.adopters,
        adoption_rate: r.now.adoptionRate.value,
        adoption_low: r.now.adoptionRate.low,
        adoption_high: r.now.adoptionRate.high,
        adoption_mark: r.now.adoptionRate.mark,
        arr_adopters: r.now.arrAdopters,
        arr_others: r.now.arrOthers,
        arr_not_measured: r.now.arrNotMeasured,
        cohort_adopters: r.retention?.adopters.accounts ?? null,
        nrr_adopters: r.retention?.adopters.nrr ?? null,
        grr_adopters: r.retention?.adopters.grr ?? null,
        logo_adopters: r.retention?.adopters.logo ?? null,
        cohort_others: r.retention?.others.accounts ?? null,
        nrr_others: r.retention?.others.nrr ?? null,
        grr_others: r.retention?.others.grr ?? null,
        logo_others: r.retention?.others.logo ?? null,
        retention_missing: r.retentionMissing,
      })),
  },
  async run(context, asked) {
    const currency = await currencyOf(context)
    return inWarehouse(context, async (con) => {
      const history = await needHistory(con)
      const input = await knownSegmenting(con, asked)
      const month = pickMonth(input.month, history)
      const bands = input.bands ?? []
      const figures = await readAdoption(con, { ...input, month, bands }, history)
      const candidate = rankCandidates(figures.rows)[0] ?? null
      const index = monthIndex(month)
      const renewing = candidate
        ? await readRenewing(
            con,
            await blockQuery(con, input, index),
            { feature: candidate.feature, segment: candidate.segment, state: 'others' },
            renewalWindow(index, context.now().toISOString().slice(0, 10)),
          )
        : null
      const match = await readMatchRate(con, index)
      const base = figures.window === null ? null : index - figures.window
      const silence = await silenceOf(con, [
        adoptionRange(index, input.adoptionMonths),
        ...(base === null ? [] : [adoptionRange(base, input.adoptionMonths)]),
      ])
      const facts = await con.one<{
        first: string | null
        last: string | null
        refreshed: string | null
        dataset: string | null
        source: string | null
        excluded: number
        excluded_arr: number
        assumed: number
      }>(
        `
          select
            (select min(day) from r_name) as first,
            (${lastUsageSql}) as last,
            (select max(logged_at) from refresh_log) as refreshed,
            (select revenue_dataset from setting) as dataset,
            (select revenue_source from setting) as source,
            (
              select count(*)
              from revenue_month r
              join customer c using (account_id)
              where r.month = $1 and c.excluded_reason is not null and r.arr_cents > 0
            ) as excluded,
            (
              select coalesce(sum(arr_cents), 0)
              from revenue_month r
              join customer c using (account_id)
              where r.month = $1 and c.excluded_reason is not null
            )::bigint as excluded_arr,
            (
              select count(*)
              from (
                select account_id from attribute where key = $2 group by 1 having min(valid_from) > $3::date
                union
                select account_id from attribute where key = $4 group by 1 having min(valid_from) > $3::date
              )
            ) as assumed`,
        [
          index,
          input.segmentBy,
          base === null ? monthEnd(index) : monthEnd(base),
          pairOf(input).andBy ?? input.segmentBy,
        ],
      )
      const features = await con.kept<{
        name: string
        area: string | null
        isCore: boolean
        releasedOn: string | null
      }>('select name, area, is_core as "isCore", released_on as "releasedOn" from feature order by is_core desc, name')
      const run = candidate ? await latestAssociation(context.db, context.scope) : null
      const staying =
        run && candidate
          ? stayingOf(run.result, {
              feature: candidate.feature,
              segment: candidate.segment,
              segmentBy: segmentingWords(input),
            })
          : null
      const sentence = writeSentence(figures.rows, candidate, {
        currency,
        month,
        adoptionMonths: input.adoptionMonths,
        entitlement: figures.entitlement,
        notMeasured: figures.totals.all.notMeasured,
        renewing,
        staying,
        silence,
      })
      return {
        meta: {
          month,
          window: figures.window ?? input.window,
          base: base === null ? null : monthText(base),
          adoptionMonths: input.adoptionMonths,
          segmentBy: input.segmentBy,
          andBy: pairOf(input).andBy ?? null,
          currency,
          nowDay: monthEnd(index),
          baseDay: base === null ? null : monthEnd(base),
          dataFrom: facts!.first,
          dataTo: facts!.last,
          refreshedAt: facts!.refreshed ? `${facts!.refreshed.replace(' ', 'T')}Z` : null,
          entitlement: figures.entitlement,
          revenueBook: facts!.dataset ? `${facts!.dataset}:${facts!.source}` : null,
          windowProblem: figures.problem,
          silence,
          attributesAssumed: facts!.assumed,
          excluded: { accounts: facts!.excluded, arr: facts!.excluded_arr / 100 },
          excludedFrom: 'rates, ARR and retention',
          usageWithoutArr: match.usageRowsWithoutArr,
          unmappedShare: match.usageRowsMatched === 0 ? 0 : match.usageRowsOfNoFeature / match.usageRowsMatched,
          match,
          definitions: ['adoption-rate', 'eligible', 'adopter', 'not-measured', 'nrr', 'grr', 'logo-retention', 'arr'],
          segments: figures.totals.segments.map((s) => s.segment),
          features: [...features],
        },
        sentence,
        rows: figures.rows,
        totals: figures.totals,
      }
    })
  },
})

export const listAccountsBehind = operation({
  name: 'insights.analyses.accountsBehind',
  summary: 'The accounts behind a cell, renewals of the next 90 days first',
  kind: 'read',
  may: 'insights:accounts',
  restsOn: ['data', 'workspaces'],
  sensitive: true,
  command: 'insights analyse accounts-behind',
  input: AccountsBehindInput,
  output: AccountsBehind,
  example: () => ({ feature: 'Collaboration', month: '2025-12' }),
  target: (input) => `${input.state} of ${input.feature}${input.segment ? ` in ${input.segment}` : ''}`,
  csv: {
    fileName: () => 'accounts.csv',
    rows: (o) =>
      o.rows.map((r) => ({
        ...accountCsv(r),
        renews_in_days: r.renewsInDays,
        last_use_of_feature: r.lastUse,
        last_use: r.lastAnyUse,
      })),
  },
  async run(context, asked) {
    return inWarehouse(context, async (con) => {
      const history = await needHistory(con)
      const input = await knownSegmenting(con, asked)
      const month = monthIndex(pickMonth(input.month, history))
      const feature = await con.one<{ name: string }>('select name from feature where lower(name) = lower($1)', [
        input.feature,
      ])
      if (!feature) throw notFound('feature', input.feature)
      const window = renewalWindow(month, context.now().toISOString().slice(0, 10))
      const list = behindList(
        await blockQuery(con, input, month),
        { feature: feature.name, segment: input.segment ?? null, state: input.state },
        window,
      )
      const { sums, rows, ...page } = await readPage<Behind, { arr: number; due: number; due_arr: number }>(
        con,
        list,
        input,
        [
          'coalesce(sum(arr), 0)::bigint as arr',
          'count(*) filter (soon) as due',
          'coalesce(sum(arr) filter (soon), 0)::bigint as due_arr',
        ],
      )
      return {
        ...page,
        arr: sums.arr / 100,
        rows: rows.map((r) => ({
          ...accountOf(r),
          renewsInDays: r.renewal_date ? daysBetween(window.from, r.renewal_date) : null,
          renewsSoon: r.soon,
          lastUse: r.last_use,
          lastAnyUse: r.last_any_use,
          arrStart: null,
          arrEnd: r.arr / 100,
        })),
        renewing: { ...window, accounts: sums.due, arr: sums.due_arr / 100 },
      }
    })
  },
})
