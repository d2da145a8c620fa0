/** From the chosen pillar to a charter, a job description for Word, and a quick win that two measurements prove. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readFile } from 'node:fs/promises'
import { violations } from './axe.ts'
import { ownerEmail, picture, sampleWeb, signIn, takeProblems, type SampleWeb } from './browser.ts'

let web: SampleWeb
beforeAll(async () => {
  web = await sampleWeb()
})
afterAll(() => web.close())

test('a person chooses otherwise with a reason, publishes an edition and takes the job description along', async () => {
  const page = await web.open()
  await signIn(page, ownerEmail)
  await page.goto(`/w/${web.slug}/start/pillar`)
  await page.getByRole('row', { name: /^Sum/ }).getByText('recommended').waitFor()
  expect(await violations(page)).toEqual([])
  await picture(page, 'story-pillar')
  await page.getByRole('radio', { name: 'Process and practices' }).check()
  await page.getByRole('textbox', { name: 'Why' }).fill('Planning takes three weeks.')
  await page.getByRole('button', { name: 'Choose anew, in my name' }).click()
  await page.getByText('where Business and data insights was recommended').waitFor()

  await page.goto(`/w/${web.slug}/start/charter`)
  await page.getByRole('button', { name: 'Write a new edition' }).click()
  const form = page.getByRole('dialog')
  await form.getByRole('textbox', { name: 'Above the line' }).fill('One roadmap format\nEnablement for launches')
  await form.getByRole('button', { name: 'Publish to everybody' }).click()
  await form.getByText('What is above the line is not below it').waitFor()
  await form.getByRole('textbox', { name: 'Below the line' }).fill('One list of customers to talk to')
  await form.getByRole('textbox', { name: 'Why it changes' }).fill('Planning comes first.')
  await form.getByRole('button', { name: 'Publish to everybody' }).click()
  await page.getByRole('listitem').filter({ hasText: 'Edition 3' }).getByText('One roadmap format').waitFor()
  expect(await violations(page)).toEqual([])

  await page.goto(`/w/${web.slug}/start/first-hire`)
  await page.getByText('has been a product manager').waitFor()
  await picture(page, 'story-first-hire')
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('region', { name: 'Job description' }).getByRole('button', { name: 'Word' }).click(),
  ])
  expect(file.suggestedFilename()).toBe('job-description.docx')
  expect((await readFile(await file.path())).subarray(0, 2).toString()).toBe('PK')
  expect(await violations(page)).toEqual([])
  expect(takeProblems()).toEqual([])
})

test('a quick win is planned, timed, delivered and timed again, and stands in the ledger as measured', async () => {
  const page = await web.open()
  await signIn(page, ownerEmail)
  await page.goto(`/w/${web.slug}/start/quick-wins`)
  await page.getByRole('button', { name: 'Plan a quick win' }).click()
  const drawer = page.getByRole('dialog')
  await drawer.getByRole('textbox', { name: 'Quick win' }).fill('One list of whom to call')
  await drawer.getByRole('textbox', { name: 'People who do it' }).fill('10')
  await drawer.getByRole('button', { name: 'Plan it' }).click()
  await drawer.getByRole('group', { name: 'What did it take you the last time?' }).waitFor()
  expect(await violations(page)).toEqual([])
  await drawer.getByRole('button', { name: '2 h' }).click()
  await drawer.getByText('1 sample').waitFor()
  await drawer.getByLabel('Delivered on').fill(new Date(Date.now() - 10 * 86_400_000).toISOString().slice(0, 10))
  await drawer.getByRole('button', { name: 'It is delivered' }).click()
  await drawer.getByRole('group', { name: 'And what does it take you now?' }).waitFor()
  await drawer.getByText('Estimate').waitFor()
  await drawer.getByRole('button', { name: '5 min' }).click()
  await drawer.getByText('Measured on few').waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('row', { name: /One list of whom to call.*Measured on few/ }).waitFor()
  await page.getByRole('link', { name: 'Show the result' }).click()
  await page.getByRole('heading', { name: 'What did Product Ops give back?' }).waitFor()
  await page.getByRole('listitem').filter({ hasText: 'One list of whom to call' }).waitFor()
  expect(await violations(page)).toEqual([])
  await picture(page, 'story-result')
  expect(takeProblems()).toEqual([])
})
