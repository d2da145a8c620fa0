import { existsSync, readFileSync, statSync, utimesSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { testApp, type TestApp } from '../../../tests/support/app.ts'
import { scopeOf } from '../../../tests/support/scope.ts'
import { newDatabase } from '../../../tests/support/stores.ts'
import { newId } from '../ids.ts'
import { enqueueDue } from '../jobs/queue.ts'
import { sweepFilesJob } from './job.ts'
import { dropFiles, keepFile } from './keeping.ts'
import { filesOf, findFile, markUnused } from './queries/files.ts'

const { missing } = inject('postgres')
async function* bytes(...parts: string[]) {
  for (const part of parts) yield new TextEncoder().encode(part)
}
const mb = 1024 ** 2

describe.each([
  { name: 'embedded', skip: null, address: async () => undefined },
  { name: 'PostgreSQL', skip: missing, address: async () => ({ url: await newDatabase() }) },
])('$name', ({ skip, address }) => {
  if (skip) {
    test.skip(`not run: ${skip}`, () => undefined)
    return
  }

  let app: TestApp
  beforeAll(async () => {
    app = await testApp({
      store: await address(),
      filesQuotaBytes: 3 * mb,
      brings: {
        fileKinds: new Map([
          ['deck', { kind: 'deck', keptDays: null }],
          ['recording', { kind: 'recording', keptDays: 30 }],
        ]),
      },
    })
  })
  afterAll(() => app.close())
  const keeping = (workspaceId: string) => {
    const scope = scopeOf(workspaceId)
    const keep = async (text: string, kind = 'deck', owner = 'o1') => {
      const received = await app.services.contents.receive(scope, bytes(text))
      const { id } = await app.services.transaction((tx) =>
        keepFile({ db: tx, scope, now: app.services.now, services: app.services }, received, {
          kind,
          name: '../../etc/passwd',
          mediaType: 'text/plain',
          owner: { kind: 'thing', id: owner },
          createdBy: 'x',
        }),
      )
      return { id, received }
    }
    const drop = (which: Parameters<typeof dropFiles>[1]) =>
      app.services.transaction((tx) => dropFiles({ db: tx, scope, services: app.services }, which, 'x'))
    const pathOf = async (id: string) =>
      app.services.contents.path(scope, (await findFile(app.services.db, scope, id))!.content)
    return { scope, keep, drop, pathOf }
  }

  test('the same bytes are kept once in a workspace, and go when the last file of them has gone; another workspace has its own', async () => {
    const [w, other] = [await app.workspace(), await app.workspace()]
    const { scope, keep, drop, pathOf } = keeping(w.id)
    const foreign = keeping(other.id)
    const [one, two] = [await keep('the same', 'deck', 'o1'), await keep('the same', 'deck', 'o2')]
    const path = await pathOf(one.id)
    expect(await pathOf(two.id)).toBe(path)
    expect([readFileSync(path, 'utf8'), statSync(path).mode & 0o777]).toEqual(['the same', 0o600])
    expect((await findFile(app.services.db, scope, one.id))!.name).toBe('.._.._etc_passwd')
    expect(await findFile(app.services.db, foreign.scope, one.id)).toBeNull()
    const theirs = await foreign.pathOf((await foreign.keep('the same')).id)
    expect(theirs).not.toBe(path)

    expect(await foreign.drop({ id: one.id })).toBe(0)
    expect(await drop({ id: one.id })).toBe(1)
    await app.settle(w.id)
    expect(existsSync(path)).toBe(true)
    expect(await drop({ owner: { kind: 'thing', id: 'o2' } })).toBe(1)
    await app.settle(w.id)
    expect([existsSync(path), existsSync(theirs)]).toEqual([false, true])
    expect(await filesOf(app.services.db, scope, { kind: 'thing', id: 'o2' })).toEqual([])
  })

  test('a workspace keeps within its quota, of two that come at once too, and what is there already costs nothing', async () => {
    const { keep } = keeping((await app.workspace()).id)
    const text = (letter: string) => letter.repeat(1.2 * mb)
    await keep(text('a'))
    await keep(text('a'), 'deck', 'o2')
    const both = await Promise.allSettled([keep(text('b')), keep(text('c'))])
    expect(both.map((one) => one.status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(both.find((one) => one.status === 'rejected')).toMatchObject({
      reason: { code: 'limit', message: expect.stringContaining('hold 3 MB of 3 MB; this one has 2 MB') },
    })
    await expect(keep('x', 'unheard of')).rejects.toThrow('No room says how long')
  })

  test('what is past its time goes by itself, what a crash left behind too, and a sweep never takes what is just being added', async () => {
    app.clock.set('2026-03-01T09:00:00Z')
    const w = await app.workspace()
    const { scope, keep, drop, pathOf } = keeping(w.id)
    const [deck, recording] = [await keep('a deck'), await keep('a recording', 'recording')]
    const [deckAt, recordingAt] = [await pathOf(deck.id), await pathOf(recording.id)]
    // Received for a write that never came to an end.
    const orphan = app.services.contents.path(scope, await app.services.contents.receive(scope, bytes('orphan')))
    const fresh = app.services.contents.path(scope, await app.services.contents.receive(scope, bytes('fresh')))
    utimesSync(orphan, new Date(0), new Date(0))
    const sweep = async (iso: string) => {
      app.clock.set(iso)
      await enqueueDue([sweepFilesJob], app.services)
      await app.settle(w.id)
      return [deckAt, recordingAt, orphan, fresh].map((path) => existsSync(path))
    }
    expect(await sweep('2026-03-31T08:00:00Z')).toEqual([true, true, false, true])
    expect(await sweep('2026-04-01T09:00:01Z')).toEqual([true, false, false, true])

    // The server stopped between the mark and the bytes; meanwhile the same bytes come again.
    const quiet = { ...app.services, jobs: { ...app.services.jobs, enqueue: async () => newId() } }
    await app.services.transaction((tx) => dropFiles({ db: tx, scope, services: quiet }, { id: deck.id }, 'x'))
    expect(await app.services.transaction((tx) => markUnused(tx, scope, app.services.now()))).toHaveLength(1)
    const again = await pathOf((await keep('a deck')).id)
    expect(again).not.toBe(deckAt)
    await sweep('2026-04-03T09:00:00Z')
    expect([existsSync(deckAt), existsSync(again)]).toEqual([false, true])
    expect(await drop({ owner: { kind: 'thing', id: 'o1' } })).toBe(1)
    await app.settle(w.id)
    expect(existsSync(again)).toBe(false)
  })

  test('a file that is too large or breaks off leaves nothing', async () => {
    const scope = scopeOf((await app.workspace()).id)
    await expect(app.services.contents.receive(scope, bytes('0123456789'), 5)).rejects.toMatchObject({ code: 'limit' })
    await expect(
      app.services.contents.receive(
        scope,
        (async function* () {
          yield* bytes('0123')
          throw new Error('the sender broke off')
        })(),
      ),
    ).rejects.toThrow('the sender broke off')
    expect(await app.services.contents.list(scope, new Date(Date.now() + 60_000))).toEqual([])
    expect(() => app.services.contents.path({ workspaceId: '../x' }, { sha256: 'a', contentId: 'b' })).toThrow()
  })
})
