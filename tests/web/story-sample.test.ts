/** From the first start to the sentence about Collaboration and its renewals, as a person clicks. */
import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeSetupToken } from '../../src/faces/cli/local-token.ts'
import { violations } from './axe.ts'
import { picture, signIn, takeProblems, webApp, type WebApp } from './browser.ts'

let web: WebApp
beforeAll(async () => {
  web = await webApp()
})
afterAll(() => web.close())

test('the lead sets up, opens the sample company, reads the sentence, and finds the renewals behind it', async () => {
  const token = await makeSetupToken(web.app.services, web.app.dataDir)
  const page = await web.open()
  await page.goto(`/setup?token=${token}`)
  await page.getByLabel('Your name').fill('The lead')
  await page.getByLabel('E-mail').fill('lead@example.com')
  await page.getByRole('textbox', { name: 'Password' }).fill('a long password')
  expect(await violations(page)).toEqual([])
  await page.getByRole('button', { name: 'Set up' }).click()
  await page.getByRole('heading', { name: 'Which features keep which customers?' }).waitFor()
  expect(await violations(page)).toEqual([])
  await page.getByRole('button', { name: 'Look at the sample company' }).click()

  const sentence = page.getByText(/Enterprise accounts hardly use the core feature Collaboration/)
  await sentence.waitFor({ timeout: 50_000 })
  expect((await sentence.textContent())!.replaceAll('\u00a0', ' ')).toMatch(
    /: 5 of 89 eligible accounts \(5\.6 %\), against 58 % elsewhere\. The other 84 hold €11\.55 M of ARR\. 22 of them renew by 31 Mar 2026, €2\.73 M of ARR/,
  )
  await picture(page, 'adoption')

  const cell = page.getByRole('button', {
    name: /^Collaboration, Enterprise: 5\.6.%, 5 of 89 accounts.*This is the finding/,
  })
  await cell.focus()
  await page.keyboard.press('ArrowRight')
  expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toMatch(
    /^Collaboration, Mid-market/,
  )
  await page.getByRole('button', { name: 'Show the 84 accounts' }).click()
  const drawer = page.getByRole('dialog')
  await drawer.getByText('22 renew by 31 Mar 2026').waitFor()
  const rows = drawer.getByRole('table', { name: 'Accounts behind the cell' }).getByRole('row')
  expect(await rows.count()).toBe(85)
  expect(await rows.nth(1).textContent()).toMatch(/5 Jan 2026/)
  expect(await rows.nth(1).textContent()).toMatch(/Enterprise (North|South|Americas)/)
  expect(await violations(page)).toEqual([])
  await picture(page, 'accounts-behind')

  // The address alone shows the same to somebody else.
  await page.goto(page.url())
  await page.getByRole('dialog').getByText('22 renew by 31 Mar 2026').waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })

  const [png] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'PNG' }).click()])
  const bytes = await readFile(await png.path())
  expect([...bytes.subarray(0, 4)]).toEqual([0x89, 0x50, 0x4e, 0x47])
  expect(bytes.length).toBeGreaterThan(20_000)
  const [csv] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'CSV' }).click()])
  expect(await readFile(await csv.path(), 'utf8')).toMatch(/\r\nEnterprise,Collaboration,Teamwork,true,89,/)

  // What was planted is told, and what only seems so is not: the sample shows both.
  await page.getByRole('link', { name: 'Evidence', exact: true }).first().click()
  await page.getByRole('heading', { name: 'Automations is associated with staying' }).waitFor()
  const evidence = page.getByRole('table', { name: 'Features and staying' }).getByRole('row')
  expect(await evidence.filter({ hasText: 'Templates' }).textContent()).toMatch(/no clear association/)
  await page.getByRole('button', { name: /^Workspace/ }).click()
  await page.getByRole('menuitem', { name: /Open another/ }).waitFor()
  await page.keyboard.press('Escape')
  expect(takeProblems()).toEqual([])
})

test('the marks of a chart are walked by keys: one stop of the tab key, what stands there is shown and said, Enter opens it', async () => {
  const page = await web.open()
  await signIn(page, 'lead@example.com', 'a long password')
  await page.goto('/w/sample-company/insights/revenue')
  const bars = page.getByRole('application', { name: /^The bridge of ARR/ })
  const lines = page.getByRole('application', { name: /^NRR\./ })
  await lines.locator('svg').waitFor()
  const said = async () =>
    (await page.locator('figure [aria-live=polite]').allTextContents()).join('').replaceAll('\u00a0', ' ')
  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key)
    return said()
  }

  await page.getByRole('button', { name: 'SVG of The bridge of ARR' }).focus()
  expect(await press('Tab')).toMatch(/^Start\. €[\d.]+ M; \d+ accounts$/)
  expect(await bars.evaluate((e) => e === document.activeElement)).toBe(true)
  expect(await press('ArrowRight')).toMatch(/^New\. /)
  expect(await bars.locator('.tip').textContent()).toMatch(/^New€/)
  expect(await violations(page)).toEqual([])
  expect(await press('End', 'ArrowLeft')).toMatch(/^Churn\. −€/)
  await press('Enter')
  await page.getByRole('dialog').getByText('Churn').first().waitFor()
  await page.locator('[role=dialog] :focus').waitFor()
  await press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await expect.poll(() => bars.evaluate((e) => e === document.activeElement)).toBe(true)
  expect(await press('Escape')).toBe('')
  expect(await page.locator('.tip').count()).toBe(0)
  await press('Tab')
  expect(await bars.evaluate((e) => e === document.activeElement)).toBe(false)

  await page.getByRole('button', { name: 'SVG of NRR' }).focus()
  const first = await press('Tab')
  expect(first).toMatch(/^\w{3} 20\d\d\. All: [\d.]+ %/)
  expect(await press('End')).toMatch(/^Dec 2025\. All: /)
  expect(await press('ArrowUp')).toMatch(/^Dec 2025\. (?!All)[\w-]+: [\d.]+ %/)
  expect(await press('ArrowDown', 'Home')).toBe(first)
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'SVG of NRR' }).click(),
  ])
  const svg = await readFile(await file.path(), 'utf8')
  expect([svg.includes('Enterprise'), svg.includes(first.slice(first.indexOf(':') + 2))]).toEqual([true, false])
  expect(takeProblems()).toEqual([])
})

test('an address that asks what cannot be asked says what is wrong with it and leads back to the page', async () => {
  const page = await web.open()
  await signIn(page, 'lead@example.com', 'a long password')
  for (const [asked, sentence] of [
    ['adoption?month=2025-13', '“2025-13” is not a month: write it as 2025-12 (year, then month).'],
    ['revenue?to=2025', '“2025” is not a month: write it as 2025-12 (year, then month).'],
    ['adoption?window=99', '“window” takes at most 36, not 99.'],
    ['adoption?segmentBy=3', '“segmentBy” takes a text, not 3.'],
  ] as const) {
    await page.goto(`/w/sample-company/insights/${asked}`)
    await page.getByRole('alert').getByText(sentence, { exact: true }).first().waitFor()
  }
  expect(await violations(page)).toEqual([])
  await page.getByRole('link', { name: 'Open this page as it begins' }).click()
  await page.getByRole('region', { name: 'Heat map' }).waitFor()
  expect(takeProblems()).toEqual([])
})

test('the first screen loads at most 350 kB of script', async () => {
  const page = await web.open()
  // By address, because a file that is loaded again comes out of the cache.
  const sizes = new Map<string, number>()
  page.on('response', (response) => {
    if (response.url().endsWith('.js'))
      sizes.set(response.url(), Number(response.headers()['content-length'] ?? 0) || 1e9)
  })
  await page.goto('/sign-in')
  await page.getByLabel('E-mail').fill('lead@example.com')
  await page.getByRole('textbox', { name: 'Password' }).fill('a long password')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'What stands out?' }).waitFor()
  await page.goto('/w/sample-company/insights/adoption')
  await page.getByRole('region', { name: 'Heat map' }).waitFor()
  const bytes = [...sizes.values()].reduce((sum, n) => sum + n, 0)
  expect(bytes).toBeGreaterThan(50_000)
  expect(bytes).toBeLessThan(350 * 1024)
})
