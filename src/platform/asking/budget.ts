/** The budget of asking: a room asks it before it writes to people, in the transaction that writes. */
import { createHmac } from 'node:crypto'
import type { Db } from '../db/database.ts'
import { newId } from '../ids.ts'
import type { Scope } from '../scope.ts'
import type { Services } from '../services.ts'
import { askingsOf, insertAskings, lockLedger } from './queries.ts'
import { mayAsk, reachOf, type AskingPolicy, type Verdict } from './rules.ts'

/** A person of the workspace, or somebody who is known by an address alone. */
export type Askable = { userId: string } | { email: string }

export interface AskingContext {
  db: Db
  scope: Scope
  now: () => Date
  services: Pick<Services, 'secretFor'>
}

/** As the ledger knows a person: of an address it keeps a hash that nobody can look up without the installation's secret. */
export const ledgerKey = (who: Askable, { secretFor }: Pick<Services, 'secretFor'>): string =>
  'userId' in who
    ? `user ${who.userId}`
    : `mail ${createHmac('sha256', secretFor('asking')).update(who.email.trim().toLowerCase()).digest('base64url')}`

/** Whether each may be asked now; nothing is taken from anybody's budget. */
export async function lookAtBudget<W extends Askable>(
  { db, scope, now, services }: AskingContext,
  policy: AskingPolicy,
  people: readonly W[],
): Promise<{ who: W; key: string; verdict: Verdict }[]> {
  const keyed = people.map((who) => ({ who, key: ledgerKey(who, services) }))
  const ledger = await askingsOf(db, scope, {
    policy: policy.name,
    people: keyed.map(({ key }) => key),
    since: new Date(now().getTime() - reachOf(policy) * 86_400_000),
  })
  return keyed.map(({ who, key }) => ({ who, key, verdict: mayAsk(policy, ledger.get(key) ?? [], now()) }))
}

export type Spent<W> = { who: W } & ({ isAllowed: true; askingId: string } | (Verdict & { isAllowed: false }))

/**
 * Takes one asking from the budget of each who may be asked, for good. Whoever is named twice is asked once.
 * @param context with the transaction that writes to them, so that both stand or fall together
 */
export async function spendBudget<W extends Askable>(
  context: AskingContext,
  policy: AskingPolicy,
  people: readonly W[],
  purpose: string,
): Promise<Spent<W>[]> {
  const { db: tx, scope, now } = context
  await lockLedger(tx, scope)
  const looked = await lookAtBudget(context, policy, people)
  const once = [...new Map(looked.map((one) => [one.key, one])).values()]
  const spent = once.map(({ who, key, verdict }) =>
    verdict.isAllowed
      ? { key, out: { who, isAllowed: true as const, askingId: newId(now().getTime()) } }
      : { key, out: { who, ...verdict } },
  )
  await insertAskings(
    tx,
    scope,
    spent.flatMap(({ key, out }) =>
      out.isAllowed ? [{ id: out.askingId, policy: policy.name, person: key, purpose, askedAt: now() }] : [],
    ),
  )
  return spent.map(({ out }) => out)
}
