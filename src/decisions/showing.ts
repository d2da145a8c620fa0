/** What is stored of a decision, as it is shown: people by name, what it is linked with, what is still missing. */
import { currencyOf } from '../insights/analyses/ground/asking.ts'
import type { WorkspaceContext } from '../platform/operation.ts'
import { listLinksOf, type Joined } from '../platform/links/queries.ts'
import { keptKind } from '../platform/rooms/measure.ts'
import { namesOfPeople } from '../platform/people/queries.ts'
import { expectedText, measurePhrase } from './effect.ts'
import { dayOf, featureNames, todayOf } from './figures.ts'
import { listDecisions, listEditions, type StoredDecision } from './queries.ts'
import { dueOf, missingIn } from './rules.ts'
import type { Decision, DecisionRow } from './schemas.ts'

const titleOf = ({ content }: StoredDecision) => (content.title === '' ? 'Untitled draft' : content.title)
const person = (names: Map<string, string>, id: string) => ({ id, name: names.get(id) ?? 'somebody who left' })

export async function showDecision(context: WorkspaceContext, stored: StoredDecision): Promise<Decision> {
  const { db } = context
  const editions = await listEditions(db, stored.id)
  const features = await featureNames(context)
  const names = await namesOfPeople(db, [
    stored.preparedBy,
    ...[stored.deciderId, stored.revisitedBy, stored.withdrawnBy].filter((id) => id !== null),
    ...editions.map((e) => e.by),
  ])
  const { content, revisitedAt, withdrawnAt } = stored
  return {
    id: stored.id,
    state: stored.state,
    version: stored.version,
    edition: stored.edition,
    content,
    decider: stored.deciderId === null ? null : person(names, stored.deciderId),
    decidedAt: stored.decidedAt?.toISOString() ?? null,
    figureThen: stored.figureThen,
    due: dueOf(stored.state, stored.revisitOn, todayOf(context)),
    revisited: revisitedAt
      ? {
          at: revisitedAt.toISOString(),
          by: person(names, stored.revisitedBy!),
          outcome: stored.outcome!,
          learnt: stored.learnt!,
          figure: stored.figureRevisited,
        }
      : null,
    withdrawn: withdrawnAt
      ? { at: withdrawnAt.toISOString(), by: person(names, stored.withdrawnBy!), because: stored.withdrawnBecause! }
      : null,
    preparedBy: person(names, stored.preparedBy),
    createdAt: stored.createdAt.toISOString(),
    updatedAt: stored.updatedAt.toISOString(),
    editions: editions.map(({ by, at, ...edition }) => ({ ...edition, by: person(names, by), at: at.toISOString() })),
    measure: content.expectation
      ? measurePhrase(
          keptKind(context.services.rooms.measures, content.expectation.measure),
          content.expectation.measure,
          features.get(content.expectation.measure.featureId ?? '') ?? null,
        )
      : null,
    missing: stored.state === 'draft' ? missingIn(content, stored.deciderId) : [],
    links: await showLinks(context, stored, features),
  }
}

async function showLinks(
  { db, scope }: WorkspaceContext,
  stored: StoredDecision,
  features: Map<string, string>,
): Promise<Decision['links']> {
  const joined = await listLinksOf(db, scope, { kind: 'decision', id: stored.id })
  const others = new Map(
    (
      await listDecisions(db, scope, {
        ids: joined.filter((j) => j.thing.kind === 'decision').map((j) => j.thing.id),
        limit: 200,
      })
    ).map((d) => [d.id, titleOf(d)]),
  )
  return joined.map(({ relation, direction, thing }) => ({
    ...thing,
    relation,
    direction,
    ...placeOf(thing, { stored, features, others }),
  }))
}

/** What this room knows of a thing; the rest is for the page of that thing to say. */
function placeOf(
  { kind, id }: Joined['thing'],
  known: { stored: StoredDecision; features: Map<string, string>; others: Map<string, string> },
): { title: string | null; address: string | null } {
  switch (kind) {
    case 'analysis':
      return { title: null, address: id }
    case 'feature':
      return known.features.has(id)
        ? { title: known.features.get(id)!, address: `/insights/features/${id}` }
        : { title: 'a feature that was taken out', address: null }
    case 'decision':
      return { title: known.others.get(id) ?? null, address: `/decisions/${id}` }
    case 'story':
      return { title: known.stored.content.finding.text, address: `/insights/stories?story=${id}` }
    case 'request':
      return { title: null, address: `/requests?open=${id}` }
    default:
      return { title: null, address: null }
  }
}

export async function showRows(context: WorkspaceContext, all: readonly StoredDecision[]): Promise<DecisionRow[]> {
  const features = await featureNames(context)
  const currency = await currencyOf(context)
  const today = todayOf(context)
  const names = await namesOfPeople(
    context.db,
    all.flatMap((d) => d.deciderId ?? []),
  )
  return all.map((d) => {
    const { content } = d
    const aim = content.expectation
    const kind = aim && keptKind(context.services.rooms.measures, aim.measure)
    return {
      id: d.id,
      state: d.state,
      title: titleOf(d),
      finding: content.finding.text,
      taken: content.taken === null ? null : (content.options[content.taken]?.title ?? null),
      decider: d.deciderId === null ? null : person(names, d.deciderId),
      decidedOn: dayOf(d.decidedAt),
      revisitOn: d.revisitOn ?? content.revisitOn,
      due: dueOf(d.state, d.revisitOn, today),
      measure: aim && kind ? measurePhrase(kind, aim.measure, features.get(aim.measure.featureId ?? '') ?? null) : null,
      expected: aim && kind ? expectedText(aim.expected, d.figureThen?.value ?? null, kind.unit, currency) : null,
      outcome: d.outcome,
      learnt: d.learnt,
      updatedAt: d.updatedAt.toISOString(),
    }
  })
}
