/** A new workspace asks its product managers; they answer on phones; what they say appears with the fifth answer. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { copyLinks, findWave, listWaves } from '../../src/setup/listening-tour/waves.ts'
import type { TestWorkspace } from '../support/app.ts'
import { violations } from './axe.ts'
import { picture, signIn, takeProblems, webApp, type WebApp } from './browser.ts'

let web: WebApp
let w: TestWorkspace
beforeAll(async () => {
  web = await webApp()
  w = await web.app.workspace()
})
afterAll(() => web.close())

async function signedIn(): Promise<Page> {
  const page = await web.open({ width: 1440 })
  await signIn(page, w.as['product-ops'].actor!.email)
  return page
}

async function answer(page: Page, words: string): Promise<void> {
  await page.getByRole('heading', { name: 'What gets in the way of your work?' }).waitFor()
  await page.getByRole('slider').fill('40')
  await page.getByRole('button', { name: 'Getting data out of systems' }).click()
  await page.getByRole('button', { name: 'Half a day' }).click()
  await page.getByLabel(/When did you last lose half a day/).fill(words)
}

test('a wave is launched, answered by phones through links, and read from the fifth answer on', async () => {
  const desk = await signedIn()
  await desk.goto(`/w/${w.slug}/start/tour`)
  await desk.getByRole('button', { name: 'New wave' }).click()
  await desk.getByRole('button', { name: 'Start from the question set' }).click()
  await desk.getByRole('heading', { name: 'What do we ask, and whom?' }).waitFor()
  await desk.getByLabel('Areas, one a line').fill('Search\nBilling')
  await desk.getByRole('button', { name: 'Save the draft' }).click()
  await desk
    .getByLabel('Add people')
    .fill(Array.from({ length: 12 }, (_, i) => `Person ${i}, p${i}@example.com`).join('\n'))
  await desk.getByRole('button', { name: 'Add 12 people' }).click()
  await desk.getByRole('cell', { name: 'p11@example.com' }).waitFor()
  await desk.getByRole('button', { name: 'Launch' }).click()
  await desk.getByText('Shown from the answer number 5 on').waitFor()
  await web.app.settle(w.id)
  const [wave] = (await web.app.perform(listWaves, w.as.admin)).waves
  const { rows } = await web.app.perform(copyLinks, w.as['product-ops'], { id: wave!.id })

  const phone = await web.open({ width: 390, height: 844 })
  await phone.goto(rows[0]!.link)
  await answer(phone, 'Two days for one chart')
  expect([await violations(phone), takeProblems()]).toEqual([[], []])
  await picture(phone, 'tour-answer')
  // What was written is still there when the page is opened again, and nowhere else.
  await phone.reload()
  expect(await phone.getByLabel(/When did you last lose half a day/).inputValue()).toBe('Two days for one chart')
  await phone.getByLabel(/When did you last lose half a day/).fill('x'.repeat(100_000))
  await phone.getByRole('button', { name: 'Send my answer' }).click()
  await phone.getByText('98,000 characters too many').waitFor()
  await phone.getByLabel(/When did you last lose half a day/).fill('<script>document.title = "taken"</script>')
  await phone.getByRole('button', { name: 'Send my answer' }).click()
  await phone.getByRole('heading', { name: 'Thank you. Your answer is kept' }).waitFor()
  expect(await violations(phone)).toEqual([])
  await phone.reload()
  await phone.getByRole('heading', { name: 'Your answer has been kept' }).waitFor()

  for (const { link } of rows.slice(1, 4)) {
    await phone.goto(link)
    await answer(phone, 'The same report every Monday')
    await phone.getByRole('button', { name: 'Send my answer' }).click()
    await phone.getByRole('heading', { name: 'Thank you. Your answer is kept' }).waitFor()
  }
  expect((await web.app.perform(findWave, w.as.admin, { id: wave!.id })).answered).toBe(0)
  await desk.getByText('What is said appears with the answer number 5').waitFor()
  await phone.goto(rows[4]!.link)
  await answer(phone, 'The same report every Monday')
  await phone.getByRole('button', { name: 'Send my answer' }).click()
  await phone.getByRole('heading', { name: 'Thank you. Your answer is kept' }).waitFor()
  // The open page hears of it by itself.
  await desk.getByText('5 of 12 answered').waitFor()
  await desk.getByText('<script>document.title = "taken"</script>').waitFor()
  expect(await desk.title()).toBe('What do they say? · Throughline')
  expect([await violations(desk), takeProblems()]).toEqual([[], []])
  await picture(desk, 'tour-results')
})
