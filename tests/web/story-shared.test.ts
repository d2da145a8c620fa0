/** A lead shares a page with a stakeholder, who sees it and nothing else; the server holds to it, until more is granted. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { operations } from '../../src/operations.ts'
import { violations } from './axe.ts'
import { picture, sampleWeb, signIn, takeProblems, type SampleWeb } from './browser.ts'

let web: SampleWeb
let slug: string
let accounts: { name: string; ext_id: string }[]
let featureId: string
let definitions: string[]
let lead: Page
let stakeholder: Page
beforeAll(async () => {
  web = await sampleWeb()
  slug = web.slug
  await web.join('leader', 'Lea Lead', 'leader@example.com')
  await web.join('stakeholder', 'Sam Stake', 'stakeholder@example.com')
  const warehouse = await web.app.services.warehouses.open(web.workspaceId)
  accounts = await warehouse.read((con) => con.all('select name, ext_id from customer where name is not null'))
  featureId = (await warehouse.read((con) =>
    con.one<{ key: string }>(`select key from feature where name = 'Collaboration'`),
  ))!.key
  lead = await web.open()
  stakeholder = await web.open()
  await signIn(lead, 'leader@example.com')
  await signIn(stakeholder, 'stakeholder@example.com')
  const known = JSON.parse((await ask(stakeholder, address('insights.metrics.definitions', {}))).text) as {
    rows: { name: string }[]
  }
  definitions = known.rows.map((d) => d.name)
})
afterAll(() => web.close())

const settled = (page: Page) => page.waitForFunction(() => document.querySelectorAll('.loading').length === 0)
/** At the first frame with so many buttons of that name and nothing still to come: waiting for a locator asks every half second. */
const drawn = (page: Page, button: string, { times = 1, within = 'main' } = {}) =>
  page.waitForFunction(
    ([name, least, place]) =>
      document.querySelectorAll('.loading').length === 0 &&
      [...document.querySelectorAll(`${place} button`)].filter((b) => b.textContent === name).length >= least,
    [button, times, within] as const,
  )
/** What the API says to the page's own session. */
const ask = (page: Page, path: string) =>
  page.evaluate(async (url) => {
    const r = await fetch(url)
    return { status: r.status, text: await r.text() }
  }, path)
const address = (name: string, input: object) =>
  `/api/${name}?${new URLSearchParams({ workspace: slug, input: JSON.stringify(input) })}`

test('a stakeholder sees just what was shared; the API refuses the rest; a grant of export holds at once', async () => {
  await stakeholder.goto(`/w/${slug}`)
  await stakeholder.getByText('Nothing is shared with you yet').waitFor()

  await lead.goto(`/w/${slug}/insights/adoption?segmentBy=segment&window=6`)
  await lead.getByRole('button', { name: 'Share', exact: true }).click()
  const form = lead.getByRole('dialog')
  await form.getByLabel('Title').fill('Adoption by segment')
  await form.getByLabel('Note').fill('See Collaboration in Enterprise.')
  await form.getByRole('combobox', { name: 'People' }).click()
  await lead.getByRole('option', { name: 'Sam Stake, stakeholder' }).click()
  await form.getByLabel('Note').click()
  expect(await violations(lead)).toEqual([])
  await picture(lead, 'story-shared-form')
  await form.getByRole('button', { name: 'Share' }).click()
  await form.getByText(/figures were kept as published/).waitFor()
  const link = (await form.locator('code').textContent())!

  // The open page of the stakeholder hears of it.
  await stakeholder.getByRole('link', { name: 'Adoption by segment' }).waitFor()
  await picture(stakeholder, 'story-shared-home')
  await stakeholder.getByRole('link', { name: 'Adoption by segment' }).click()
  await stakeholder.getByRole('heading', { name: 'Which features keep which customers?', level: 1 }).waitFor()
  expect(stakeholder.url()).toBe(link)
  await stakeholder.getByText(/Shared by Lea Lead on .*; live figures, last data to 31 Dec 2025/).waitFor()
  await stakeholder.getByRole('table').first().waitFor()
  await settled(stakeholder)
  expect(await stakeholder.getByLabel('Month').first().isDisabled()).toBe(true)
  expect(await checkLinks(stakeholder, '/insights/adoption')).toBeGreaterThan(0)
  expect([
    await stakeholder.getByRole('link', { name: 'CSV' }).count(),
    await stakeholder.getByRole('button', { name: /^(Share|PNG|SVG)/ }).count(),
  ]).toEqual([0, 0])
  expect(await violations(stakeholder)).toEqual([])
  await picture(stakeholder, 'story-shared-view')
  await stakeholder.getByRole('button', { name: 'Show the evidence' }).click()
  await stakeholder.getByRole('dialog').getByText('was not shared with it').waitFor()
  const seen = await stakeholder.evaluate(() => document.body.textContent)
  expect(accounts.filter((a) => seen.includes(a.name))).toEqual([])
  await stakeholder.keyboard.press('Escape')

  const id = link.split('/').at(-1)!
  const opened = await ask(stakeholder, address('insights.views.open', { id }))
  expect(opened.status).toBe(200)
  expect(accounts.filter((a) => opened.text.includes(a.name) || opened.text.includes(`"${a.ext_id}"`))).toEqual([])
  for (const [name, input] of [
    ['insights.views.accounts', { id, choice: { feature: 'Collaboration' } }],
    ['insights.views.export', { id }],
    ['insights.views.export.csv', { id }],
    ['insights.views.export.csv', { id, choice: { feature: 'Collaboration' } }],
  ] as const)
    expect([name, (await ask(stakeholder, address(name, input))).status]).toEqual([name, 403])
  const others = operations.filter(
    (op) => op.name.startsWith('insights.') && op.kind === 'read' && op.may !== 'shared:read',
  )
  expect(others.length).toBeGreaterThan(40)
  expect(
    await Promise.all(others.map(async (op) => [op.name, (await ask(stakeholder, address(op.name, {}))).status])),
  ).toEqual(others.map((op) => [op.name, 403]))

  for (const path of [
    '/insights/adoption',
    '/insights/revenue',
    '/customers/accounts',
    '/insights/feature',
    '/data',
    '/decisions',
  ]) {
    await stakeholder.goto(`/w/${slug}${path}`)
    await stakeholder.getByText('This page was not shared with you').waitFor()
  }
  expect(await violations(stakeholder)).toEqual([])

  await lead.goto(`/w/${slug}/shared`)
  await lead.getByRole('button', { name: 'Change Adoption by segment' }).click()
  await lead.getByRole('dialog').getByLabel('Take tables and pictures as files').check()
  await lead.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
  await lead
    .getByRole('row')
    .filter({ hasText: 'Adoption by segment' })
    .getByText('rates and sums, tables and pictures as files')
    .waitFor()
  await picture(lead, 'story-shared-list')
  await stakeholder.goto(link)
  await stakeholder.getByRole('link', { name: 'CSV' }).waitFor()
  const [download] = await Promise.all([
    stakeholder.waitForEvent('download'),
    stakeholder.getByRole('link', { name: 'CSV' }).click(),
  ])
  expect(download.suggestedFilename()).toBe('adoption-retention-2025-12.csv')
  const [drawn] = await Promise.all([
    stakeholder.waitForEvent('download'),
    stakeholder.getByRole('button', { name: 'PNG' }).first().click(),
  ])
  expect(drawn.suggestedFilename()).toBe('adoption-segment-2025-12.png')
  expect(
    (await ask(stakeholder, address('insights.views.accounts', { id, choice: { feature: 'Collaboration' } }))).status,
  ).toBe(403)

  await lead.getByRole('button', { name: 'Change Adoption by segment' }).click()
  await lead.getByRole('dialog').getByRole('button', { name: 'Take it back' }).click()
  await lead.getByText('Nothing is shared yet').waitFor()
  await stakeholder.goto(link)
  await stakeholder.getByText('It was not shared with you, or was taken back').waitFor()
  expect(takeProblems()).toEqual([])
})

/** Shares the page at a path, with its accounts but not their names, and says where the view is. */
async function share(path: string): Promise<string> {
  // The evidence of one feature is shared from the drawer in which it is open.
  const within = path.includes('feature=') ? '[role=dialog]' : 'main'
  if (within === 'main') {
    const before = await lead.locator('h1').textContent()
    await lead.evaluate((to) => window.history.pushState({}, '', to), `/w/${slug}${path}`)
    await lead.waitForFunction((text) => document.querySelector('h1')?.textContent !== text, before)
  } else await lead.goto(`/w/${slug}${path}`)
  // A chart that is still to come would move the button away from under the click.
  await drawn(lead, 'Share', { within })
  await lead.locator(within).getByRole('button', { name: 'Share', exact: true }).first().click()
  const form = lead.getByRole('dialog').filter({ hasText: /^Share this/ })
  await form.getByLabel('Title').fill(titleOf(path))
  await form.getByRole('switch', { name: 'All stakeholders' }).click()
  await form.getByLabel('See the accounts behind a figure').check()
  await Promise.all([
    lead.waitForResponse((r) => r.url().includes('/api/insights.views.share?')),
    form.getByRole('button', { name: 'Share' }).click(),
  ])
  return (await form.locator('code').textContent())!
}
/** A page in a view leads to nothing that a stakeholder may not open: to definitions, each by its name. */
async function checkLinks(page: Page, path: string): Promise<number> {
  const links = await page
    .locator('main a[href^="/w/"]')
    .evaluateAll((all) => all.map((a) => ({ to: a.getAttribute('href')!, text: a.textContent })))
  const isDefinition = (to: string) => to.startsWith(`/w/${slug}/data/definitions#`)
  expect([path, links.filter((l) => !isDefinition(l.to))]).toEqual([path, []])
  expect([path, links.filter((l) => ![...definitions, 'Definitions'].includes(l.text))]).toEqual([path, []])
  return links.length
}
const titleOf = (path: string) => `The view of ${path}`

/** Opens a view, where nothing can be pressed that was not granted and no name be read. */
async function look(page: Page, path: string, link: string): Promise<void> {
  if (page.url() === 'about:blank') await page.goto(link)
  else await page.evaluate((to) => window.history.pushState({}, '', to), new URL(link).pathname)
  await page.getByText(titleOf(path)).waitFor()
  await page.getByRole('main').getByRole('heading', { level: 1 }).waitFor()
  await drawn(page, 'Copy link')
  expect([path, await page.getByRole('alert').count()]).toEqual([path, 0])
  expect([path, await page.getByRole('button', { name: /^(Share|PNG|SVG|Keep|Edit)/ }).count()]).toEqual([path, 0])
  const text = await page.evaluate(() => document.body.textContent)
  expect([path, accounts.filter((a) => text.includes(a.name))]).toEqual([path, []])
  await checkLinks(page, path)
  expect([path, await violations(page)]).toEqual([path, []])
  expect([
    path,
    await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
  ]).toEqual([path, 0])
  await picture(page, `shared-phone${path.replaceAll(/[/?=]/g, '-')}`)
}

test(
  'every page that can be shared opens in its frame, with rows where they are granted, at the width of a phone too',
  { timeout: 180_000 },
  async () => {
    // Nobody looks on while they are shared: an open page would ask anew each time.
    await stakeholder.goto('about:blank')
    const links: [path: string, link: string][] = []
    for (const path of [
      '/insights/revenue',
      '/insights/renewals',
      '/insights/changes',
      '/insights/adoption-funnel',
      '/insights/time-to-adopt',
      '/insights/health',
      '/insights/states',
      '/insights/nrr-variants',
      '/insights/association',
      '/insights/association?feature=Collaboration',
      '/insights/whitespace',
      `/insights/feature?id=${featureId}`,
      '/insights/adoption',
    ])
      links.push([path, await share(path)])
    await lead.goto('about:blank')

    const other = await web.open()
    await signIn(other, 'stakeholder@example.com')
    const pages = [stakeholder, other]
    await Promise.all(
      pages.map(async (page, nth) => {
        await page.setViewportSize({ width: 390, height: 844 })
        await page.emulateMedia({ colorScheme: 'dark' })
        for (const [path, link] of links.filter((_, i) => i % pages.length === nth)) await look(page, path, link)
      }),
    )
    // The last of the links, on the first of the pages: the adoption of features.
    await stakeholder.getByRole('button', { name: 'Show the' }).click()
    const rows = stakeholder.getByRole('dialog').getByRole('table', { name: 'Accounts behind the cell' })
    await rows.getByText('Account 1', { exact: true }).waitFor()
    const seen = await stakeholder.evaluate(() => document.body.textContent)
    expect(accounts.filter((a) => seen.includes(a.name))).toEqual([])
    await picture(stakeholder, 'shared-phone-rows')
    expect(takeProblems()).toEqual([])
  },
)
