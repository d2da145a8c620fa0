/** Ways through the pages: from a figure to what is behind it, by keyboard, by search, before and after signing in. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addAnnotation } from '../../src/insights/annotations/operations.ts'
import { addresses } from '../../src/platform/rooms/addresses.ts'
import { addMember } from '../../src/platform/workspaces/queries.ts'
import { moved } from '../../web/rooms.ts'
import { violations } from './axe.ts'
import { picture, signIn, takeProblems } from './browser.ts'
import { companyOfAllRoles, show, visit, widthOf } from './pages.ts'

let web: Awaited<ReturnType<typeof companyOfAllRoles>>
beforeAll(async () => {
  web = await companyOfAllRoles()
})
afterAll(() => web.close())

test('from a cell to its evidence: one word and one caveat, then the strata behind them, by keyboard', async () => {
  const page = await web.open()
  await signIn(page, web.people.leader)
  await show(
    page,
    web.slug,
    `/insights/adoption?cell=${encodeURIComponent(JSON.stringify({ feature: 'Search', segment: null, state: 'others' }))}`,
    'Which features keep which customers?',
  )
  await page.getByRole('link', { name: /^The evidence, / }).click()
  await page.getByRole('heading', { name: 'Which features are associated with staying?' }).waitFor()
  const drawer = page.getByRole('dialog')
  await drawer.getByRole('table', { name: 'Groups of like accounts' }).waitFor()
  await drawer.getByRole('heading', { name: 'What should show nothing' }).waitFor()
  expect([await violations(page), takeProblems()]).toEqual([[], []])
  await page.keyboard.press('Escape')
  await drawer.waitFor({ state: 'detached' })
  const row = page.getByRole('table', { name: 'Features and staying' }).getByRole('row').filter({ hasText: 'Calendar' })
  await row.focus()
  await page.keyboard.press('Enter')
  await page.waitForURL(/feature=Calendar/)
  await drawer.getByText('Calendar, all segments').waitFor()
})

test.each([
  ['light', 1280],
  ['dark', 390],
] as const)('the pages before a workspace keep the rules too, in %s at %i', async (scheme, width) => {
  const page = await web.open({ scheme, width })
  for (const [path, heading] of [
    ['/sign-in', 'Sign in'],
    ['/setup?token=used-up-long-ago-and-far-away', 'This link does not work'],
    ['/invitation?token=used-up-long-ago-and-far-away', 'This link does not work'],
    ['/nowhere', 'There is no such page'],
  ] as const) {
    await page.goto(path)
    await page.getByRole('heading', { name: heading }).waitFor()
    expect([path, await violations(page)]).toEqual([path, []])
  }
  await signIn(page, web.people.admin)
  await page.goto('/start')
  await page.getByRole('heading', { name: 'Which features keep which customers?' }).waitFor()
  expect(await violations(page)).toEqual([])
  expect(await widthOf(page)).toBe(0)
  await picture(page, `${scheme}-${width}-start`)
  await page.goto(`/w/${web.slug}/insights/nowhere`)
  await page.getByRole('heading', { name: 'There is no such page' }).waitFor()
  expect(await violations(page)).toEqual([])
  await page.getByRole('link', { name: 'Go to the start' }).click()
  await page.waitForURL((url) => url.pathname === `/w/${web.slug}`)
})

test('an address that no button makes opens its page, or says what is wrong with it', async () => {
  const page = await web.open()
  await signIn(page, web.people.leader)
  await page.getByRole('heading', { level: 1 }).waitFor()
  for (const [address, word] of [
    ['adoption?find=7', 'Which features keep which customers?'],
    ['adoption?cell="x"', 'Which features keep which customers?'],
    ['states?by=fortnight&find=7', 'How much ARR stands behind each feature?'],
    ['whitespace?segments=7&features={}&owners="x"', 'Who could use what they do not?'],
    ['changes?open="x"', 'What changed since last month?'],
    ['breadth?open={"feature":{}}', 'How widely and how often is each feature used?'],
    ['revenue?kind=foo&in=1', 'How does our revenue move, and who stays?'],
    ['cohorts?unit={}&kind="bracket"&spans="x"', '“unit” takes accounts or users'],
    ['renewals?months=many', '“months” takes a number, not “many”'],
  ] as const) {
    await page.evaluate((to) => window.history.pushState({}, '', to), `/w/${web.slug}/insights/${address}`)
    await page.getByText(word).first().waitFor()
    await page.waitForFunction(() => document.querySelectorAll('.loading').length === 0)
    const told = await page.locator('body').innerText()
    expect([address, /undefined|\[object|NaN|is not a function|Cannot read/.exec(told)]).toEqual([address, null])
  }
})

test('addresses of before lead to where the page is now, with what was chosen, and each that the server writes opens', async () => {
  const page = await web.open()
  await signIn(page, web.people['product-ops'])
  await show(page, web.slug, '', 'What stands out?')
  const at = (path: string) => `/w/${web.slug}${path.replace('$id', 'an-id')}`
  for (const [from, to] of moved) {
    await page.evaluate((address) => window.history.pushState({}, '', address), `${at(from)}?find=Calendar#there`)
    await page.waitForURL(({ pathname }) => pathname === at(to))
    const { searchParams, hash } = new URL(page.url())
    expect([from, searchParams.get('find'), searchParams.get('id'), hash]).toEqual([
      from,
      'Calendar',
      from.includes('$id') ? 'an-id' : null,
      '#there',
    ])
    await page.getByRole('heading', { level: 1 }).waitFor()
  }
  for (const path of Object.values(addresses)) {
    await page.evaluate((address) => window.history.pushState({}, '', address), at(path))
    await page.getByRole('heading', { level: 1 }).waitFor()
    expect([path, await page.getByText('There is no such page').count()]).toEqual([path, 0])
  }
  expect(takeProblems()).toEqual([])
})

test('the tabs of a place are walked by the keyboard', async () => {
  const page = await web.open({ width: 390, height: 800 })
  await signIn(page, web.people.leader)
  await show(page, web.slug, '/insights/adoption', 'Which features keep which customers?')
  const tabs = page.getByRole('navigation', { name: 'Insights, Adoption' })
  await tabs.getByRole('link', { name: 'Map' }).focus()
  await page.keyboard.press('End')
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'How long until accounts use a feature?' }).waitFor()
  expect(await tabs.locator('[aria-current=page]').textContent()).toBe('Time')
})

test('a wrong password is told plainly, and the page goes where it was asked to', async () => {
  const page = await web.open()
  await page.goto(`/w/${web.slug}/insights/definitions`)
  await page.waitForURL((url) => url.pathname === '/sign-in')
  await page.getByLabel('E-mail').fill(web.people.leader)
  await page.getByRole('textbox', { name: 'Password' }).fill('not the password')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('alert').getByText('is not right').waitFor()
  await page.getByRole('textbox', { name: 'Password' }).fill('a long password')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'What do the numbers mean?' }).waitFor()
})

test('the keyboard alone reaches search, a page, and a cell', async () => {
  const page = await web.open()
  await signIn(page, web.people.leader)
  await show(page, web.slug, '', 'What stands out?')
  await page.keyboard.press('Control+k')
  await page.locator('input[aria-label="Search and commands"]:focus').waitFor()
  await page.keyboard.type('and movements')
  // The one that is left is the one that Enter opens.
  await page.locator('[data-action]').nth(1).waitFor({ state: 'detached' })
  await page.locator('[data-action][data-selected]').filter({ hasText: 'Revenue and movements' }).waitFor()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'How does our revenue move, and who stays?' }).waitFor()
})

test('what opens over a page is reached by the keyboard, closed by Escape, and gives the focus back', async () => {
  const page = await web.open()
  await signIn(page, web.people['product-ops'])
  const row = (table: string) => () => page.getByRole('table', { name: table }).locator('tr[tabindex]').first()
  const button = (name: RegExp) => () => page.getByRole('main').getByRole('button', { name }).first()
  await show(page, web.slug, '', 'What stands out?')
  for (const [path, heading, opener] of [
    ['/insights/adoption-funnel', 'How far do accounts get with a feature?', button(/^never used it$/)],
    ['/insights/time-to-adopt', 'How long until accounts use a feature?', button(/^All$/)],
    ['/insights/stickiness', 'How often do people come back?', button(/^All$/)],
    ['/insights/stickiness', 'How often do people come back?', button(/^Add a note/)],
    ['/insights/breadth', 'How widely and how often is each feature used?', row('Use of each feature')],
    ['/insights/changes', 'What changed since last month?', button(/^The accounts: /)],
    ['/insights/renewals', 'Who renews when, and do they use what they pay for?', button(/^Jan 2026$/)],
    ['/insights/cohorts', 'Do new accounts come back?', button(/month 0/)],
    ['/insights/revenue', 'How does our revenue move, and who stays?', button(/^Churn \d/)],
    ['/insights/whitespace', 'Who could use what they do not?', button(/^Keep as a list$/)],
    ['/insights/metrics', 'How are we doing against what we said?', button(/^Watch a figure$/)],
    ['/insights/objectives', 'Did it change what we set out to change?', button(/^New objective$/)],
  ] as const) {
    await visit(page, web.slug, path, heading)
    const from = opener()
    await from.focus()
    await page.keyboard.press('Enter')
    await page.locator('[role=dialog] :focus').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await expect.poll(() => from.evaluate((e) => e === document.activeElement), { message: path }).toBe(true)
  }
  expect(takeProblems()).toEqual([])
})

test('from a bar of the bridge to the accounts behind it, to one of them, and to another by search', async () => {
  const page = await web.open()
  await signIn(page, web.people['product-manager'])
  await show(page, web.slug, '/insights/revenue', 'How does our revenue move, and who stays?')
  await page.getByRole('button', { name: /^Churn \d/ }).click()
  const first = page.getByRole('dialog').getByRole('row').nth(1).getByRole('link').first()
  const name = (await first.textContent())!
  await first.click()
  await page.getByRole('heading', { name, level: 1 }).waitFor()
  await page.getByText('pays nothing any more', { exact: false }).first().waitFor()
  await page.waitForFunction(() => document.querySelectorAll('.loading').length === 0)
  expect(await violations(page)).toEqual([])
  await picture(page, 'account')
  await page.keyboard.press('Control+k')
  await page.locator('input[aria-label="Search and commands"]:focus').waitFor()
  await page.keyboard.type('Indigo B')
  const found = page.locator('[data-action]').filter({ hasText: 'Indigo Builders' })
  await found.waitFor()
  await found.click()
  await page.getByRole('heading', { name: 'Indigo Builders', level: 1 }).waitFor()
  expect(takeProblems()).toEqual([])
})

test('what somebody else wrote is asked again where it is shown, and nothing that does not rest on it', async () => {
  const page = await web.open()
  await signIn(page, web.people.leader)
  await show(page, web.slug, '/insights/revenue', 'How does our revenue move, and who stays?')
  const asked: string[] = []
  page.on('request', (request) => {
    const { pathname } = new URL(request.url())
    if (pathname.startsWith('/api/')) asked.push(pathname.slice('/api/'.length))
  })
  // An answer that the page's own opening still waits for is none to what happens here.
  const answered = (name: string) =>
    page.waitForResponse((response) => response.url().includes(`/api/${name}?`) && asked.includes(name))
  const { services } = web.app
  const createdBy = web.ownerId
  const actor = {
    ...(await web.app.person({ name: 'Nora', email: 'nora@example.com' })),
    isOwner: false,
    mayReadPaths: false,
    face: 'http' as const,
  }
  await addMember(services.db, {
    workspaceId: web.workspaceId,
    userId: actor.userId,
    role: 'product-ops',
    joinedAt: new Date(),
  })
  const noted = answered('insights.annotations.list')
  await web.app.perform(
    addAnnotation,
    { actor, workspace: web.slug },
    { kind: 'other', from: '2025-06-01', text: 'A note of somebody else' },
  )
  await noted
  expect(asked).toEqual(['insights.annotations.list'])
  asked.length = 0
  const moved = answered('insights.analyses.movements')
  await services.transaction((tx) =>
    services.jobs.enqueue(tx, { workspaceId: web.workspaceId, kind: 'insights.refresh', input: {}, createdBy }),
  )
  await moved
  expect(asked).toContain('insights.analyses.retentionTrend')
  expect(asked).not.toContain('insights.annotations.list')
  await web.app.settle(web.workspaceId)
})
