/** After each refresh the stories are told anew: what is new, what still holds, what holds no more. */
import { z } from 'zod'
import { newId } from '../../platform/ids.ts'
import { jobKind } from '../../platform/jobs/queue.ts'
import type { Connection } from '../../platform/warehouse/warehouses.ts'
import { findWorkspace } from '../../platform/workspaces/queries.ts'
import { lastCompleteMonth, readAdoption, readHistory } from '../analyses/ground/adoption.ts'
import { blockQuery } from '../analyses/ground/asking.ts'
import { latestAssociation } from '../analyses/association/queries.ts'
import { defaultSegment, readAttributes } from '../analyses/ground/attributes.ts'
import { readCoreRenewals, readStopped } from './facts.ts'
import { listFeatures } from '../features/queries.ts'
import { monthEnd, monthIndex, monthText } from '../../platform/calendar/month.ts'
import { findingsOf, weightOf, type Facts } from './findings.ts'
import { endStories, insertStory, listStories, retellStory } from './queries.ts'
import { identityOf, reconcile } from './rules.ts'

const monthsBack = 6

/** Null where there is not enough data to tell anything. */
async function readFacts(
  con: Connection,
  known: Pick<Facts, 'currency' | 'association' | 'featureIds'> & { today: string },
): Promise<Facts | null> {
  const history = await readHistory(con)
  if (!history) return null
  const month = lastCompleteMonth(history)
  const index = monthIndex(month)
  if (index < history.firstRevenueMonth) return null
  const segmentBy = defaultSegment(await readAttributes(con)) ?? 'arr'
  const bands = segmentBy === 'arr' ? [10_000, 100_000] : []
  const question = { window: 12, adoptionMonths: 3, segmentBy, bands }
  const wanted = await readAdoption(con, { ...question, month }, history)
  const figures =
    wanted.window === null && wanted.problem && wanted.problem.longestThatFits >= 3
      ? await readAdoption(con, { ...question, month, window: wanted.problem.longestThatFits }, history)
      : wanted
  const earlier = index - monthsBack
  const hasBefore = earlier >= Math.max(history.firstRevenueMonth, history.firstUsageMonth + 2)
  const q = await blockQuery(con, { segmentBy, bands }, index)
  const association = known.association?.question.month === month ? known.association : null
  const stopped =
    index - 1 >= history.firstUsageMonth + 2 ? (await readStopped(con, q)).map((s) => ({ ...s, arr: s.arr / 100 })) : []
  const renewals = await readCoreRenewals(con, q, known.today)
  return {
    month,
    monthEnd: monthEnd(index),
    currency: known.currency,
    segmentBy,
    figures,
    association,
    featureIds: known.featureIds,
    stopped,
    before: hasBefore
      ? {
          month: monthText(earlier),
          figures: await readAdoption(con, { ...question, month: monthText(earlier), window: 1 }, history),
        }
      : null,
    renewals: renewals
      ? {
          ...renewals,
          arr: renewals.arr / 100,
          withoutCore: { ...renewals.withoutCore, arr: renewals.withoutCore.arr / 100 },
        }
      : null,
  }
}

export const storiesJob = jobKind({
  kind: 'insights.stories',
  touches: ['insights.stories'],
  input: z.object({}),
  async run({ services, db, workspaceId, scope, now, signal, progress }) {
    progress({ label: 'Telling what stands out', done: 0, total: null, unit: '' })
    const features = await listFeatures(db, scope)
    const run = await latestAssociation(db, scope)
    const workspace = await findWorkspace(db, workspaceId)
    const known = {
      currency: workspace?.currency ?? 'EUR',
      association: run?.result ?? null,
      featureIds: new Map(features.map((f) => [f.name, f.id])),
      today: now().toISOString().slice(0, 10),
    }
    const facts = await (await services.warehouses.open(workspaceId)).read((con) => readFacts(con, known), signal)
    const findings = facts ? findingsOf(facts) : []
    const core = new Set(features.filter((f) => f.isCore).map((f) => f.id))
    const at = now()
    const weight = (f: (typeof findings)[number]) => weightOf(f, f.featureId !== null && core.has(f.featureId))
    const told = reconcile(await listStories(db, scope), findings)
    await services.transaction(async (tx) => {
      for (const finding of told.fresh)
        await insertStory(tx, scope, {
          id: newId(at.getTime()),
          identity: identityOf(finding),
          finding,
          weight: weight(finding),
          at,
        })
      for (const { known: k, finding, returns } of told.still)
        await retellStory(tx, scope, k.id, {
          finding,
          weight: weight(finding),
          at,
          returnedAt: returns ? at : k.returnedAt,
          foundAt: k.holds ? k.foundAt : at,
        })
      await endStories(
        tx,
        scope,
        told.gone.map((k) => k.id),
      )
    })
    return { state: 'done', result: { stories: findings.length, fresh: told.fresh.length, gone: told.gone.length } }
  },
})
