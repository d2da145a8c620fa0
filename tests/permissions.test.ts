import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { uploadFromPath } from '../src/insights/datasets/importing/operations.ts'
import { operations, rooms } from '../src/operations.ts'
import { roles, type Role } from '../src/platform/auth/permissions.ts'
import { isProductError } from '../src/platform/errors.ts'
import { newId } from '../src/platform/ids.ts'
import { makeLink } from '../src/platform/link-tokens/making.ts'
import { compose } from '../src/platform/rooms/room.ts'
import type { AnyOperation, Caller, Fixtures } from '../src/platform/operation.ts'
import { testApp, type TestApp, type TestWorkspace } from './support/app.ts'
import { scopeOf } from './support/scope.ts'
import { idleJobs } from './support/idle-jobs.ts'
import { fixturesOf } from './support/fixtures/every-room.ts'
import { dataTopic, jobsTopic, restsOn, roomOf, touchedBy } from '../src/platform/live/topics.ts'
import { listenToTables, warehouseTable, type Asked } from './support/tables-asked.ts'

const { rights } = compose(rooms)
const has = (role: Role, permission: string): boolean => rights.get(role)!.has(permission)

let app: TestApp
let own: TestWorkspace
let other: TestWorkspace
let tablesOf: ReturnType<typeof listenToTables>
/** By the name of the operation, over all that was tried of it. */
const asked = new Map<string, Asked>()
beforeAll(async () => {
  app = await testApp({ kinds: idleJobs })
  tablesOf = listenToTables(app)
  own = await app.workspace()
  other = await app.workspace()
})
afterAll(() => app.close())

const made = new Map<string, Fixtures>()
const whose = (caller: Caller) => `${caller.workspace} ${caller.actor?.userId}`

/** Rows that every example input can point at, a set for each caller, made anew after a try that may have used them up. */
async function fixtures(workspace: TestWorkspace, role: Role = 'admin'): Promise<Fixtures> {
  const key = whose(workspace.as[role])
  const rows = made.get(key) ?? (await fixturesOf(app, workspace, role))
  made.set(key, rows)
  return rows
}

async function codeOf(op: AnyOperation, caller: Caller, input: unknown): Promise<string> {
  let code = 'failed'
  try {
    const known = asked.get(op.name) ?? { reads: new Set(), changes: new Set() }
    asked.set(op.name, known)
    await tablesOf(known, () => app.perform(op, caller, input))
    code = 'allowed'
  } catch (error) {
    if (!isProductError(error)) throw error
    code = error.code
  } finally {
    // What was not let in used nothing up, and neither did a read. Who is signed out was given the rows of somebody else.
    if (op.kind === 'write' && !['forbidden', 'not-found', 'unauthenticated'].includes(code)) {
      if (caller.actor) made.delete(whose(caller))
      else made.clear()
    }
  }
  return code
}
/** One operation is for the command line on the server alone; here everybody is there, so that roles alone decide. */
const onTheServer = (caller: TestWorkspace['as']['admin']) => ({
  ...caller,
  actor: { ...caller.actor!, mayReadPaths: true },
})
/** Writes that a caller who may ask can still be refused, and why; everything else is done, and every read answers. */
const heldBack: Record<string, { code: string; because: string }> = {
  'setup.sampleCompany.open': { code: 'precondition', because: 'only who set the installation up makes it' },
  'insights.datasets.undo': {
    code: 'precondition',
    because: 'somebody else has imported since: the newest goes first',
  },
  'workspaces.rename': { code: 'conflict', because: 'there is one a workspace, and the caller before changed it' },
  'insights.accounts.saveSettings': { code: 'conflict', because: 'as workspaces.rename' },
  'setup.cost.setRate': { code: 'conflict', because: 'as workspaces.rename' },
  'setup.readiness.set': { code: 'conflict', because: 'as workspaces.rename' },
  'setup.tour.remind': { code: 'precondition', because: 'no mail server is set up' },
  'insights.out.set': { code: 'conflict', because: 'as workspaces.rename' },
  'setup.pillar.saveSituation': { code: 'conflict', because: 'as workspaces.rename' },
  'setup.pillar.choose': { code: 'conflict', because: 'as workspaces.rename' },
  'setup.charter.publish': { code: 'conflict', because: 'as workspaces.rename' },
  'setup.firstHire.save': { code: 'conflict', because: 'as workspaces.rename' },
  'account.endSession': { code: 'precondition', because: 'whoever walks here signed in on no device' },
}
const admitted = (op: AnyOperation) => ['allowed', ...(op.name in heldBack ? [heldBack[op.name]!.code] : [])]

test('only the command line on the server names files by path', async () => {
  expect(await codeOf(uploadFromPath, own.as.admin, { path: '/etc/hostname' })).toBe('forbidden')
})

const linked = operations.filter((op) => op.may === 'link')
/** A link of the workspace, as somebody without an account holds it. */
async function holding(
  op: AnyOperation,
  workspace: TestWorkspace,
  link: { purpose?: string; mostUses?: number | null; isOver?: boolean } = {},
): Promise<Caller> {
  const { address } = await makeLink(
    { ...app, db: app.services.db, now: app.services.now, scope: scopeOf(workspace.id) },
    {
      purpose: link.purpose ?? op.link!.purpose ?? 'anything',
      subject: op.link!.example(await fixtures(workspace)),
      expiresAt: new Date(Date.now() + (link.isOver ? -1 : 60_000)),
      mostUses: link.mostUses ?? null,
      createdBy: null,
    },
  )
  return { actor: null, workspace: null, link: address.split('/l/')[1]!, client: newId() }
}
const auditOf = (op: AnyOperation) =>
  app.services.db.selectFrom('audit').selectAll().where('operation', '=', op.name).execute()

describe.each(linked.map((op) => [op.name, op] as const))('%s, by a link', (_, op) => {
  test('who holds one for its purpose may, whoever they are', async () => {
    const before = await auditOf(op)
    const caller = await holding(op, own, { mostUses: 1 })
    expect(admitted(op)).toContain(await codeOf(op, caller, op.example(await fixtures(own))))
    const after = (await auditOf(op)).slice(before.length)
    expect(after.map((row) => [row.face, row.actor_id, row.actor_name])).toEqual(
      op.kind === 'write' && op.link!.audit !== 'none' ? [['link', null, null]] : [],
    )
    // A read uses nothing up.
    const again = await codeOf(op, caller, op.example(await fixtures(own)))
    if (op.kind === 'read') expect(admitted(op)).toContain(again)
    else expect(again).toBe('precondition')
  })

  test('no link, a made-up one, one for something else and one that has expired open nothing, for no role', async () => {
    const input = op.example(await fixtures(own))
    for (const caller of [own.as.admin, { actor: null, workspace: own.slug }, { ...own.as.admin, link: newId() }])
      expect(await codeOf(op, { ...caller, client: newId() }, input)).toBe('not-found')
    if (op.link!.purpose)
      expect(await codeOf(op, await holding(op, own, { purpose: 'other' }), input)).toBe('not-found')
    expect(await codeOf(op, await holding(op, own, { isOver: true }), input)).toBe('precondition')
  })
})

const walked = operations.filter((op) => op.may !== 'link')
describe.each(walked.map((op) => [op.name, op] as const))('%s', (_, op) => {
  const permission: string | null = op.may.includes(':') ? op.may : null

  test('signed out', async () => {
    const code = await codeOf(op, { actor: null, workspace: own.slug }, op.example(await fixtures(own)))
    expect(code).toBe(op.may === 'public' ? 'allowed' : 'unauthenticated')
  })

  test.each(roles)('as %s of the workspace', async (role) => {
    const code = await codeOf(op, onTheServer(own.as[role]), op.example(await fixtures(own, role)))
    if (permission && !has(role, permission)) expect(code).toBe('forbidden')
    else if (op.may === 'owner') expect(code).toBe('forbidden')
    else expect(admitted(op)).toContain(code)
  })

  if (permission) {
    test.each(roles)('another workspace as %s: it does not exist', async (role) => {
      expect(await codeOf(op, { ...own.as[role], workspace: other.slug }, op.example(await fixtures(other)))).toBe(
        'not-found',
      )
    })
    test('ids of another workspace, asked within the own one, change and show nothing', async () => {
      const foreign = await fixtures(other)
      const input = op.example(foreign) as Record<string, unknown>
      const named =
        op.name === 'uploads.fromPath'
          ? []
          : Object.values(input).filter((value) => typeof value === 'string' && Object.values(foreign).includes(value))
      // Not every right is the admin's: product managers alone decide.
      const code = await codeOf(op, onTheServer(own.as[roles.find((role) => has(role, permission))!]), input)
      if (named.length > 0) expect(code).toBe('not-found')
      else expect([...admitted(op), 'not-found']).toContain(code)
    })
    test('a denied try is in the audit log', async () => {
      const role = roles.find((r) => !has(r, permission))
      if (!role) return
      await codeOf(op, own.as[role], op.example(await fixtures(own)))
      const row = await app.services.db
        .selectFrom('audit')
        .select(['outcome', 'operation'])
        .where('actor_id', '=', own.as[role].actor!.userId)
        .orderBy('id', 'desc')
        .executeTakeFirst()
      expect(row).toEqual({ outcome: 'denied', operation: op.name })
    })
  }
})

describe('open pages are told what is old', () => {
  const of = (name: string) => operations.find((op) => op.name === name)!
  /** Every write writes a line of it; the log of it is read anew after each. */
  const inAll = new Set(['audit'])

  test('what a read names that it rests on is a room, or what is told by jobs', () => {
    const known = new Set([
      ...operations.map((op) => roomOf(op.name)),
      ...[...rooms.flatMap((r) => r.jobs ?? []), { touches: [dataTopic, jobsTopic] }].flatMap(
        (kind) => kind.touches ?? [],
      ),
    ])
    expect(
      operations.flatMap((op) => [...(op.restsOn ?? []), ...(op.touches ?? [])]).filter((t) => !known.has(t)),
    ).toEqual([])
  })

  test('a read that is asked of a table rests on whatever changes the table', () => {
    expect(asked.get('insights.annotations.list')?.reads).toContain('annotation')
    const forgotten: string[] = []
    for (const [name, { reads }] of asked) {
      const rests = restsOn(of(name))
      if (!rests) continue
      if (reads.has(warehouseTable) && !rests.includes(dataTopic)) forgotten.push(`${name} does not rest on the data`)
      for (const [write, { changes }] of asked) {
        const shared = [...changes].filter((table) => reads.has(table) && !inAll.has(table))
        // The queue says itself what it does with a job.
        if (shared.some((table) => table !== 'job') && !touchedBy(of(write)).some((topic) => rests.includes(topic)))
          forgotten.push(`${name} does not rest on what ${write} touches: ${shared.join(', ')}`)
      }
    }
    expect(forgotten).toEqual([])
  })
})
