/** Signing in by a provider, against a real one, from the button to the workspace. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeSetupToken } from '../src/faces/cli/local-token.ts'
import { changeRole, invitePerson, listPeopleOperation, removePerson } from '../src/platform/people/operations.ts'
import { testApp, testPassword, type TestApp, type TestWorkspace } from './support/app.ts'
import { openIdProvider, type OpenIdProvider } from './support/openid-provider.ts'

const host = 'http://localhost'
let provider: OpenIdProvider
let app: TestApp
let acme: TestWorkspace
let lab: TestWorkspace
beforeAll(async () => {
  provider = await openIdProvider(() => host)
  app = await testApp({ signOn: provider.settings })
  acme = await app.workspace()
  lab = await app.workspace()
  provider.settings.roles.push(
    { group: 'everyone', workspace: acme.slug, role: 'stakeholder' },
    { group: 'product', workspace: acme.slug, role: 'product-manager' },
    { group: 'lab', workspace: lab.slug, role: 'admin' },
  )
})
afterAll(async () => {
  await app.close()
  await provider.close()
})

const cookieOf = (response: Response) =>
  response.headers
    .getSetCookie()
    .map((c) => c.split(';')[0])
    .join('; ')
const sessionOf = async (cookie: string, of = app) =>
  (await (await of.app.fetch(new Request(`${host}/api/session.get`, { headers: { cookie } }))).json()) as {
    person: { name: string; email: string } | null
    workspaces: { slug: string; role: string }[]
  }

/** From the button to where it ends. */
async function signOn(to = '/w/x', of = app): Promise<{ at: string; cookie: string }> {
  const begun = await of.app.fetch(new Request(`${host}/api/auth/sign-on?to=${encodeURIComponent(to)}`))
  const back = await provider.visit(begun.headers.get('location')!)
  const ended = await of.app.fetch(new Request(back, { headers: { cookie: cookieOf(begun) } }))
  return { at: ended.headers.get('location')!, cookie: cookieOf(ended) }
}
const rolesOf = async (email: string, workspace = acme) =>
  (await app.perform(listPeopleOperation, workspace.as.admin)).people
    .filter((person) => person.email === email)
    .map(({ role, isByGroup }) => [role, isByGroup])

test('an unknown person is refused with a reason, whatever their groups, and nothing is made of them', async () => {
  provider.person({ sub: 'u1', email: 'new@example.com', email_verified: true, groups: ['product'] })
  const { at, cookie } = await signOn()
  expect(at).toBe('/sign-in?problem=not-invited')
  expect((await sessionOf(cookie)).person).toBeNull()
  expect(await app.services.signIn.findByEmail('new@example.com')).toBeNull()
  const [row] = await app.services.db
    .selectFrom('audit')
    .select(['outcome', 'target'])
    .where('operation', '=', 'session.signIn')
    .orderBy('id', 'desc')
    .limit(1)
    .execute()
  expect(row).toEqual({ outcome: 'denied', target: 'Example ID: new@example.com' })
})

test('an invitation to the address lets them in, in the invited role; an address that is not verified does not count', async () => {
  await app.perform(invitePerson, lab.as.admin, { email: 'New@example.com', role: 'leader' })
  provider.person({ sub: 'u1', email: 'new@example.com', email_verified: false })
  expect((await signOn()).at).toBe('/sign-in?problem=address-not-verified')
  provider.person({ sub: 'u1', email: 'new@example.com', email_verified: true, name: 'New Person' })
  const { at, cookie } = await signOn('/w/somewhere?month=2026-01')
  expect(at).toBe('/w/somewhere?month=2026-01')
  expect(await sessionOf(cookie)).toMatchObject({
    person: { name: 'New Person', email: 'new@example.com' },
    workspaces: [{ slug: lab.slug, role: 'leader' }],
  })
  const rows = await app.services.db.selectFrom('auth_account').selectAll().where('providerId', '=', 'oidc').execute()
  expect(rows).toMatchObject([{ accountId: 'u1', accessToken: null, refreshToken: null, idToken: null }])
})

test('roles follow the groups at each sign-in, and end with them; what an admin gave stays', async () => {
  const as = async (groups: string[]) => {
    provider.person({ sub: 'u1', email: 'new@example.com', email_verified: true, groups })
    await signOn()
    return [await rolesOf('new@example.com'), await rolesOf('new@example.com', lab)]
  }
  expect(await as(['product', 'everyone'])).toEqual([[['product-manager', true]], [['leader', false]]])
  expect(await as(['everyone'])).toEqual([[['stakeholder', true]], [['leader', false]]])
  await app.perform(changeRole, acme.as.admin, {
    userId: (await app.services.signIn.findByEmail('new@example.com'))!.userId,
    role: 'leader',
  })
  expect(await as(['everyone'])).toEqual([[['stakeholder', true]], [['leader', false]]])
  expect(await as([])).toEqual([[], [['leader', false]]])
  expect(await as(['lab'])).toEqual([[], [['admin', true]]])
})

test('who an admin took out is not brought back by a group, but by an invitation', async () => {
  const { userId } = (await app.services.signIn.findByEmail('new@example.com'))!
  provider.person({ sub: 'u1', email: 'new@example.com', email_verified: true, groups: ['everyone'] })
  await signOn()
  await app.perform(removePerson, acme.as.admin, { userId })
  await signOn()
  expect(await rolesOf('new@example.com')).toEqual([])
  await app.perform(invitePerson, acme.as.admin, { email: 'new@example.com', role: 'leader' })
  await signOn()
  expect(await rolesOf('new@example.com')).toEqual([['stakeholder', true]])
})

test('a workspace keeps its only admin, whatever the groups say', async () => {
  const { email } = lab.as.admin.actor!
  provider.person({ sub: 'u2', email, email_verified: true, groups: ['lab'] })
  await signOn()
  expect(await rolesOf(email, lab)).toEqual([['admin', true]])
  // Signed in by groups alone before, the other one is no admin any more.
  provider.person({ sub: 'u1', email: 'new@example.com', email_verified: true, groups: [] })
  await signOn()
  provider.person({ sub: 'u2', email, email_verified: true, groups: [] })
  expect((await signOn()).at).toBe('/w/x')
  expect(await rolesOf(email, lab)).toEqual([['admin', true]])
})

test('a known person’s verified address ties the two together; somebody else who is given that address later gets nothing', async () => {
  const person = acme.as.leader.actor!
  provider.person({ sub: 'u3', email: person.email, email_verified: true, groups: ['everyone'] })
  const { cookie } = await signOn()
  expect((await sessionOf(cookie)).person).toMatchObject({ name: person.name, email: person.email })
  provider.person({ sub: 'u4', email: person.email, email_verified: true, groups: ['everyone'] })
  const other = await signOn()
  expect(other.at).toBe('/sign-in?problem=address-of-another')
  expect((await sessionOf(other.cookie)).person).toBeNull()
})

test('an answer that was asked for by another browser, or that is used twice, signs nobody in', async () => {
  provider.person({ sub: 'u1', email: 'new@example.com', email_verified: true })
  const begin = () => app.app.fetch(new Request(`${host}/api/auth/sign-on`))
  const end = async (back: string, cookie: string) =>
    (await app.app.fetch(new Request(back, { headers: { cookie } }))).headers.get('location')
  const asked = await begin()
  expect(await end(await provider.visit(asked.headers.get('location')!), '')).toBe('/sign-in?problem=failed')
  const begun = await begin()
  const back = await provider.visit(begun.headers.get('location')!)
  expect([await end(back, cookieOf(begun)), await end(back, cookieOf(begun))]).toEqual(['/', '/sign-in?problem=failed'])
})

test('the way back is always a page of ours', async () => {
  provider.person({ sub: 'u1', email: 'new@example.com', email_verified: true })
  for (const to of [
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    '/\tx',
    '/.//evil.example',
    '/a/%2e%2e//evil.example',
  ])
    expect((await signOn(to)).at).toBe('/')
})

test('a link on another site opens no session by itself', async () => {
  const answer = await app.app.fetch(
    new Request(`${host}/api/auth/sign-on?to=/w/x`, { headers: { 'sec-fetch-site': 'cross-site' } }),
  )
  expect(answer.headers.get('location')).toBe('/sign-in?to=%2Fw%2Fx')
})

test('a provider that calls itself by another name than the operator’s is not believed', async () => {
  const { issuer } = provider.settings
  const other = await testApp({ signOn: { ...provider.settings, issuer: issuer.replace('127.0.0.1', 'localhost') } })
  try {
    provider.person({ sub: 'u1', email: 'new@example.com', email_verified: true })
    expect((await signOn('/w/x', other)).at).toBe('/sign-in?problem=failed')
  } finally {
    await other.close()
  }
})

test('with passwords off only the provider signs in; the owner is made by the link, and comes in by the provider', async () => {
  const only = await testApp({ signOn: provider.settings, hasPasswords: false })
  try {
    const post = async (path: string, body: object) => {
      const response = await only.app.fetch(
        new Request(`${host}${path}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', origin: host },
          body: JSON.stringify(body),
        }),
      )
      return { status: response.status, body: (await response.json()) as unknown }
    }
    const token = await makeSetupToken(only.services, only.dataDir)
    expect(await post('/api/setup', { token, name: 'The owner', email: 'owner@example.com' })).toEqual({
      status: 200,
      body: { signOn: true },
    })
    provider.person({ sub: 'owner', email: 'owner@example.com', email_verified: true })
    const { cookie } = await signOn('/start', only)
    expect((await sessionOf(cookie, only)).person).toMatchObject({ email: 'owner@example.com', isOwner: true })
    const refused = await post('/api/auth/sign-in/email', { email: 'owner@example.com', password: testPassword })
    expect(refused).toMatchObject({
      status: 412,
      body: { error: { message: 'Passwords are turned off here. Sign in by Example ID.' } },
    })
  } finally {
    await only.close()
  }
})

test('a provider that cannot be reached is said so, and passwords go on', async () => {
  const away = await testApp({ signOn: { ...provider.settings, issuer: 'http://127.0.0.1:9' } })
  try {
    const begun = await away.app.fetch(new Request(`${host}/api/auth/sign-on`))
    expect(begun.headers.get('location')).toBe('/sign-in?problem=provider-away')
    const workspace = await away.workspace()
    const signedIn = await away.app.fetch(
      new Request(`${host}/api/auth/sign-in/email`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: host },
        body: JSON.stringify({ email: workspace.as.admin.actor!.email, password: testPassword }),
      }),
    )
    expect(signedIn.status).toBe(200)
  } finally {
    await away.close()
  }
})

test('where the operator lets groups invite, an unknown person of one of them joins', async () => {
  provider.settings.joinsByGroup = true
  provider.person({ sub: 'u9', email: 'ninth@example.com', email_verified: true, groups: ['product'] })
  const { cookie } = await signOn()
  expect((await sessionOf(cookie)).workspaces).toMatchObject([{ slug: acme.slug, role: 'product-manager' }])
  provider.person({ sub: 'u10', email: 'tenth@example.com', email_verified: true, groups: ['strangers'] })
  expect((await signOn()).at).toBe('/sign-in?problem=not-invited')
})
