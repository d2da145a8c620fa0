/**
 * The verb of the product. One declaration gives the HTTP endpoint, its OpenAPI entry and the command;
 * `perform` alone does role, parsing, scope, transaction, audit and the live event.
 */
import type { z } from 'zod'
import type { Permission } from './auth/permissions.ts'
import { forbidden, invalid, ProductError, unauthenticated } from './errors.ts'
import type { Db } from './db/database.ts'
import { entered } from './entered-text.ts'
import { sayProblem } from './input-problems.ts'
import { answerAsBytes, type KeptAnswer } from './kept-answers.ts'
import { proveScope, type MemberScope } from './scope.ts'
import type { Services } from './services.ts'
import { countCall, findMembership } from './auth/queries.ts'
import { placeKey } from './auth/throttle.ts'
import { hashToken } from './ids.ts'
import { findLink, useLink } from './link-tokens/queries.ts'
import { findAmong } from './link-tokens/sources.ts'
import { badLink, linkRates, linkStateOf, tooManyLinks } from './link-tokens/rules.ts'
import { proveLink, type LinkScope, type LinkSubject } from './link-tokens/scope.ts'
import { insertAudit } from './audit/queries.ts'
import { notifyLive } from './live/queries.ts'
import { touchedBy } from './live/topics.ts'

export type Face = 'web' | 'http' | 'cli' | 'job' | 'link'

export interface Actor {
  userId: string
  name: string
  email: string
  face: Face
  /** Who set the installation up. */
  isOwner: boolean
  /** The command line's own identity on this machine may name files by path instead of uploading them. */
  mayReadPaths: boolean
  /** The session of the browser that asks; none behind a token or a job. */
  sessionId?: string
}

/**
 * `public`: anyone. `signed-in`: any person. `owner`: who set the installation up. `link`: who holds a link for the operation's purpose.
 * A permission: asked of the role in the workspace.
 */
export type May = 'public' | 'signed-in' | 'owner' | 'link' | Permission

interface Common {
  db: Db
  now: () => Date
  services: Services
  /** Aborts when who asked has gone: what is only for them is then left off. */
  signal: AbortSignal
  /** Says that a topic was touched that the declaration cannot name ahead. */
  emit: (topic: string) => void
}
export interface PublicContext extends Common {
  actor: Actor | null
}
export interface PersonContext extends Common {
  actor: Actor
}
export interface WorkspaceContext extends PersonContext {
  scope: MemberScope
}

/** Without a scope: what a link may touch is in `link`, and queries of a workspace do not take that. */
export interface LinkContext extends Omit<Common, 'services'> {
  /** Who is signed in besides, if anybody is. */
  actor: Actor | null
  link: LinkScope
  services: Omit<Services, 'db' | 'transaction' | 'warehouses' | 'downloads'>
}

export type ContextOf<M extends May> = M extends 'public'
  ? PublicContext
  : M extends 'link'
    ? LinkContext
    : M extends 'signed-in' | 'owner'
      ? PersonContext
      : WorkspaceContext

/** Ids that exist in a test workspace, from which every operation builds an example input for the permission walk. */
export interface Fixtures {
  [name: string]: string
}

export interface CsvFace<O> {
  fileName: (output: O) => string
  rows: (output: O) => Record<string, string | number | boolean | null>[]
}

/** What a link must be for, where `may` is `link`. */
export interface LinkFace {
  /** Null where any link will do. */
  purpose: string | null
  /** What the audit log keeps of a write: the thing it was about, its purpose alone, or nothing at all (answers that nobody may trace). */
  audit: 'subject' | 'purpose' | 'none'
  /** What a link for it is about, for the permission walk. */
  example: (fixtures: Fixtures) => LinkSubject
}

export type OperationKind = 'read' | 'write'

export interface OperationSpec<
  M extends May,
  I extends z.ZodType,
  O extends z.ZodType,
  P = void,
  N extends string = string,
  K extends OperationKind = OperationKind,
> {
  /** Dotted, pillar.module.verb: `insights.features.create` is `POST /api/insights.features.create`. */
  name: N
  summary: string
  kind: K
  may: M
  /** Needed where `may` is `link`; see `linkOperation`. */
  link?: LinkFace
  input: I
  output: O
  /** The words of the command where they differ from the name; `false` where a command makes no sense. */
  command?: string | false
  /** Topics that a write touches besides its own room's (`platform/live/topics.ts`). */
  touches?: readonly string[]
  /** Topics that a read rests on besides its own room's; open pages ask again when one is touched. Absent: everything. */
  restsOn?: readonly string[]
  /** A read that is written to the audit log (exports, drill-downs to names). */
  sensitive?: boolean
  csv?: CsvFace<z.output<O>>
  /** A long list as a table: all of it from one question, in outputs that follow each other. Where absent its pages are asked for. */
  whole?: (context: ContextOf<M>, input: z.output<I>) => AsyncIterable<z.output<O>>
  /** Runs before the transaction opens: warehouse and file reads belong here, never inside it. */
  prepare?: (context: ContextOf<M>, input: z.output<I>) => Promise<P>
  run: (context: ContextOf<M>, input: z.output<I>, prepared: P) => Promise<z.output<O>>
  /** What the audit row names as its object. */
  target?: (input: z.output<I>, output: z.output<O> | null, services: Services) => string | null
  example: (fixtures: Fixtures) => z.input<I>
}

// oxlint-disable-next-line typescript/no-explicit-any -- the one place where operations of all shapes meet
export type AnyOperation = OperationSpec<any, any, any, any>

/** The declaration as it stands; name and kind stay literal, so that the web finds input and output by them. */
export const operation = <
  M extends Exclude<May, 'link'>,
  I extends z.ZodType,
  O extends z.ZodType,
  N extends string,
  K extends OperationKind,
  P = void,
>(
  spec: OperationSpec<M, I, O, P, N, K>,
): OperationSpec<M, I, O, P, N, K> => spec

/**
 * What the holder of a link may do. It is called with the token in a header, never in an address that is logged; a read changes
 * nothing, a write takes one of the link's uses.
 */
export const linkOperation = <
  I extends z.ZodType,
  O extends z.ZodType,
  N extends string,
  K extends OperationKind,
  P = void,
>(
  spec: Omit<OperationSpec<'link', I, O, P, N, K>, 'may'> & { link: LinkFace },
): OperationSpec<'link', I, O, P, N, K> => ({ ...spec, may: 'link' })

export interface Caller {
  actor: Actor | null
  workspace: string | null
  signal?: AbortSignal
  /** The token of a link that was sent with the call. */
  link?: string | null
  /** The address of who asks, by which calls with links are counted. */
  client?: string
}

/** Of callers that wait for their answer, come what may. */
const nobodyLeaves = new AbortController().signal

export async function perform<M extends May, I extends z.ZodType, O extends z.ZodType, P>(
  op: OperationSpec<M, I, O, P>,
  services: Services,
  caller: Caller,
  input: unknown,
): Promise<z.output<O>> {
  const { workspaceId, link, isCounted, contextOn, record, topics } = await begin(op, services, caller)
  const parsed = parseInput(op.input, input)
  const prepared = (op.prepare ? await op.prepare(contextOn(services.db), parsed) : undefined) as P
  if (op.kind === 'read') {
    const output = await op.run(contextOn(services.db), parsed, prepared)
    if (op.sensitive) await record(services.db, parsed, output)
    return checked(op, services, output)
  }
  await services.disk.needRoom()
  const output = await services.transaction(async (tx) => {
    if (link && isCounted && !(await useLink(tx, link.tokenId, services.now()))) throw badLink('used')
    const result = await op.run(contextOn(tx), parsed, prepared)
    await record(tx, parsed, result)
    await notifyLive(tx, workspaceId, topics)
    return result
  })
  services.kept.changed(workspaceId)
  return checked(op, services, output)
}

/** A read as bytes, worked out only where nothing is kept of the same question in the same state of the workspace. */
export async function performKept<M extends May, I extends z.ZodType, O extends z.ZodType, P>(
  op: OperationSpec<M, I, O, P>,
  services: Services,
  caller: Caller,
  input: unknown,
): Promise<KeptAnswer> {
  if (op.kind !== 'read' || op.sensitive) throw new Error(`the answers of ${op.name} cannot be kept`)
  const { scope, contextOn } = await begin(op, services, caller)
  const parsed = parseInput(op.input, input)
  const workspaceId = scope?.workspaceId ?? ''
  const question = JSON.stringify([op.name, scope?.role, parsed])
  // What is asked depends on the day as well. Looked at before the answer is worked out: what changes meanwhile makes it an old one.
  const day = services.now().toISOString().slice(0, 10)
  const data = scope ? (await services.warehouses.open(workspaceId)).state : null
  const state = [data, services.kept.changes(workspaceId), day]
  const found = services.kept.find(workspaceId, question, state)
  if (found) return found
  const context = contextOn(services.db)
  const output = await op.run(context, parsed, (op.prepare ? await op.prepare(context, parsed) : undefined) as P)
  const answer = await answerAsBytes(checked(op, services, output))
  services.kept.keep(workspaceId, question, state, answer)
  return answer
}

/**
 * A read for its whole table: what it puts out to each of the inputs that follow each other, or all of it from one question where
 * the operation can. Admitted once, and one line of the audit log.
 * @param following the input of the page after one, if there is one
 */
export async function* performWhole<M extends May, I extends z.ZodType, O extends z.ZodType, P>(
  op: OperationSpec<M, I, O, P>,
  services: Services,
  caller: Caller,
  input: unknown,
  following: (output: z.output<O>, input: unknown) => unknown,
): AsyncGenerator<z.output<O>, void, undefined> {
  if (op.kind !== 'read') throw new Error(`${op.name} changes something; its table cannot be read`)
  const { contextOn, record } = await begin(op, services, caller)
  const context = contextOn(services.db)
  const outputOf = async (parsed: z.output<I>) =>
    op.run(context, parsed, (op.prepare ? await op.prepare(context, parsed) : undefined) as P)
  async function* pages() {
    for (let next = input; next !== null;) {
      const output = await outputOf(parseInput(op.input, next))
      yield output
      next = following(output, next)
    }
  }
  const asked = parseInput(op.input, input)
  let isFirst = true
  for await (const output of op.whole ? op.whole(context, asked) : pages()) {
    if (isFirst && op.sensitive) await record(services.db, asked, output)
    isFirst = false
    yield checked(op, services, output)
  }
}

/** Who asks may: what the operation is given, and what is written down of it. */
async function begin<M extends May, I extends z.ZodType, O extends z.ZodType, P>(
  op: OperationSpec<M, I, O, P>,
  services: Services,
  caller: Caller,
) {
  const { actor, workspace, signal = nobodyLeaves } = caller
  const { link = null, isCounted = false } = op.may === 'link' ? await admitLink(op, services, caller) : {}
  if (op.may !== 'public' && !link && !actor) throw unauthenticated()
  const scope = actor && isPermission(op.may) ? await admit(op, op.may, services, actor, workspace) : null
  if (op.may === 'owner' && !actor?.isOwner)
    throw forbidden('Only the person who set this installation up may do this.')
  const topics: string[] = op.kind === 'write' ? [...touchedBy(op)] : []
  const workspaceId = scope?.workspaceId ?? link?.workspaceId ?? null
  return {
    workspaceId,
    scope,
    link,
    isCounted,
    topics,
    contextOn: (db: Db) =>
      ({
        db,
        actor,
        ...(link ? { link } : { scope }),
        now: services.now,
        services,
        signal,
        emit: (topic: string) => {
          topics.push(topic)
        },
      }) as unknown as ContextOf<M>,
    record: async (db: Db, input: z.output<I>, output: z.output<O>) => {
      if (link && op.link?.audit === 'none') return
      await insertAudit(db, {
        at: services.now(),
        workspaceId,
        actor: link ? null : actor,
        face: link ? 'link' : undefined,
        operation: op.name,
        outcome: 'done',
        target: link ? toldOf(op.link!, link) : (op.target?.(input, output, services) ?? null),
      })
    },
  }
}

/** Of a link the audit log never says who holds it. */
const toldOf = ({ audit }: LinkFace, { purpose, subject }: LinkScope): string =>
  audit === 'subject' ? `${purpose}: ${subject.kind} ${subject.id}` : purpose

/** Whether a workspace must be named to ask for it. */
export const isPermission = (may: May): may is Permission =>
  may !== 'public' && may !== 'signed-in' && may !== 'owner' && may !== 'link'

/** @throws a bad link's one word, or limit where an address calls too often */
async function admitLink(
  op: { link?: LinkFace },
  services: Services,
  { link: token, client }: Caller,
): Promise<{ link: LinkScope; isCounted: boolean }> {
  // Kept without the address itself: the table of rates is in every backup.
  const rateKey = (kind: string) =>
    `link ${kind} ${hashToken(`${services.secretFor('rates')} ${placeKey(client ?? '')}`)}`
  const count = async (kind: keyof typeof linkRates) => {
    const { most, windowMs } = linkRates[kind]
    if ((await countCall(services.db, rateKey(kind), windowMs, services.now())) > most) throw tooManyLinks()
  }
  await count('all')
  const common = token ? await findLink(services.db, hashToken(token)) : null
  const found = common ?? (token ? await findAmong(services.db, services.rooms.linkSources, hashToken(token)) : null)
  const state = linkStateOf(found, op.link!.purpose, services.now())
  if (state !== 'open' || !found) {
    await count('bad')
    throw badLink(state === 'open' ? 'unknown' : state)
  }
  return {
    link: proveLink({
      workspaceId: found.workspaceId,
      purpose: found.purpose,
      subject: found.subject,
      tokenId: found.id,
    }),
    isCounted: common !== null,
  }
}

export async function admit(
  op: { name: string },
  permission: Permission,
  services: Services,
  actor: Actor,
  workspace: string | null,
): Promise<MemberScope> {
  if (!workspace)
    throw invalid('Say which workspace is meant: ?workspace=NAME in the address, or --workspace NAME in a command.')
  const membership = await findMembership(services.db, actor.userId, workspace)
  if (!membership)
    throw new ProductError('not-found', `There is no workspace “${workspace}”, or you do not belong to it.`)
  const rights = services.rooms.rights.get(membership.role)
  if (!rights?.has(permission)) {
    await insertAudit(services.db, {
      at: services.now(),
      workspaceId: membership.workspaceId,
      actor,
      operation: op.name,
      outcome: 'denied',
      target: null,
    })
    throw forbidden()
  }
  return proveScope({ ...membership, may: (asked: Permission) => rights.has(asked) })
}

export function parseInput<I extends z.ZodType>(schema: I, given: unknown): z.output<I> {
  const input = entered(given ?? {})
  const result = schema.safeParse(input)
  if (result.success) return result.data
  const issues = result.error.issues.map((issue) => ({
    path: issue.path.join('.'),
    message: sayProblem(issue, input),
  }))
  throw invalid(issues[0]?.message ?? 'The input does not fit.', { issues })
}

function checked<O extends z.ZodType>(
  op: { name: string; output: O },
  services: Services,
  output: z.output<O>,
): z.output<O> {
  if (services.checkOutputs) {
    const result = op.output.safeParse(output)
    if (!result.success) throw new Error(`${op.name} returned what its schema does not allow: ${result.error.message}`)
  }
  return output
}
