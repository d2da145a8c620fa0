import { afterAll, beforeAll, expect, test } from 'vitest'
import { testApp, testPassword, type TestApp, type TestWorkspace } from '../../../tests/support/app.ts'
import type { Caller } from '../operation.ts'
import {
  endOtherSessions,
  endSession,
  getAccount,
  makeResetLink,
  signOutPerson,
  takeSecondStepOff,
} from './operations.ts'

let app: TestApp
let workspace: TestWorkspace
beforeAll(async () => {
  app = await testApp()
  workspace = await app.workspace()
})
afterAll(() => app.close())

/** Signs in as a browser does. @returns what the pages then act as */
async function open(email: string): Promise<Caller> {
  const response = await app.services.signIn.handle(
    new Request('http://localhost/api/auth/sign-in/email', {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-throughline-client': '203.0.113.9',
        'user-agent': 'Mozilla/5.0 (Windows NT 10.0; rv:130.0) Gecko/20100101 Firefox/130.0',
      },
      body: JSON.stringify({ email, password: testPassword }),
    }),
  )
  const cookie = response.headers.getSetCookie().map((c) => c.split(';')[0])
  const { person, sessionId } = (await app.services.signIn.session(new Headers({ cookie: cookie.join('; ') })))!
  return { actor: { ...person, sessionId, isOwner: false, mayReadPaths: false, face: 'web' }, workspace: null }
}

test('a person sees where they are signed in, and ends one device or all others, of their own alone', async () => {
  const { email } = workspace.as.leader.actor!
  const [here, second, third, other] = [
    await open(email),
    await open(email),
    await open(email),
    await open(workspace.as.admin.actor!.email),
  ]
  const account = await app.perform(getAccount, here)
  expect(account).toMatchObject({ email, hasPassword: true, hasSecondStep: false, provider: null })
  expect(account.sessions.map((s) => [s.device, s.address, s.isThis]).sort()).toEqual([
    ['Firefox on Windows', '203.0.113.9', false],
    ['Firefox on Windows', '203.0.113.9', false],
    ['Firefox on Windows', '203.0.113.9', true],
  ])
  expect(await app.perform(endSession, here, { id: other.actor!.sessionId! })).toEqual({ ended: false })
  await app.perform(endSession, here, { id: second.actor!.sessionId! })
  expect((await app.perform(getAccount, here)).sessions).toHaveLength(2)
  expect(await app.perform(endOtherSessions, here)).toEqual({ ended: 1 })
  expect((await app.perform(getAccount, third)).sessions.map((s) => s.id)).toEqual([here.actor!.sessionId])
  expect((await app.perform(getAccount, other)).sessions).toHaveLength(1)
})

test('the owner makes a link to a new password, signs a person out and takes a lost second step away; no token of it is in the log', async () => {
  const owner = { actor: { ...workspace.as.admin.actor!, isOwner: true }, workspace: null }
  const { email, userId } = workspace.as.stakeholder.actor!
  const { link } = await app.perform(makeResetLink, owner, { email })
  expect(link).toMatch(/^http:\/\/localhost\/new-password#token=[\w-]{43}$/)
  await expect(app.perform(makeResetLink, owner, { email: 'nobody@example.com' })).rejects.toThrow('There is nobody')
  await open(email)
  expect(await app.perform(signOutPerson, owner, { email })).toEqual({ ended: 1 })
  await expect(app.perform(takeSecondStepOff, owner, { email })).rejects.toThrow('has no second step')
  await app.services.db.updateTable('auth_user').set({ twoFactorEnabled: true }).where('id', '=', userId).execute()
  await app.services.db
    .insertInto('auth_two_factor')
    .values({
      id: 'x',
      secret: 'x',
      backupCodes: '[]',
      userId,
      verified: true,
      failedVerificationCount: 0,
      lockedUntil: null,
    })
    .execute()
  // A stolen session of the owner takes no second step away but by the command line on the server.
  await expect(app.perform(takeSecondStepOff, owner, { email: owner.actor.email })).rejects.toMatchObject({
    code: 'forbidden',
  })
  await expect(app.perform(makeResetLink, owner, { email: owner.actor.email })).rejects.toMatchObject({
    code: 'forbidden',
  })
  await app.perform(takeSecondStepOff, owner, { email })
  expect((await app.perform(getAccount, workspace.as.stakeholder)).hasSecondStep).toBe(false)
  const rows = await app.services.db
    .selectFrom('audit')
    .select(['operation', 'target'])
    .where('target', '=', email)
    .execute()
  expect(rows.map((row) => row.operation).sort()).toEqual([
    'account.removeSecondStep',
    'account.resetLink',
    'account.signOutPerson',
  ])
})
