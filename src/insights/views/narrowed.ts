/** Analyses that a view shows less of than their page does: texts that people wrote, choices not taken, figures of one account. */
import { operation, type WorkspaceContext } from '../../platform/operation.ts'
import { isAccountNamed } from '../accounts/warehouse.ts'
import { analyseAdoptionTrend } from '../analyses/adoption-trend.ts'
import { inWarehouse } from '../analyses/asking.ts'
import { analyseAssociationDetail } from '../analyses/association/operations.ts'
import { analyseWhitespace } from '../analyses/whitespace.ts'
import { getFeature } from '../features/definitions/operations.ts'
import { withoutSmallGroups } from './rules.ts'

/** Event names and plans are often called after the customer they were made for. */
const namesNobody = async (context: WorkspaceContext, text: string): Promise<boolean> =>
  !(await inWarehouse(context, (con) => isAccountNamed(con, text)))

/** In place of a definition that counts an event called after an account. */
const withheldWords = 'use of certain events, which were not shared'

const sharedWords = async (context: WorkspaceContext, words: string): Promise<string> =>
  (await namesNobody(context, words)) ? words : withheldWords

/** What the feature is and by which definition; not its events and rules, nor who proposed what and why. */
export const featureInView = operation({
  ...getFeature,
  async run(context, input) {
    const { feature: f, ...known } = await getFeature.run(context, input, undefined)
    const plans: string[] = []
    for (const plan of f.entitledPlans ?? []) if (await namesNobody(context, plan)) plans.push(plan)
    const isCut = plans.length < (f.entitledPlans ?? []).length
    return {
      feature: {
        id: f.id,
        name: f.name,
        area: f.area,
        isCore: f.isCore,
        releasedOn: f.releasedOn,
        owner: f.owner,
        entitledPlans: f.entitledPlans && (isCut ? [...plans, 'others'] : plans),
        adoption: await sharedWords(context, f.adoption),
        definitionVersion: f.definitionVersion,
        proposals: 0,
        rules: [],
        version: f.version,
        eventNames: f.eventNames,
        events: f.events,
        lastUse: f.lastUse,
      },
      definitions: [],
      eventNames: [],
      hasUsers: known.hasUsers,
      plans: [],
    }
  },
})

export const trendInView = operation({
  ...analyseAdoptionTrend,
  async run(context, input) {
    const trend = await analyseAdoptionTrend.run(context, input, undefined)
    const notes: string[] = []
    for (const note of trend.standing.notes) if (await namesNobody(context, note)) notes.push(note)
    const breaks: typeof trend.breaks = []
    for (const b of trend.breaks)
      breaks.push({ ...b, words: await sharedWords(context, b.words), before: await sharedWords(context, b.before) })
    return { ...trend, breaks, standing: { ...trend.standing, notes } }
  },
})

/** NRR without one account is a figure of that one, and small groups come near to a list of accounts. */
export const evidenceInView = operation({
  ...analyseAssociationDetail,
  async run(context, input) {
    const detail = await analyseAssociationDetail.run(context, input, undefined)
    const { adopters, others } = detail.revenue
    return {
      ...detail,
      strata: withoutSmallGroups(detail.strata),
      revenue: { adopters: { ...adopters, leaveOneOut: null }, others: { ...others, leaveOneOut: null } },
    }
  },
})

/** Of the segments and owners to choose from, those that were chosen. */
export const whitespaceInView = operation({
  ...analyseWhitespace,
  async run(context, input) {
    const found = await analyseWhitespace.run(context, input, undefined)
    return {
      ...found,
      segments: found.segments.filter((s) => input.segments.includes(s)),
      owners: found.owners.filter((o) => input.owners.includes(o)),
    }
  },
})
