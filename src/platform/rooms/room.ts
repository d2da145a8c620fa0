/**
 * What a room of the product brings, and what the top composes of it. Every list is a constant that `operations.ts` gathers and hands
 * through `Services`; nothing registers itself at import.
 */
import { permissionsOf, roles, type Rights, type Role } from '../auth/permissions.ts'
import type { Db } from '../db/database.ts'
import type { JobKind, Tick } from '../jobs/queue.ts'
import type { AnyOperation } from '../operation.ts'
import type { LinkSource } from '../link-tokens/sources.ts'
import type { FileKind } from '../files/keeping.ts'
import type { OutboxPolicy } from '../outbox/policy.ts'
import type { Reaction } from '../outbox/reactions.ts'
import type { Scope } from '../scope.ts'
import type { MeasureKind } from './measure.ts'
import type { Shareable } from './shareable.ts'
import type { ThingKind } from './thing.ts'
import type { WinKind, Wins } from './win.ts'

export interface Room {
  name: string
  operations: readonly AnyOperation[]
  /** Of this room alone, each with the roles that have it: `{ 'market:edit': ['admin', 'product-ops'] }`. */
  permissions?: Readonly<Record<`${string}:${string}`, readonly Role[]>>
  jobs?: readonly JobKind[]
  /** What is looked at from time to time. */
  ticks?: readonly Tick[]
  afterRefresh?: readonly AfterRefresh[]
  things?: readonly ThingKind[]
  measures?: readonly MeasureKind[]
  /** What it does for people that gives time back. */
  wins?: readonly WinKind[]
  shareables?: readonly Shareable[]
  /** What it does when something happens to things of other rooms. */
  reactions?: readonly Reaction[]
  /** Who may be written to, where it knows of consent. */
  outboxPolicies?: readonly OutboxPolicy[]
  /** Files that it keeps, each kind with how long. */
  fileKinds?: readonly FileKind[]
  datasets?: readonly Brought[]
  /** Links whose tokens it keeps in a table of its own. */
  linkSources?: readonly LinkSource[]
}

/** A dataset as the importer declares it (`insights/datasets/declaration.ts`); here it is handed through. */
export interface Brought {
  name: string
}

/** A job that follows new data, in the order of the rooms; one of each that waits is enough. */
export interface AfterRefresh {
  /** Of the job. */
  kind: string
  /** Whether there is anything to do; null: always. */
  isNeeded: ((db: Db, scope: Scope) => Promise<boolean>) | null
}

/** What all rooms bring, as the rest of the product reads it. */
export interface Rooms {
  rights: Rights
  afterRefresh: readonly AfterRefresh[]
  things: ReadonlyMap<string, ThingKind>
  measures: ReadonlyMap<string, MeasureKind>
  wins: Wins
  shareables: readonly Shareable[]
  reactions: readonly Reaction[]
  outboxPolicies: readonly OutboxPolicy[]
  fileKinds: ReadonlyMap<string, FileKind>
  datasets: readonly Brought[]
  linkSources: readonly LinkSource[]
}

/** Keeps the names of operations literal, from which the web takes its types. */
export const room = <const R extends Room>(it: R): R => it

/** @throws where two rooms bring the same name, or a shareable says nothing of what it withholds: such a product does not start */
export function compose(rooms: readonly Room[]): Rooms {
  const shareables = rooms.flatMap((r) => r.shareables ?? [])
  const operations = rooms.flatMap((r) => r.operations)
  refuseTwice(
    'operation',
    operations.map((o) => o.name),
  )
  refuseTwice(
    'kind of job',
    rooms.flatMap((r) => r.jobs ?? []).map((j) => j.kind),
  )
  refuseTwice(
    'shareable page',
    shareables.map((s) => s.path),
  )
  const reactions = rooms.flatMap((r) => r.reactions ?? [])
  refuseTwice(
    'reaction',
    reactions.map((r) => r.name),
  )
  for (const { path, analyses, withholding } of shareables)
    for (const { name } of analyses)
      if (!withholding.has(name))
        throw new Error(`${path} can be shared, but nothing says what of ${name} is withheld. Add its rule.`)
  const rights = rightsOf(rooms)
  const datasets = rooms.flatMap((r) => r.datasets ?? [])
  refuseTwice(
    'dataset',
    datasets.map((d) => d.name),
  )
  const jobs = new Set(rooms.flatMap((r) => r.jobs ?? []).map((j) => j.kind))
  const afterRefresh = rooms.flatMap((r) => r.afterRefresh ?? [])
  for (const { kind } of afterRefresh)
    if (!jobs.has(kind)) throw new Error(`“${kind}” is to follow a refresh, but no room brings such a job.`)
  return {
    rights,
    afterRefresh,
    things: byName(
      'kind of thing',
      rooms.flatMap((r) => r.things ?? []),
      (t) => t.kind,
    ),
    measures: byName(
      'measure',
      rooms.flatMap((r) => r.measures ?? []),
      (m) => m.measure,
    ),
    wins: byName(
      'win',
      rooms.flatMap((r) => r.wins ?? []),
      (w) => w.win,
    ),
    shareables,
    reactions,
    outboxPolicies: rooms.flatMap((r) => r.outboxPolicies ?? []),
    fileKinds: byName(
      'kind of file',
      rooms.flatMap((r) => r.fileKinds ?? []),
      (f) => f.kind,
    ),
    datasets,
    linkSources: rooms.flatMap((r) => r.linkSources ?? []),
  }
}

/** @throws where a permission is declared twice, or asked for and declared by nobody */
function rightsOf(rooms: readonly Room[]): Rights {
  const brought = rooms.flatMap((r) => Object.entries(r.permissions ?? {}))
  const own = new Set<string>(roles.flatMap((role) => permissionsOf[role]))
  refuseTwice('permission', [...own, ...brought.map(([name]) => name)])
  const known = own.union(new Set(brought.map(([name]) => name)))
  const asked = rooms.flatMap((r) => [...r.operations.map((o) => o.may), ...(r.things ?? []).map((t) => t.may)])
  const unknown = asked.find((may: string) => may.includes(':') && !known.has(may))
  if (unknown !== undefined) throw new Error(`“${unknown}” is asked for, but no room says which roles have it.`)
  return new Map(
    roles.map((role) => [
      role,
      new Set([...permissionsOf[role], ...brought.flatMap(([name, some]) => (some.includes(role) ? [name] : []))]),
    ]),
  )
}

function byName<T>(what: string, all: readonly T[], nameOf: (one: T) => string): ReadonlyMap<string, T> {
  refuseTwice(what, all.map(nameOf))
  return new Map(all.map((one) => [nameOf(one), one]))
}

function refuseTwice(what: string, names: readonly string[]): void {
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  if (twice !== undefined) throw new Error(`Two rooms bring the ${what} “${twice}”.`)
}
