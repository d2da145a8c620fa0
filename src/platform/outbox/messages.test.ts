import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { testApp, type TestApp, type TestWorkspace } from '../../../tests/support/app.ts'
import { scopeOf } from '../../../tests/support/scope.ts'
import { newDatabase } from '../../../tests/support/stores.ts'
import { newId } from '../ids.ts'
import { enqueueDue } from '../jobs/queue.ts'
import { invitePerson } from '../people/operations.ts'
import { sendOutboxJob } from './job.ts'
import { listOutbox, releaseMessage } from './operations.ts'
import { sampleNeverSends } from './policy.ts'
import { beginNext, mayHaveArrived } from './queries/messages.ts'
import { outboxTables } from './tables.ts'
import { writeMessage, type MessageDraft } from './writing.ts'

const mails: { to: string; text: string }[] = []
let refusals: Error[] = []
const optedOut = new Set<string>()
const { missing } = inject('postgres')

/** What a mail server answers that is busy, or that has no such mailbox. */
const refusal = (responseCode: number) => Object.assign(new Error('not now'), { responseCode })

describe.each([
  { name: 'embedded', skip: null, address: async () => undefined },
  { name: 'PostgreSQL', skip: missing, address: async () => ({ url: await newDatabase() }) },
])('$name', ({ skip, address }) => {
  if (skip) {
    test.skip(`not run: ${skip}`, () => undefined)
    return
  }
  let app: TestApp
  let w: TestWorkspace
  let post: SMTPServer
  beforeAll(async () => {
    mails.length = 0
    optedOut.clear()
    post = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onData(stream, session, done) {
        let text = ''
        stream.on('data', (chunk: Buffer) => {
          text += chunk.toString()
        })
        stream.on('end', () => {
          const refused = refusals.shift()
          if (!refused) mails.push({ to: session.envelope.rcptTo[0]!.address, text })
          done(refused ?? null)
        })
      },
    })
    await new Promise<void>((resolve) => {
      post.listen(0, '127.0.0.1', () => resolve())
    })
    app = await testApp({
      store: await address(),
      mailUrl: `smtp://127.0.0.1:${(post.server.address() as AddressInfo).port}`,
      baseUrl: () => 'https://throughline.example.com',
      brings: {
        outboxPolicies: [
          {
            name: 'consent',
            ask: async (_, __, m) => (optedOut.has(m.recipient) ? 'They do not want to be written to.' : null),
          },
        ],
      },
    })
    app.clock.set('2026-03-01T09:00:00Z')
    w = await app.workspace()
  })
  afterAll(async () => {
    await app.close()
    await new Promise<void>((resolve) => {
      post.close(() => resolve())
    })
  })

  const draft = (to: string, more: Partial<MessageDraft> = {}): MessageDraft => ({
    key: newId(),
    content: { channel: 'mail', to, subject: 'A question', text: 'Answer: https://x.example/l/abcdefghijklmnopqrstuv' },
    purpose: 'screener',
    permission: 'insights:accounts',
    createdBy: 'x',
    ...more,
  })
  const write = (one: MessageDraft, workspaceId = w.id) =>
    app.services.transaction((tx) =>
      writeMessage({ db: tx, scope: scopeOf(workspaceId), now: app.services.now, services: app.services }, one),
    )
  const stateOf = (id: string) =>
    outboxTables(app.services.db)
      .selectFrom('outbox_message')
      .select(['state', 'reason', 'attempts'])
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
  const mailsTo = (address: string) => mails.filter((m) => m.to === address)
  const tick = async (iso: string) => {
    app.clock.set(iso)
    await enqueueDue([sendOutboxJob], app.services)
    await app.settle(w.id)
  }

  test('a mail goes out once, after the write that it belongs to and never without it, and its link is kept nowhere', async () => {
    await expect(
      app.services.transaction(async (tx) => {
        await writeMessage(
          { db: tx, scope: scopeOf(w.id), now: app.services.now, services: app.services },
          draft('undone@example.com'),
        )
        throw new Error('the write failed')
      }),
    ).rejects.toThrow('the write failed')
    const one = draft('Once@example.com', { key: 'once' })
    const { id } = await write(one)
    expect(await write(one)).toMatchObject({ id })
    const stored = () =>
      outboxTables(app.services.db)
        .selectFrom('outbox_message')
        .selectAll()
        .where('id', '=', id)
        .executeTakeFirstOrThrow()
    expect(JSON.stringify(await stored())).not.toMatch(/abcdefghijklmnopqrstuv|A question/)
    await app.settle(w.id)
    expect(await stateOf(id)).toEqual({ state: 'sent', reason: null, attempts: 1 })
    expect(mails.map((m) => m.to)).toEqual(['Once@example.com'])
    expect(mails[0]!.text).toContain('https://x.example/l/abcdefghijklmnopqrstuv')
    expect(mails[0]!.text).toContain(`Message-ID: <${id}@example.com>`)
    const { rows } = await app.perform(listOutbox, w.as.admin)
    expect(rows).toMatchObject([{ id, recipient: 'once@example.com', text: 'Answer: https://x.example/l/…' }])
    mails.length = 0
  })

  test('a busy mail server is asked again later, one that refuses for good is not', async () => {
    app.clock.set('2026-03-01T10:00:00Z')
    refusals = [refusal(451), refusal(451)]
    const { id } = await write(draft('busy@example.com'))
    await app.settle(w.id)
    expect(await stateOf(id)).toMatchObject({
      state: 'queued',
      reason: expect.stringContaining('not now'),
      attempts: 1,
    })
    await tick('2026-03-01T10:00:59Z')
    expect((await stateOf(id)).attempts).toBe(1)
    await tick('2026-03-01T10:01:00Z')
    expect((await stateOf(id)).attempts).toBe(2)
    await tick('2026-03-01T10:06:00Z')
    expect(await stateOf(id)).toEqual({ state: 'sent', reason: null, attempts: 3 })
    expect(mailsTo('busy@example.com')).toHaveLength(1)
    refusals = [refusal(550)]
    const gone = await write(draft('gone@example.com'))
    await app.settle(w.id)
    expect((await stateOf(gone.id)).state).toBe('failed')
    await app.perform(releaseMessage, w.as.admin, { id: gone.id })
    await app.settle(w.id)
    expect((await stateOf(gone.id)).state).toBe('sent')
    await expect(app.perform(releaseMessage, w.as.admin, { id: gone.id })).rejects.toThrow('has gone out already')
  })

  test('what a killed server had begun to send is held for a person, and what it had not begun goes out once', async () => {
    app.clock.set('2026-03-02T09:00:00Z')
    const written = await app.services.transaction(async (tx) => {
      const context = {
        db: tx,
        scope: scopeOf(w.id),
        now: app.services.now,
        services: { ...app.services, jobs: { ...app.services.jobs, enqueue: async () => '' } },
      }
      return [
        await writeMessage(context, draft('one@example.com')),
        await writeMessage(context, draft('another@example.com')),
      ]
    })
    // As kill -9 leaves it: begun, and no answer written down.
    const begun = (await beginNext(app.services.db, scopeOf(w.id), newId(), app.services.now()))!
    const waiting = written.find((m) => m.id !== begun.id)!
    await tick('2026-03-02T09:00:30Z')
    expect([(await stateOf(begun.id)).state, (await stateOf(waiting.id)).state]).toEqual(['queued', 'sent'])
    await tick('2026-03-02T09:06:00Z')
    await tick('2026-03-02T09:30:00Z')
    expect(await stateOf(begun.id)).toMatchObject({ state: 'held', reason: mayHaveArrived })
    expect([...mailsTo('one@example.com'), ...mailsTo('another@example.com')].map((m) => m.text)).toEqual([
      expect.stringContaining(waiting.id),
    ])
  })

  test('of senders that run at once each message is begun by one', async () => {
    app.clock.set('2026-03-03T09:00:00Z')
    const quiet = { ...app.services, jobs: { ...app.services.jobs, enqueue: async () => '' } }
    await app.services.transaction(async (tx) => {
      for (let n = 0; n < 6; n += 1)
        await writeMessage(
          { db: tx, scope: scopeOf(w.id), now: app.services.now, services: quiet },
          draft(`many${n}@example.com`),
        )
    })
    const taken = await Promise.all(
      Array.from({ length: 8 }, () => beginNext(app.services.db, scopeOf(w.id), newId(), app.services.now())),
    )
    const ids = taken.flatMap((m) => m?.id ?? [])
    expect([ids.length, new Set(ids).size]).toEqual([6, 6])
    await tick('2026-03-03T10:00:00Z')
  })

  test('who may be written to is asked when a message is written and again when it is sent', async () => {
    optedOut.add('first@example.com')
    expect(await write(draft('first@example.com'))).toMatchObject({
      state: 'held',
      reason: 'They do not want to be written to.',
    })
    const quiet = { ...app.services, jobs: { ...app.services.jobs, enqueue: async () => '' } }
    const later = await app.services.transaction((tx) =>
      writeMessage(
        { db: tx, scope: scopeOf(w.id), now: app.services.now, services: quiet },
        draft('later@example.com'),
      ),
    )
    expect(later.state).toBe('queued')
    optedOut.add('later@example.com')
    await tick('2026-03-04T09:00:00Z')
    expect((await stateOf(later.id)).state).toBe('held')
    await expect(app.perform(releaseMessage, w.as.admin, { id: later.id })).rejects.toThrow(
      'They do not want to be written to.',
    )
    expect([...mailsTo('first@example.com'), ...mailsTo('later@example.com')]).toEqual([])
  })

  test('the sample company writes and never sends', async () => {
    const sample = await app.workspace()
    await app.services.db.updateTable('workspace').set({ kind: 'sample' }).where('id', '=', sample.id).execute()
    const { link, mail } = await app.perform(invitePerson, sample.as.admin, {
      email: 'guest@example.com',
      role: 'leader',
    })
    await app.settle(sample.id)
    expect([mail, mailsTo('guest@example.com')]).toEqual(['held', []])
    const { rows } = await app.perform(listOutbox, sample.as.admin)
    expect(rows).toMatchObject([
      { state: 'held', reason: sampleNeverSends, recipient: 'guest@example.com', purpose: 'invitation' },
    ])
    expect(rows[0]!.text).toContain('https://throughline.example.com/l/…')
    expect(JSON.stringify(rows)).not.toContain(link.split('/l/')[1])
    await expect(app.perform(releaseMessage, sample.as.admin, { id: rows[0]!.id })).rejects.toThrow(sampleNeverSends)
  })

  test('an invitation goes out by mail; an admin reads what was sent, but of what is beyond their rights neither to whom nor what', async () => {
    app.clock.set('2026-03-05T09:00:00Z')
    const { link, mail } = await app.perform(invitePerson, w.as.admin, {
      email: 'new@example.com',
      role: 'product-manager',
    })
    await write(draft('secret@example.com', { permission: 'decisions:decide' }))
    await app.settle(w.id)
    expect(mail).toBe('queued')
    expect(mailsTo('new@example.com')[0]!.text.replaceAll('=\r\n', '')).toContain(link)
    const { rows } = await app.perform(listOutbox, w.as.admin, { limit: 2 })
    expect(rows.map((r) => [r.state, r.isWithheld, r.recipient, r.text === null]).sort()).toEqual([
      ['sent', false, 'new@example.com', false],
      ['sent', true, null, true],
    ])
    const other = await app.workspace()
    expect((await app.perform(listOutbox, other.as.admin)).rows).toEqual([])
    await expect(app.perform(releaseMessage, other.as.admin, { id: rows[0]!.id })).rejects.toMatchObject({
      code: 'not-found',
    })
  })
})
