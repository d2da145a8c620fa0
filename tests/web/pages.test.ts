/** Every page, as every role, in light and dark and on a phone: it opens, breaks nothing, and keeps axe's rules. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { roles, type Role } from '../../src/platform/auth/permissions.ts'
import { openSampleCompany } from '../../src/setup/sample-company/operations.ts'
import { addMember } from '../../src/platform/workspaces/queries.ts'
import type { Actor } from '../../src/platform/operation.ts'
import { violations } from './axe.ts'
import { picture, signIn, takeProblems, webApp, type WebApp } from './browser.ts'

/** All but stakeholders, who see what was shared with them. */
const insiders: readonly Role[] = roles.filter((role) => role !== 'stakeholder')
/** What a stakeholder finds there instead. */
const forStakeholders: Record<string, string> = {
  '': 'What was shared with you?',
  '/shared': 'What was shared with me?',
}

const pages: [path: string, heading: string, roles: readonly Role[]][] = [
  ['', 'What stands out?', insiders],
  ['/insights/adoption', 'Which features keep which customers?', insiders],
  ['/insights/revenue', 'How does our revenue move, and who stays?', insiders],
  ['/insights/stories', 'What stands out, and what became of it?', insiders],
  ['/insights/whitespace', 'Who could use what they do not?', insiders],
  ['/insights/association', 'Which features are associated with staying?', insiders],
  ['/insights/states', 'How much ARR stands behind each feature?', insiders],
  ['/insights/analyses', 'What can be asked?', insiders],
  ['/insights/features', 'Which events are which feature?', insiders],
  ['/insights/accounts', 'Who is who?', ['admin', 'product-ops', 'product-manager', 'leader']],
  ['/insights/definitions', 'What do the numbers mean?', roles],
  ['/insights/metrics', 'How are we doing against what we said?', insiders],
  ['/insights/metrics/nrr', 'How is NRR doing?', insiders],
  ['/insights/objectives', 'Did it change what we set out to change?', insiders],
  ['/insights/nrr-variants', 'Why do two tools disagree about NRR?', insiders],
  ['/data', 'What data is there?', insiders],
  ['/data/import', 'Import a file', ['admin', 'product-ops']],
  ['/settings/workspace', 'This workspace', roles],
  ['/settings/people', 'Who may do what?', ['admin']],
  ['/decisions', 'What did we decide, and did it work?', ['admin', 'product-ops', 'product-manager', 'leader']],
  ['/requests', 'What is being asked of us?', roles],
  ['/data/out', 'Where do our numbers go?', insiders],
  ['/shared', 'What did we share, and with whom?', insiders],
  ['/settings/audit', 'What was done, and by whom?', ['admin', 'product-ops']],
  ['/settings/jobs', 'What is the server working on?', ['admin', 'product-ops']],
]

/** Reached from the page that lists them and by search, not from the menu. */
const further: typeof pages = [
  ['/insights/renewals', 'Who renews when, and do they use what they pay for?', insiders],
  ['/insights/time-to-adopt', 'How long until accounts use a feature?', insiders],
  ['/insights/adoption-funnel', 'How far do accounts get with a feature?', insiders],
  ['/insights/changes', 'What changed since last month?', insiders],
  ['/insights/health', 'How healthy is each part of the product?', insiders],
  ['/insights/stickiness', 'How often do people come back?', insiders],
  ['/insights/breadth', 'How widely and how often is each feature used?', insiders],
  ['/insights/cohorts', 'Do new accounts come back?', insiders],
  ['/insights/account', 'Which account?', ['admin', 'product-ops', 'product-manager', 'leader']],
]

let web: WebApp
let slug: string
const people = {} as Record<Role, string>
beforeAll(async () => {
  web = await webApp()
  const owner = await web.app.services.signIn.createPerson({
    name: 'The owner',
    email: 'owner@example.com',
    password: 'a long password',
  })
  const actor: Actor = { ...owner, isOwner: true, mayReadPaths: false, face: 'http' }
  const opened = await web.app.perform(openSampleCompany, { actor, workspace: null }, { scale: 0.4 })
  slug = opened.slug
  await web.app.services.jobs.settled(opened.jobId!)
  const { id } = await web.app.services.db
    .selectFrom('workspace')
    .select('id')
    .where('slug', '=', slug)
    .executeTakeFirstOrThrow()
  for (const role of roles) {
    const person = await web.app.services.signIn.createPerson({
      name: `The ${role}`,
      email: `${role}@example.com`,
      password: 'a long password',
    })
    await addMember(web.app.services.db, { workspaceId: id, userId: person.userId, role, joinedAt: new Date() })
    people[role] = person.email
  }
})
afterAll(() => web.close())

/** Open, and its first answers are there. */
async function show(page: Page, path: string, heading: string): Promise<void> {
  await page.goto(`/w/${slug}${path}`)
  await page.getByRole('heading', { name: heading, level: 1 }).waitFor()
  await page.waitForFunction(() => document.querySelectorAll('.loading').length === 0)
}
const widthOf = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)

describe.each(['light', 'dark'] as const)('in %s', (scheme) => {
  test.each([
    ['every page of the menu', pages],
    ['every further page', further],
  ])('%s keeps the rules of WCAG 2.2 AA', { timeout: 180_000 }, async (_, some) => {
    const page = await web.open({ scheme })
    await signIn(page, people.admin)
    for (const [path, heading] of some) {
      await show(page, path, heading)
      expect([path, await violations(page)]).toEqual([path, []])
      await picture(page, `${scheme}${path.replaceAll('/', '-') || '-home'}`)
    }
    expect(takeProblems()).toEqual([])
  })
})

test.each([
  ['every page of the menu', pages],
  ['every further page', further],
])('on a phone %s fits the width, keeps the rules, and has its menu below', async (_, some) => {
  const page = await web.open({ width: 390, height: 844 })
  await signIn(page, people.admin)
  for (const [path, heading] of some) {
    await show(page, path, heading)
    expect([path, await widthOf(page)]).toEqual([path, 0])
    expect([path, await violations(page)]).toEqual([path, []])
    await picture(page, `phone${path.replaceAll('/', '-') || '-home'}`)
  }
  await page.getByRole('button', { name: 'More' }).click()
  await page.getByRole('dialog').getByRole('link', { name: 'Definitions' }).click()
  await page.getByRole('heading', { name: 'What do the numbers mean?' }).waitFor()
})

test('from a cell to its evidence: one word and one caveat, then the strata behind them, by keyboard', async () => {
  const page = await web.open()
  await signIn(page, people.leader)
  await show(
    page,
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
    ['/invitation?token=used-up-long-ago-and-far-away', 'This invitation does not work'],
    ['/nowhere', 'There is no such page'],
  ] as const) {
    await page.goto(path)
    await page.getByRole('heading', { name: heading }).waitFor()
    expect([path, await violations(page)]).toEqual([path, []])
  }
  await signIn(page, people.admin)
  await page.goto('/start')
  await page.getByRole('heading', { name: 'Which features keep which customers?' }).waitFor()
  expect(await violations(page)).toEqual([])
  expect(await widthOf(page)).toBe(0)
  await picture(page, `${scheme}-${width}-start`)
})

test('a wrong password is told plainly, and the page goes where it was asked to', async () => {
  const page = await web.open()
  await page.goto(`/w/${slug}/insights/definitions`)
  await page.waitForURL((url) => url.pathname === '/sign-in')
  await page.getByLabel('E-mail').fill(people.leader)
  await page.getByRole('textbox', { name: 'Password' }).fill('not the password')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('alert').getByText('is not right').waitFor()
  await page.getByRole('textbox', { name: 'Password' }).fill('a long password')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'What do the numbers mean?' }).waitFor()
})

test.each(roles)('the menu of a %s holds what the role may open, and those pages work', async (role) => {
  const page = await web.open()
  await signIn(page, people[role])
  const mine =
    role === 'stakeholder'
      ? pages.map(
          ([path, heading, allowed]) =>
            [path, forStakeholders[path] ?? heading, path in forStakeholders ? roles : allowed] as const,
        )
      : pages
  await show(page, '', mine[0]![1])
  const menu = page.getByRole('navigation', { name: 'Main', exact: true })
  for (const [path, heading, allowed] of mine) {
    if (path === '/data/import' || path === '/insights/metrics/nrr') continue
    const link = menu.locator(`a[href="/w/${slug}${path}"]`)
    expect([path, await link.count()]).toEqual([path, allowed.includes(role) ? 1 : 0])
    if (!allowed.includes(role)) continue
    await link.click()
    await page.getByRole('heading', { name: heading, level: 1 }).waitFor()
    await page.waitForFunction(() => document.querySelectorAll('.loading').length === 0)
    expect([path, await page.getByRole('alert').count()]).toEqual([path, 0])
  }
  for (const [path, heading, allowed] of further) {
    expect([path, await menu.locator(`a[href="/w/${slug}${path}"]`).count()]).toEqual([path, 0])
    if (role === 'stakeholder') continue
    await show(page, '/insights/analyses', 'What can be asked?')
    const link = page.getByRole('main').locator(`a[href="/w/${slug}${path}"]`)
    expect([path, await link.count()]).toEqual([path, allowed.includes(role) ? 1 : 0])
    if (!allowed.includes(role)) continue
    await link.click()
    await page.getByRole('heading', { name: heading, level: 1 }).waitFor()
    await page.waitForFunction(() => document.querySelectorAll('.loading').length === 0)
    expect([path, await page.getByRole('alert').count()]).toEqual([path, 0])
  }
  // What a role may not open says so in words, by whatever way it is reached.
  for (const [path, , allowed] of [...mine, ...further]) {
    if (allowed.includes(role)) continue
    await page.goto(`/w/${slug}${path}`)
    await page
      .getByText(role === 'stakeholder' ? 'This page was not shared with you' : 'This page is not for your role')
      .waitFor()
    expect([path, await page.getByRole('alert').count()]).toEqual([path, 0])
  }
  expect([await violations(page), takeProblems()]).toEqual([[], []])
})

test('the keyboard alone reaches search, a page, and a cell', async () => {
  const page = await web.open()
  await signIn(page, people.leader)
  await show(page, '', 'What stands out?')
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

test('from a bar of the bridge to the accounts behind it, to one of them, and to another by search', async () => {
  const page = await web.open()
  await signIn(page, people['product-manager'])
  await show(page, '/insights/revenue', 'How does our revenue move, and who stays?')
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
