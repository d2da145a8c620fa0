/** Analyses that a view shows less of than their page does: texts that people wrote, choices not taken, figures of one account. */
import { operation, type WorkspaceContext } from '../../platform/operation.ts'
import { isAccountNamed } from '../accounts/warehouse.ts'
import { analyseAdoptionTrend } from '../analyses/adoption-trend/operations.ts'
import { analyseAssociationDetail } from '../analyses/association/operations.ts'
import { analyseWhitespace } from '../analyses/whitespace/operations.ts'
import { getFeature } from '../features/definitions/operations.ts'
import { withoutSmallGroups } from './small-groups.ts'
import { inWarehouse } from '../../platform/warehouse/in-warehouse.ts'

/** Of texts that hold names of events and plans, which are often called after the customer they were made for, those that name none. */
async function namingNobody(context: WorkspaceContext, texts: readonly string[]): Promise<ReadonlySet<string>> {
  return inWarehouse(context, async (con) => {
    // Nearly always none does, and one look at all of them says so.
    if (!(await isAccountNamed(con, texts.join('\n'), { byNumbers: false }))) return new Set(texts)
    const clear = new Set<string>()
    for (const text of texts) if (!(await isAccountNamed(con, text, { byNumbers: false }))) clear.add(text)
    return clear
  })
}

/** In place of a definition that counts an event called after an account. */
const withheldWords = 'use of certain events, which were not shared'

/** What the feature is and by which definition; not its events and rules, nor who proposed what and why. */
export const featureInView = operation({
  ...getFeature,
  async run(context, input) {
    const { feature: f, ...known } = await getFeature.run(context, input, undefined)
    const clear = await namingNobody(context, [f.adoption, ...(f.entitledPlans ?? [])])
    const plans = f.entitledPlans?.filter((plan) => clear.has(plan)) ?? null
    const isCut = plans !== null && plans.length < f.entitledPlans!.length
    return {
      feature: {
        id: f.id,
        name: f.name,
        area: f.area,
        isCore: f.isCore,
        releasedOn: f.releasedOn,
        owner: f.owner,
        entitledPlans: isCut ? [...plans, 'others'] : plans,
        adoption: clear.has(f.adoption) ? f.adoption : withheldWords,
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
    const { notes } = trend.standing
    const clear = await namingNobody(context, [...notes, ...trend.breaks.flatMap((b) => [b.words, b.before])])
    const shown = (words: string) => (clear.has(words) ? words : withheldWords)
    return {
      ...trend,
      breaks: trend.breaks.map((b) => ({ ...b, words: shown(b.words), before: shown(b.before) })),
      standing: { ...trend.standing, notes: notes.filter((note) => clear.has(note)) },
    }
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
