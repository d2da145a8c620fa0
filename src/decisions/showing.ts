/** What is stored of a decision, as it is shown: people by name, what it is linked with, what is still missing. */
import { currencyOf } from '../insights/analyses/ground/asking.ts'
import { findThings } from '../platform/rooms/finding.ts'
import type { WorkspaceContext } from '../platform/operation.ts'
import { listLinksOf } from '../platform/links/queries.ts'
import { keptKind } from '../platform/rooms/measure.ts'
import { namesOfPeople } from '../platform/people/queries.ts'
import { expectedText, measurePhrase } from './effect.ts'
import { dayOf, namesFor, todayOf } from './figures.ts'
import { listEditions, type StoredDecision } from './queries.ts'
import { dueOf, missingIn, titleOf } from './rules.ts'
import type { Decision, DecisionRow } from './schemas.ts'

const person = (names: Map<string, string>, id: string) => ({ id, name: names.get(id) ?? 'somebody who left' })

export async function showDecision(context: WorkspaceContext, stored: StoredDecision): Promise<Decision> {
  const { db } = context
  const editions = await listEditions(db, stored.id)
  const measured = await namesFor(context, [stored])
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
          measured.of(content.expectation.measure),
        )
      : null,
    missing: stored.state === 'draft' ? missingIn(content, stored.deciderId) : [],
    links: await showLinks(context, stored),
  }
}

/** Each with its title and page as its own room gives them to this reader; what is gone, or not for them, has neither. */
async function showLinks(context: WorkspaceContext, stored: StoredDecision): Promise<Decision['links']> {
  const joined = await listLinksOf(context.db, context.scope, { kind: 'decision', id: stored.id })
  const found = await findThings(
    context,
    joined.map((j) => j.thing),
  )
  return joined.map(({ relation, direction, thing }) => ({
    ...thing,
    relation,
    direction,
    title: found(thing)?.title ?? null,
    // A page of the product is its own address.
    address: thing.kind === 'analysis' ? thing.id : (found(thing)?.address ?? null),
  }))
}

export async function showRows(context: WorkspaceContext, all: readonly StoredDecision[]): Promise<DecisionRow[]> {
  const measured = await namesFor(context, all)
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
      title: titleOf(d.content),
      finding: content.finding.text,
      taken: content.taken === null ? null : (content.options[content.taken]?.title ?? null),
      decider: d.deciderId === null ? null : person(names, d.deciderId),
      decidedOn: dayOf(d.decidedAt),
      revisitOn: d.revisitOn ?? content.revisitOn,
      due: dueOf(d.state, d.revisitOn, today),
      measure: aim && kind ? measurePhrase(kind, aim.measure, measured.of(aim.measure)) : null,
      expected: aim && kind ? expectedText(aim.expected, d.figureThen?.value ?? null, kind.unit, currency) : null,
      outcome: d.outcome,
      learnt: d.learnt,
      updatedAt: d.updatedAt.toISOString(),
    }
  })
}
