/** A catalogue of more features than anybody can look at: pages draw the first, and every other one is found by its name. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { applyFeatures } from '../../src/insights/features/operations.ts'
import type { Actor } from '../../src/platform/operation.ts'
import { openSampleCompany } from '../../src/setup/sample-company/operations.ts'
import { violations } from './axe.ts'
import { signIn, takeProblems, webApp, type WebApp } from './browser.ts'

let web: WebApp
let slug: string
beforeAll(async () => {
  web = await webApp()
  const owner = await web.app.services.signIn.createPerson({
    name: 'The owner',
    email: 'owner@example.com',
    password: 'a long password',
  })
  const actor: Actor = { ...owner, isOwner: true, mayReadPaths: false, face: 'http' }
  const opened = await web.app.perform(openSampleCompany, { actor, workspace: null }, { scale: 0.1 })
  slug = opened.slug
  await web.app.services.jobs.settled(opened.jobId!)
  const { jobId } = await web.app.perform(
    applyFeatures,
    { actor, workspace: slug },
    {
      features: Array.from({ length: 300 }, (_, k) => ({
        name: `Extra ${String(k).padStart(3, '0')}`,
        entitledPlans: ['Starter', 'Team', 'Business', 'Enterprise'],
        rules: [{ kind: 'exact' as const, value: `extra.${k}` }],
      })),
    },
  )
  await web.app.services.jobs.settled(jobId)
})
afterAll(() => web.close())

test('the heat map draws forty features, finds any other by name, and keeps what is sought in the address', async () => {
  const page = await web.open()
  await signIn(page, 'owner@example.com')
  await page.goto(`/w/${slug}/insights/adoption`)
  const map = page.getByRole('region', { name: 'Heat map' })
  await page.getByText('40 of 312 features shown, core ones first, then the most used.').waitFor()
  expect(await map.locator('tbody tr').count()).toBe(40)
  await page.getByRole('textbox', { name: 'Find a feature' }).fill('extra 299')
  await page.getByText('1 of 1 found shown, core ones first, then the most used.').waitFor()
  await map.getByRole('rowheader', { name: 'Extra 299' }).waitFor()
  await page.goto(page.url())
  await page.getByRole('region', { name: 'Heat map' }).getByRole('rowheader', { name: 'Extra 299' }).waitFor()
  await page.getByRole('textbox', { name: 'Find a feature' }).fill('no such feature')
  await page.getByText('No feature is named so, of 312.').waitFor()
  expect(await violations(page)).toEqual([])
  expect(takeProblems()).toEqual([])
})

test('a long table shows a hundred lines, more at a click, and is found in', async () => {
  const page = await web.open()
  await signIn(page, 'owner@example.com')
  await page.goto(`/w/${slug}/data/event-rules`)
  const rows = page.getByRole('table', { name: 'Features', exact: true }).locator('tbody tr')
  await page.getByText('100 of 312 lines shown').waitFor()
  expect(await rows.count()).toBe(100)
  await page.getByRole('button', { name: 'Show 100 more' }).click()
  await page.getByText('200 of 312 lines shown').waitFor()
  await page.getByRole('textbox', { name: 'Find in Features' }).fill('extra 29')
  await page.getByText('10 of 10 lines shown').waitFor()
  // What the sticky top line covers is no fault of the table.
  await page.evaluate(() => scrollTo(0, 0))
  expect(await violations(page)).toEqual([])
})

test('where nothing can be compared the page of evidence says so instead of drawing an empty picture', async () => {
  const page = await web.open()
  await signIn(page, 'owner@example.com')
  await page.goto(`/w/${slug}/insights/association?show=Enterprise`)
  await page.getByText('Nothing can be drawn: no feature has 10 adopters and 10 others that could use it.').waitFor()
  expect(await page.getByRole('button', { name: /^PNG of/ }).count()).toBe(0)
})

test('the bars of states draw forty features and find the others', async () => {
  const page = await web.open()
  await signIn(page, 'owner@example.com')
  await page.goto(`/w/${slug}/insights/states?find=extra+17`)
  await page.getByText('10 of 10 found shown, core ones first, then those that most have adopted.').waitFor()
  expect(await page.getByRole('table', { name: 'ARR by feature adoption' }).locator('tbody tr').count()).toBe(10)
})

test('the search finds a feature by its name, from within a field too', async () => {
  const page = await web.open()
  await signIn(page, 'owner@example.com')
  await page.goto(`/w/${slug}/data/event-rules`)
  await page.getByRole('textbox', { name: 'Find in Features' }).press('Control+k')
  await page.getByRole('textbox', { name: 'Search and commands' }).fill('extra 123')
  await page.locator('[data-action]').filter({ hasText: 'Extra 123' }).first().waitFor()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Who has adopted Extra 123?', level: 1 }).waitFor()
  expect(takeProblems()).toEqual([])
})

test('another feature is chosen by typing over the one that is; a name that is none is said', async () => {
  const page = await web.open()
  await signIn(page, 'owner@example.com')
  await page.goto(`/w/${slug}/insights/adoption-funnel`)
  const feature = page.getByRole('combobox', { name: 'Feature' })
  await page
    .getByText(/Most are lost here|No account|accounts that could use/)
    .first()
    .waitFor()
  expect(await feature.inputValue()).not.toBe('')
  await feature.click()
  await page.keyboard.type('extra 29')
  expect(await page.getByRole('option').allTextContents()).toEqual(Array.from({ length: 10 }, (_, k) => `Extra 29${k}`))
  await page.keyboard.type('x')
  await page.getByText('Nothing of that name').waitFor()
  await page.keyboard.press('Backspace')
  await page.keyboard.type('7')
  await page.getByRole('option', { name: 'Extra 297' }).click()
  await page.waitForURL(/feature=Extra(\+|%20)297/)
  expect(takeProblems()).toEqual([])
})
