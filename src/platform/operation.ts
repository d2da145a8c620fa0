/**
 * The verb of the product. One declaration gives the HTTP endpoint, its OpenAPI entry and the command;
 * `perform` alone does role, parsing, scope, transaction, audit and the live event.
 */
import type { z } from 'zod'
import { isAllowed, type Permission } from './auth/permissions.ts'
import { forbidden, invalid, ProductError, unauthenticated } from './errors.ts'
import type { Db } from './db/database.ts'
import { entered } from './entered-text.ts'
import { sayProblem } from './input-problems.ts'
import { proveScope, type MemberScope } from './scope.ts'
import type { Services } from './services.ts'
import { findMembership } from './auth/queries.ts'
import { insertAudit } from './audit/queries.ts'
import { notifyLive } from './live/queries.ts'

export type Face = 'web' | 'http' | 'cli' | 'job'

export interface Actor {
  userId: string
  name: string
  email: string
  face: Face
  /** Who set the installation up. */
  isOwner: boolean
  /** The command line's own identity on this machine may name files by path instead of uploading them. */
  mayReadPaths: boolean
}

/** `public`: anyone. `signed-in`: any person. `owner`: who set the installation up. A permission: asked of the role in the workspace. */
export type May = 'public' | 'signed-in' | 'owner' | Permission

interface Common {
  db: Db
  now: () => Date
  services: Services
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

export type ContextOf<M extends May> = M extends 'public'
  ? PublicContext
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
  input: I
  output: O
  /** The words of the command where they differ from the name; `false` where a command makes no sense. */
  command?: string | false
  /** A read that is written to the audit log (exports, drill-downs to names). */
  sensitive?: boolean
  csv?: CsvFace<z.output<O>>
  /** A long list as a table: all of it from one question, in outputs that follow each other. Where absent its pages are asked for. */
  whole?: (context: ContextOf<M>, input: z.output<I>) => AsyncIterable<z.output<O>>
  /** Runs before the transaction opens: warehouse and file reads belong here, never inside it. */
  prepare?: (context: ContextOf<M>, input: z.output<I>) => Promise<P>
  run: (context: ContextOf<M>, input: z.output<I>, prepared: P) => Promise<z.output<O>>
  /** What the audit row names as its object. */
  target?: (input: z.output<I>, output: z.output<O> | null) => string | null
  example: (fixtures: Fixtures) => z.input<I>
}

// oxlint-disable-next-line typescript/no-explicit-any -- the one place where operations of all shapes meet
export type AnyOperation = OperationSpec<any, any, any, any>

/** The declaration as it stands; name and kind stay literal, so that the web finds input and output by them. */
export const operation = <
  M extends May,
  I extends z.ZodType,
  O extends z.ZodType,
  N extends string,
  K extends OperationKind,
  P = void,
>(
  spec: OperationSpec<M, I, O, P, N, K>,
): OperationSpec<M, I, O, P, N, K> => spec

export interface Caller {
  actor: Actor | null
  workspace: string | null
}

export async function perform<M extends May, I extends z.ZodType, O extends z.ZodType, P>(
  op: OperationSpec<M, I, O, P>,
  services: Services,
  caller: Caller,
  input: unknown,
): Promise<z.output<O>> {
  const { scope, contextOn, record, topics } = await begin(op, services, caller)
  const parsed = parseInput(op.input, input)
  const prepared = (op.prepare ? await op.prepare(contextOn(services.db), parsed) : undefined) as P
  if (op.kind === 'read') {
    const output = await op.run(contextOn(services.db), parsed, prepared)
    if (op.sensitive) await record(services.db, parsed, output)
    return checked(op, services, output)
  }
  const output = await services.transaction(async (tx) => {
    const result = await op.run(contextOn(tx), parsed, prepared)
    await record(tx, parsed, result)
    await notifyLive(tx, scope?.workspaceId ?? null, topics)
    return result
  })
  return checked(op, services, output)
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
  { actor, workspace }: Caller,
) {
  if (op.may !== 'public' && !actor) throw unauthenticated()
  const scope = actor && isPermission(op.may) ? await admit(op, op.may, services, actor, workspace) : null
  if (op.may === 'owner' && !actor?.isOwner)
    throw forbidden('Only the person who set this installation up may do this.')
  const topics: string[] = []
  return {
    scope,
    topics,
    contextOn: (db: Db) =>
      ({
        db,
        actor,
        scope,
        now: services.now,
        services,
        emit: (topic: string) => {
          topics.push(topic)
        },
      }) as unknown as ContextOf<M>,
    record: (db: Db, input: z.output<I>, output: z.output<O>) =>
      insertAudit(db, {
        at: services.now(),
        workspaceId: scope?.workspaceId ?? null,
        actor,
        operation: op.name,
        outcome: 'done',
        target: op.target?.(input, output) ?? null,
      }),
  }
}

const isPermission = (may: May): may is Permission => may !== 'public' && may !== 'signed-in' && may !== 'owner'

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
  if (!isAllowed(membership.role, permission)) {
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
  return proveScope(membership)
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
