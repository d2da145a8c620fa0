/** From a finding to a decision, and on the day it was to be looked at again, what came of it. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { violations } from './axe.ts'
import { picture, sampleWeb, signIn, takeProblems, type SampleWeb } from './browser.ts'

let web: SampleWeb
let slug: string
const email = 'product.manager@example.com'
const opsEmail = 'ops@example.com'
const stakeholderEmail = 'stakeholder@example.com'
beforeAll(async () => {
  web = await sampleWeb()
  slug = web.slug
  await web.join('product-manager', 'Petra Muster', email)
  await web.join('product-ops', 'Omar Ops', opsEmail)
  await web.join('stakeholder', 'Stella Stake', stakeholderEmail)
})
afterAll(() => web.close())

test('a product manager decides on a finding, and on the revisit date sees the effect beside the expectation', async () => {
  const { app } = web
  app.clock.set('2025-06-10T09:00:00Z')
  const page = await web.open()
  await signIn(page, email)
  await page.goto(`/w/${slug}/insights/adoption?month=2025-05`)
  await page.getByRole('button', { name: /^Collaboration, Enterprise/ }).click()
  await page.getByRole('dialog').getByRole('link', { name: 'Decide on this' }).click()

  await page.getByRole('heading', { level: 1, name: 'Collaboration, Enterprise' }).waitFor()
  const finding = page.getByRole('blockquote')
  await finding
    .getByText(/eligible Enterprise accounts used Collaboration in the 3 full months to 31 May 2025/)
    .waitFor()
  const found = await finding.textContent()
  await page.getByLabel('What it means').fill('Enterprise buys by the department; sharing stops at its border.')
  await page.getByRole('textbox', { name: 'Option 1', exact: true }).fill('Sharing across departments')
  await page
    .getByRole('group', { name: 'Option 1' })
    .getByLabel('What speaks for it')
    .fill('It is what the nine largest ask for.')
  await page.getByRole('radio', { name: 'Option 1 is taken' }).check()
  await page.getByLabel('Why this option').fill('The largest accounts renew in spring.')
  await page.getByText(/In May 2025 it is [\d.]+.%/).waitFor()
  await page.getByRole('combobox', { name: 'It', exact: true }).click()
  await page.getByRole('option', { name: 'is to be' }).click()
  await page.getByLabel('Expected value').fill('25')
  await page.getByLabel('Look at it again on').fill('2025-12-10')
  await page.getByText('Saved as a draft').waitFor()
  await page.waitForURL(/\/decisions\/[0-9a-f-]{36}$/)
  expect(await violations(page)).toEqual([])
  await picture(page, 'decision-draft')
  await page.getByRole('button', { name: 'Decide', exact: true }).click()
  await page.getByText(/Decided by Petra Muster on 10 Jun 2025/).waitFor()
  expect(await page.getByRole('blockquote').textContent()).toBe(found)

  await page.goto(`/w/${slug}`)
  await page.getByRole('heading', { name: 'What stands out?' }).waitFor()
  await page.getByText(/ARR/).first().waitFor()
  expect(await page.getByText('due to be looked at again').count()).toBe(0)
  app.clock.set('2025-12-14T09:00:00Z')
  await page.goto(`/w/${slug}`)
  await page
    .getByRole('region', { name: '1 decision is due to be looked at again' })
    .getByText('overdue by 4 days')
    .waitFor()
  await picture(page, 'decision-due')
  await page.getByRole('link', { name: 'Collaboration, Enterprise' }).click()

  const effect = page.getByText(/^Adoption rate of Collaboration in Enterprise was/)
  await effect.waitFor()
  expect((await effect.textContent())!.replaceAll('\u00a0', ' ')).toMatch(
    /^Adoption rate of Collaboration in Enterprise was [\d.]+ % on 10 Jun 2025; 25 % was expected by 10 Dec 2025; it is [\d.]+ % in Nov 2025, [\d.]+ % to [\d.]+ %, of \d+ accounts\.$/,
  )
  await page.getByText(/Not proof that the decision did it\./).waitFor()
  const chart = page.getByRole('application', { name: /^Adoption rate of Collaboration in Enterprise\. The table/ })
  await chart.press('End')
  expect(await page.locator('figure [aria-live=polite]').textContent()).toMatch(/^\w{3} 20\d\d\. .*%.*; \d+ accounts$/)
  expect(await violations(page)).toEqual([])
  await picture(page, 'decision-effect')

  await page.getByRole('link', { name: 'Open where it was found' }).click()
  await page
    .getByRole('dialog')
    .getByText(/eligible accounts used Collaboration in the 3 full months to 31 May 2025/)
    .waitFor()
  await page.goBack()
  await effect.waitFor()
  await page.getByLabel('What was learnt').fill('Sharing across departments shipped late; too early to tell.')
  await page.getByRole('radio', { name: 'changed' }).check()
  await page.getByRole('button', { name: 'Mark as revisited' }).click()
  await page.getByText('Changed, 14 Dec 2025, Petra Muster').waitFor()
  await page.goto(`/w/${slug}/decisions`)
  await page.getByText('No decision is due to be looked at again.').waitFor()
  await page
    .getByRole('row', { name: /Collaboration, Enterprise.*Revisited, changed/ })
    .getByRole('img', { name: /expected 25/ })
    .waitFor()
  expect(await violations(page)).toEqual([])
  await picture(page, 'decisions')
  expect(takeProblems()).toEqual([])
})

test('Product Ops prepares a decision from a story, keeps its sentence, and cannot take it', async () => {
  web.app.clock.set('2026-01-05T09:00:00Z')
  const page = await web.open()
  await signIn(page, opsEmail)
  await page.goto(`/w/${slug}/insights/stories`)
  await page.getByRole('listitem').getByRole('button').first().click()
  const sentence = (await page.getByRole('dialog').locator('.story-head').textContent())!.replaceAll('\u00a0', ' ')
  await page.getByRole('dialog').getByRole('link', { name: 'Decide on this' }).click()
  await page.getByLabel('What it means').fill('To be talked about.')
  await page.getByRole('combobox', { name: 'Product manager' }).click()
  // The first save gives the draft its address and leaves the page where it was scrolled to, with what is open on it.
  await page.waitForURL(/\/decisions\/[\da-f-]{36}$/)
  await page.getByRole('option', { name: 'Petra Muster' }).click()
  await page.getByText('Saved as a draft; Petra Muster decides').waitFor()
  await page.reload()
  await page.getByText('Saved as a draft; Petra Muster decides').waitFor()
  expect((await page.getByRole('blockquote').locator('p').first().textContent())!.replaceAll('\u00a0', ' ')).toBe(
    sentence,
  )
  expect(await page.getByLabel('What it means').inputValue()).toBe('To be talked about.')
  expect(await page.getByRole('button', { name: 'Decide', exact: true }).count()).toBe(0)
  expect(takeProblems()).toEqual([])
})

test('a question is asked by a stakeholder, answered with an analysis, and found by the next who asks', async () => {
  const page = await web.open()
  await signIn(page, stakeholderEmail)
  await page.goto(`/w/${slug}`)
  await page.getByRole('heading', { name: 'What was shared with you?' }).waitFor()
  await page.keyboard.press('Control+k')
  await page.getByRole('textbox', { name: 'Search and commands' }).fill('Ask Product')
  await page.locator('[data-action]').filter({ hasText: 'Ask Product Ops' }).click()
  await page.locator('input[aria-label="Ask Product Ops"]:focus').waitFor()
  await page.keyboard.type('Which share of Enterprise uses Collaboration?')
  await page.keyboard.press('Enter')
  await page.getByRole('row', { name: /Which share of Enterprise.*Open for/ }).waitFor()

  const desk = await web.open()
  await signIn(desk, opsEmail)
  await desk.goto(`/w/${slug}/requests`)
  await desk.getByRole('row', { name: /Which share of Enterprise/ }).click()
  await desk
    .getByRole('dialog')
    .getByRole('textbox', { name: /^Answer/ })
    .fill('3.4 % of 29 eligible accounts.')
  await desk
    .getByRole('dialog')
    .getByRole('textbox', { name: /^Analysis/ })
    .fill('https://elsewhere.example/insights/adoption')
  await desk.getByRole('dialog').getByRole('button', { name: 'Answer', exact: true }).click()
  await desk.getByText('this is no analysis of this workspace').waitFor()
  await desk
    .getByRole('dialog')
    .getByRole('textbox', { name: /^Analysis/ })
    .fill(`${web.address}/w/${slug}/insights/adoption?month=2025-12`)
  await desk.getByRole('dialog').getByRole('button', { name: 'Answer', exact: true }).click()
  await desk.getByRole('dialog').getByRole('link', { name: 'Open the analysis' }).waitFor()
  expect(await violations(desk)).toEqual([])

  await page.getByRole('textbox', { name: 'Ask Product Ops' }).fill('enterprise collab')
  await page.getByText('Asked before. Does one of these answer it?').waitFor()
  expect(await violations(page)).toEqual([])
  await page.getByRole('button', { name: /^This answers it/ }).click()
  await page.getByRole('row', { name: /enterprise collab.*Answered at once/ }).waitFor()
  expect(takeProblems()).toEqual([])
})
