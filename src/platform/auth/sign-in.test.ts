import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testApp, type TestApp } from '../../../tests/support/app.ts'

const password = 'a long password'
let app: TestApp
beforeAll(async () => {
  app = await testApp()
})
afterAll(() => app.close())

const signIn = (email: string, withPassword: string) =>
  app.services.signIn.handle(
    new Request('http://localhost/api/auth/sign-in/email', {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: 'http://localhost', 'x-throughline-client': '127.0.0.1' },
      body: JSON.stringify({ email, password: withPassword }),
    }),
  )
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

test('a sign-in gives a session that the audit log knows of; a wrong password gives neither', async () => {
  const { userId, name, email } = (await app.services.signIn.findByEmail('robin@example.com'))!
  const audit = () =>
    app.services.db
      .selectFrom('audit')
      .select(['actor_id', 'actor_name', 'operation'])
      .where('actor_id', '=', userId)
      .execute()
  const wrong = await signIn(email, 'a wrong password')
  expect([wrong.status, await app.services.signIn.session(cookiesOf(wrong)), await audit()]).toEqual([401, null, []])
  const right = await signIn(email, password)
  expect(await app.services.signIn.session(cookiesOf(right))).toEqual({ userId, name, email })
  expect(await audit()).toEqual([{ actor_id: userId, actor_name: name, operation: 'session.signIn' }])
})

test('whether an address is known cannot be told from the answer to a wrong password', async () => {
  const [known, unknown] = [
    await signIn('robin@example.com', 'a wrong password'),
    await signIn('nobody@example.com', 'a wrong password'),
  ]
  expect([known.status, await known.text()]).toEqual([unknown.status, await unknown.text()])
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
    for (const cookie of response.headers.getSetCookie()) expect(cookie).toMatch(/^__Secure-throughline\..*; Secure/i)
  } finally {
    await behindHttps.close()
  }
})
