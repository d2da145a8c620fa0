import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { isKnownPlace, spend } from './queries.ts'
import { accountKey, passwordBudgets, placeKey } from './throttle.ts'
import { testApp, type TestApp } from '../../../tests/support/app.ts'
import { totp } from '../../../tests/support/totp.ts'

const password = 'a long password'
let app: TestApp
beforeAll(async () => {
  app = await testApp()
})
afterAll(() => app.close())

const post = (
  path: string,
  body: object,
  { cookie = '', from = '127.0.0.1' }: { cookie?: string; from?: string } = {},
) =>
  app.services.signIn.handle(
    new Request(`http://localhost/api/auth${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: 'http://localhost', 'x-throughline-client': from, cookie },
      body: JSON.stringify(body),
    }),
  )
const signIn = (email: string, withPassword: string, from?: string) =>
  post('/sign-in/email', { email, password: withPassword }, { from })
const tokenIn = (link: string) => /#token=([\w-]+)$/.exec(link)![1]!
/** Wrong passwords without the work of comparing them. */
async function guessed(email: string, from: string, times: number): Promise<void> {
  const { db } = app.services
  const isKnown = await isKnownPlace(db, accountKey(email), placeKey(from))
  for (let i = 0; i < times; i += 1)
    for (const budget of passwordBudgets(email, from, isKnown)) await spend(db, budget, app.services.now())
}
const codeOf = (asked: Promise<unknown>) =>
  asked.then(
    () => 'done',
    (error: { code?: string }) => error.code,
  )
const cookieOf = (response: Response) =>
  response.headers
    .getSetCookie()
    .map((c) => c.split(';')[0])
    .filter((c) => !c!.endsWith('='))
    .join('; ')
const cookiesOf = (response: Response) =>
  new Headers({
    cookie: response.headers
      .getSetCookie()
      .map((c) => c.split(';')[0])
      .join('; '),
  })

test('a person is one e-mail address, however it is written, with a password of ten characters or more that is nowhere in the store', async () => {
  const person = await app.services.signIn.createPerson({
    name: ' Robin Example ',
    email: 'Robin@Example.com ',
    password,
  })
  expect(person).toMatchObject({ name: 'Robin Example', email: 'robin@example.com' })
  await expect(
    app.services.signIn.createPerson({ name: 'Another', email: 'ROBIN@example.com', password }),
  ).rejects.toThrow('There is already a person with the e-mail robin@example.com.')
  await expect(
    app.services.signIn.createPerson({ name: 'Weak', email: 'weak@example.com', password: 'nine char' }),
  ).rejects.toThrow('at least 10 characters')
  expect(await app.services.signIn.findByEmail('weak@example.com')).toBeNull()
  expect(await app.services.signIn.findByEmail(' ROBIN@example.com')).toEqual(person)
  const { rows } = await sql<{
    password: string
  }>`select password from auth_account where "userId" = ${person.userId}`.execute(app.services.db)
  expect(rows).toHaveLength(1)
  expect(rows[0]!.password).not.toContain(password)
})

test('a sign-in gives a session, a wrong password none; the audit log knows of both', async () => {
  const { userId, name, email } = (await app.services.signIn.findByEmail('robin@example.com'))!
  const audit = () =>
    app.services.db
      .selectFrom('audit')
      .select(['actor_id', 'actor_name', 'operation'])
      .where('actor_id', '=', userId)
      .execute()
  await expect(signIn(email, 'a wrong password')).rejects.toMatchObject({ code: 'unauthenticated' })
  expect(await audit()).toEqual([])
  const right = await signIn(email, password)
  expect((await app.services.signIn.session(cookiesOf(right)))?.person).toEqual({ userId, name, email })
  // The session is in the cookie alone, out of reach for scripts.
  expect(await right.json()).toEqual({})
  expect(await audit()).toEqual([{ actor_id: userId, actor_name: name, operation: 'session.signIn' }])
  const refused = await app.services.db
    .selectFrom('audit')
    .select(['actor_id', 'target'])
    .where('operation', '=', 'session.signIn')
    .where('outcome', '=', 'denied')
    .execute()
  expect(refused).toEqual([{ actor_id: null, target: email }])
})

test('whether an address is known cannot be told from the answer to a wrong password', async () => {
  const wordsOf = (email: string) =>
    signIn(email, 'a wrong password').then(
      () => null,
      (error: unknown) => error,
    )
  const [known, unknown] = [await wordsOf('robin@example.com'), await wordsOf('nobody@example.com')]
  expect(known).toMatchObject({ code: 'unauthenticated', message: 'The e-mail address or the password is not right.' })
  expect(unknown).toEqual(known)
})

test('a session cookie of somebody else’s making is none', async () => {
  expect(
    await app.services.signIn.session(
      new Headers({ cookie: 'throughline.session_token=made.up; throughline.session_data=bWFkZSB1cA' }),
    ),
  ).toBeNull()
})

test('cookies are out of reach for scripts and other sites, and for plain http where people use https', async () => {
  const cookies = (await signIn('robin@example.com', password)).headers.getSetCookie()
  for (const cookie of cookies) expect(cookie).toMatch(/HttpOnly.*SameSite=Lax/i)
  const behindHttps = await testApp({ baseUrl: () => 'https://throughline.example.com' })
  try {
    await behindHttps.services.signIn.createPerson({ name: 'Robin Example', email: 'robin@example.com', password })
    const response = await behindHttps.services.signIn.handle(
      new Request('https://throughline.example.com/api/auth/sign-in/email', {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          origin: 'https://throughline.example.com',
          'x-throughline-client': '127.0.0.1',
        },
        body: JSON.stringify({ email: 'robin@example.com', password }),
      }),
    )
    for (const cookie of response.headers.getSetCookie())
      expect(cookie).toMatch(/^__Host-throughline\.(?!.*domain).*; Path=\/; .*; Secure/i)
  } finally {
    await behindHttps.close()
  }
})

test('wrong passwords shut out whoever guesses, not whoever signs in where they have before', async () => {
  app.clock.set('2026-03-01T09:00:00Z')
  await app.services.signIn.createPerson({ name: 'Sam Example', email: 'sam@example.com', password })
  const wrong = (from: string) => codeOf(signIn('sam@example.com', 'a wrong password', from))
  expect(await codeOf(signIn('sam@example.com', password, '198.51.100.1'))).toBe('done')
  // One address is refused from the eleventh on, and says when it opens.
  await guessed('sam@example.com', '203.0.113.1', 9)
  expect([await wrong('203.0.113.1'), await wrong('203.0.113.1')]).toEqual(['unauthenticated', 'throttled'])
  await expect(signIn('sam@example.com', password, '203.0.113.1')).rejects.toMatchObject({
    code: 'throttled',
    message: 'Too many wrong passwords. Try again in 2 minutes, at 09:01 UTC.',
    details: { opensAt: '2026-03-01T09:01:30.000Z' },
  })
  // Spread over addresses it ends too.
  for (let i = 2; i < 21; i += 1) await guessed('sam@example.com', `203.0.113.${i}`, 1)
  expect([await wrong('203.0.113.30'), await wrong('203.0.113.31')]).toEqual(['unauthenticated', 'throttled'])
  // Where they have signed in before nothing of that counts, and a success costs nothing there.
  await guessed('sam@example.com', '198.51.100.1', 9)
  for (let i = 0; i < 3; i += 1) expect(await codeOf(signIn('sam@example.com', password, '198.51.100.1'))).toBe('done')
  app.clock.set('2026-03-01T09:01:30Z')
  expect(await wrong('203.0.113.1')).toBe('throttled')
  app.clock.set('2026-03-01T09:03:00Z')
  expect(await wrong('203.0.113.1')).toBe('unauthenticated')
})

test('one address cannot try many accounts, and those who belong there still come in', async () => {
  app.clock.set('2026-03-02T09:00:00Z')
  expect(await codeOf(signIn('sam@example.com', password, '192.0.2.1'))).toBe('done')
  for (let i = 0; i < 99; i += 1) await guessed(`nobody.${i}@example.com`, '192.0.2.1', 1)
  const wrong = () => codeOf(signIn('nobody@example.com', 'a wrong password', '192.0.2.1'))
  expect([await wrong(), await wrong()]).toEqual(['unauthenticated', 'throttled'])
  expect(await codeOf(signIn('robin@example.com', password, '192.0.2.1'))).toBe('throttled')
  expect(await codeOf(signIn('sam@example.com', password, '192.0.2.1'))).toBe('done')
})

test('a changed password ends every other session, and the old one opens nothing', async () => {
  app.clock.set('2026-03-03T09:00:00Z')
  const [here, elsewhere] = [await signIn('sam@example.com', password), await signIn('sam@example.com', password)]
  const change = (currentPassword: string, newPassword: string) =>
    post('/change-password', { currentPassword, newPassword }, { cookie: cookieOf(here) })
  expect(await codeOf(change('a wrong password', 'another long password'))).toBe('forbidden')
  expect(await codeOf(change(password, 'password1234'))).toBe('invalid')
  const changed = await change(password, 'another long password')
  expect((await app.services.signIn.session(cookiesOf(changed)))?.person.email).toBe('sam@example.com')
  for (const old of [here, elsewhere]) expect(await app.services.signIn.session(cookiesOf(old))).toBeNull()
  expect(await codeOf(signIn('sam@example.com', password))).toBe('unauthenticated')
  const { userId } = (await app.services.signIn.findByEmail('sam@example.com'))!
  const rows = await app.services.db
    .selectFrom('audit')
    .select('outcome')
    .where('actor_id', '=', userId)
    .where('operation', '=', 'account.changePassword')
    .orderBy('id')
    .execute()
  expect(rows.map((row) => row.outcome)).toEqual(['denied', 'done'])
})

test('a second step is asked once it is on; a code works once, a recovery code too, and neither alone opens anything', async () => {
  app.clock.set('2026-03-04T09:00:00Z')
  const person = await app.services.signIn.createPerson({ name: 'Toni Example', email: 'toni@example.com', password })
  const first = await signIn(person.email, password)
  const enabled = await post('/two-factor/enable', { password }, { cookie: cookieOf(first) })
  const { totpURI, backupCodes } = (await enabled.json()) as { totpURI: string; backupCodes: string[] }
  const secret = new URL(totpURI).searchParams.get('secret')!
  // Not yet: it is on when a code has shown that the device has the secret.
  expect(await (await signIn(person.email, password)).json()).toEqual({})
  expect(await codeOf(post('/two-factor/verify-totp', { code: '000000' }, { cookie: cookieOf(first) }))).toBe(
    'forbidden',
  )
  await post('/two-factor/verify-totp', { code: totp(secret, 0) }, { cookie: cookieOf(first) })

  const half = await signIn(person.email, password)
  expect(await half.json()).toEqual({ twoFactorRedirect: true })
  expect(await app.services.signIn.session(cookiesOf(half))).toBeNull()
  const step = (path: string, code: string, from: Response) =>
    post(`/two-factor/${path}`, { code }, { cookie: cookieOf(from) })
  expect(await codeOf(step('verify-totp', '000000', half))).toBe('forbidden')
  const whole = await step('verify-totp', totp(secret, 1), half)
  expect((await app.services.signIn.session(cookiesOf(whole)))?.person.userId).toBe(person.userId)
  const again = await signIn(person.email, password)
  expect(await codeOf(step('verify-totp', totp(secret, 1), again))).toBe('forbidden')
  const recovered = await step(
    'verify-backup-code',
    backupCodes[0]!.toUpperCase(),
    await signIn(person.email, password),
  )
  expect((await app.services.signIn.session(cookiesOf(recovered)))?.person.userId).toBe(person.userId)
  const third = await signIn(person.email, password)
  expect(await codeOf(step('verify-backup-code', backupCodes[0]!, third))).toBe('forbidden')
  expect(await codeOf(step('verify-totp', totp(secret, 1), await signIn('robin@example.com', password)))).not.toBe(
    'done',
  )
  const { rows } = await sql<{ target: string }>`
    select target from audit where actor_id = ${person.userId} and operation = 'session.signIn' order by id`.execute(
    app.services.db,
  )
  expect(rows.map((row) => row.target)).toEqual([
    'password',
    'password',
    'password and code',
    'password and recovery code',
  ])
  // Whoever has read the store cannot use what is kept of them.
  const { rows: kept } = await sql<{ backupCodes: string }>`select "backupCodes" from auth_two_factor`.execute(
    app.services.db,
  )
  const [hash] = JSON.parse(kept[0]!.backupCodes) as string[]
  expect(await codeOf(step('verify-backup-code', hash!, third))).toBe('invalid')
  const stored = JSON.stringify((await sql`select * from auth_two_factor`.execute(app.services.db)).rows)
  for (const text of [secret, ...backupCodes]) expect(stored).not.toContain(text)
})

test('a link to a new password works once, ends all sessions, and leaves the second step as it is', async () => {
  app.clock.set('2026-03-05T09:00:00Z')
  const person = await app.services.signIn.createPerson({ name: 'Kim Example', email: 'kim@example.com', password })
  const before = await signIn(person.email, password)
  const { link } = await app.services.signIn.resetLink(person.userId)
  const other = await app.services.signIn.resetLink(person.userId)
  const reset = (of: string, newPassword: string) => post('/reset-password', { token: tokenIn(of), newPassword })
  expect(await codeOf(reset(link, 'password1234'))).toBe('invalid')
  expect(await codeOf(reset(link, 'another long password'))).toBe('done')
  expect(await app.services.signIn.session(cookiesOf(before))).toBeNull()
  expect([
    await codeOf(reset(link, 'yet another long one')),
    await codeOf(reset(other.link, 'yet another long one')),
  ]).toEqual(['precondition', 'precondition'])
  expect([
    await codeOf(signIn(person.email, password)),
    await codeOf(signIn(person.email, 'another long password')),
  ]).toEqual(['unauthenticated', 'done'])
  expect(JSON.stringify((await sql`select * from auth_verification`.execute(app.services.db)).rows)).not.toContain(
    tokenIn(link),
  )
})

test('nobody learns by asking for a mail whether an address is known', async () => {
  // Without a mail server nothing is asked for at all.
  expect(await codeOf(post('/request-password-reset', { email: 'kim@example.com' }))).toBe('precondition')
})
