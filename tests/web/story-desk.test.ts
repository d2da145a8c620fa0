/** A desk is worked through: found, sorted, selected and assigned by keyboard and mouse, answered by two people at once, and nothing that was typed is lost. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { addAnnotation } from '../../src/insights/annotations/operations.ts'
import { answerRequest, askRequest, listRequestsOperation } from '../../src/requests/operations.ts'
import type { TestWorkspace } from '../support/app.ts'
import { violations } from './axe.ts'
import { picture, signIn, takeProblems, webApp, type WebApp } from './browser.ts'

let web: WebApp
let own: TestWorkspace
beforeAll(async () => {
  web = await webApp()
  own = await web.app.workspace()
  for (let i = 1; i <= 54; i += 1) {
    web.app.clock.set(`2026-03-02T09:00:${String(i).padStart(2, '0')}Z`)
    await ask(`How many of batch ${i} came back?`)
  }
  web.app.clock.set('2026-03-02T10:00:00Z')
  await ask('Which share of Enterprise uses Collaboration, and since when?', 'admin')
  web.app.clock.set('2026-03-03T12:30:00Z')
})
afterAll(() => web.close())

const ask = (question: string, role: 'leader' | 'admin' = 'leader') =>
  web.app.perform(askRequest, own.as[role], { question, taken: null })
async function openAs(role: 'product-ops' | 'admin', path: string): Promise<Page> {
  const page = await web.open()
  await signIn(page, own.as[role].actor!.email)
  await page.goto(`/w/${own.slug}${path}`)
  return page
}
const rows = (page: Page) => page.getByRole('table', { name: 'Questions', exact: true }).locator('tbody tr[data-key]')

/** How far the last letter of a head stands from those of its cells, in pixels. */
const edges = (page: Page, title: string) =>
  page.getByRole('table', { name: 'Questions', exact: true }).evaluate((table, sought) => {
    const heads = [...table.querySelectorAll('thead th')]
    const at = heads.findIndex((th) => th.querySelector('.list-head-text')?.textContent === sought)
    const right = (of: Element) => {
      const range = document.createRange()
      range.selectNodeContents(of)
      return range.getBoundingClientRect().right
    }
    const head = right(heads[at]!.querySelector('.list-head-text')!)
    return [...table.querySelectorAll('tbody tr[data-key]')].map((tr) => Math.abs(right(tr.children[at]!) - head))
  }, title)

test('a list is sorted, found in, shown as one likes, selected and acted upon, and its address shows the same', async () => {
  const page = await openAs('product-ops', '/requests')
  await page.getByText('50 questions so far').waitFor()
  await page.getByRole('button', { name: 'Question', exact: true }).click()
  // Only the whole of it can be sorted.
  await page.getByText('55 questions', { exact: true }).waitFor()
  expect(await rows(page).first().textContent()).toContain('How many of batch 1 came back?')
  await page.getByRole('button', { name: 'Question', exact: true }).click()
  expect(await rows(page).first().textContent()).toContain('Which share of Enterprise')
  expect(page.url()).toContain('sort=-question')

  await page.getByRole('button', { name: 'Display' }).click()
  await page.getByRole('checkbox', { name: 'Hours' }).check()
  await page.keyboard.press('Escape')
  for (const title of ['Hours', 'On']) expect(Math.max(...(await edges(page, title))), title).toBeLessThan(0.51)
  expect((await rows(page).first().boundingBox())!.height).toBeLessThanOrEqual(38)
  const edge = page.getByRole('separator', { name: 'Width of State' })
  const before = Number(await edge.getAttribute('aria-valuenow'))
  await edge.focus()
  await page.keyboard.press('ArrowRight')
  expect(Number(await edge.getAttribute('aria-valuenow'))).toBe(before + 16)
  expect(await violations(page)).toEqual([])
  await picture(page, 'story-desk')

  await page.getByRole('heading', { name: 'Questions' }).click()
  await page.keyboard.press('/')
  await page.keyboard.type('batch 5')
  await page.getByText('6 of 55 questions', { exact: true }).waitFor()
  await page.keyboard.press('Tab')
  await page.getByRole('button', { name: 'Views' }).click()
  await page.getByRole('textbox', { name: 'Name of this view' }).fill('Fifties')
  await page.getByRole('button', { name: 'Keep', exact: true }).click()
  await page.keyboard.press('Escape')
  await page.reload()
  await page.getByText('6 of 55 questions', { exact: true }).waitFor()
  await page.getByRole('columnheader', { name: /Hours/ }).waitFor()
  expect(await rows(page).first().textContent()).toContain('batch 54')

  await rows(page).first().focus()
  await page.keyboard.press('x')
  await page.keyboard.press('j')
  await page.keyboard.press('x')
  await page.getByRole('group', { name: 'What is selected' }).getByText('2 selected').waitFor()
  await page.getByRole('combobox', { name: 'Who answers them' }).click()
  await page.getByRole('option', { name: own.as.admin.actor!.name }).first().click()
  await page.getByText('2 questions assigned').waitFor()
  await rows(page).nth(1).getByText(own.as.admin.actor!.name).first().waitFor()
  await rows(page).nth(2).focus()
  await page.keyboard.press('Enter')
  const drawer = page.getByRole('dialog')
  await drawer.getByText('3 of 6').waitFor()
  await drawer.getByRole('button', { name: 'Next' }).click()
  await drawer.getByText('4 of 6').waitFor()
  await page.goBack()
  await drawer.waitFor({ state: 'detached' })

  await page.getByRole('textbox', { name: 'Find in questions' }).fill('nothing like it')
  await page.getByText('Nothing matches these filters.').waitFor()
  await page.getByRole('button', { name: 'Show all' }).click()
  await page.getByText('55 questions', { exact: true }).waitFor()
  await page.getByRole('button', { name: 'Views' }).click()
  await page.getByRole('menuitem', { name: 'Fifties' }).click()
  await page.getByText('6 of 55 questions', { exact: true }).waitFor()
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('region', { name: 'Questions' }).first().getByRole('link', { name: 'CSV' }).click(),
  ])
  expect(file.suggestedFilename()).toBe('requests.csv')
  expect(takeProblems()).toEqual([])
})

test('errors stand beside their fields, nothing typed is lost by leaving, and two who answer at once see both', async () => {
  const [request] = (await web.app.perform(listRequestsOperation, own.as.admin, { limit: 1 })).rows
  const page = await openAs('product-ops', `/requests?open=${request!.id}`)
  const drawer = page.getByRole('dialog', { name: /Question/ })
  const text = drawer.getByRole('textbox', { name: /^Answer/ })
  await drawer.getByRole('button', { name: 'Answer', exact: true }).click()
  expect(await drawer.getByText('This is needed.').count()).toBe(2)
  await expect.poll(() => text.evaluate((field) => field === document.activeElement)).toBe(true)
  await page.keyboard.type('Most of them.')
  expect(await drawer.getByText('This is needed.').count()).toBe(1)

  await page.keyboard.press('Escape')
  const question = page.getByRole('dialog', { name: 'Leave without saving?' })
  await question.getByRole('button', { name: 'Keep editing' }).click()
  await question.waitFor({ state: 'detached' })
  expect(await text.inputValue()).toBe('Most of them.')

  await drawer.getByRole('textbox', { name: /^Analysis/ }).fill('/insights/revenue')
  await web.app.perform(answerRequest, own.as.admin, {
    id: request!.id,
    version: request!.version,
    text: '4 of 83 do, since May.',
    address: '/insights/adoption?month=2025-12',
  })
  await page.keyboard.press('Control+Enter')
  const versions = drawer.getByRole('group', { name: 'Two versions' })
  await versions.getByText('Most of them.').waitFor()
  await versions.getByText('4 of 83 do, since May.').waitFor()
  expect(await violations(page)).toEqual([])
  await picture(page, 'story-desk-versions')
  await versions.getByRole('button', { name: 'Take theirs' }).click()
  await versions.waitFor({ state: 'detached' })
  await drawer.getByText('4 of 83 do, since May.').waitFor()
  await page.keyboard.press('Escape')
  await drawer.waitFor({ state: 'detached' })
  expect(takeProblems()).toEqual([])
})

test('of two changes of one note each field is taken from whoever is right', async () => {
  await web.app.perform(addAnnotation, own.as['product-ops'], {
    kind: 'outage',
    from: '2026-02-01',
    to: null,
    text: 'Outage',
  })
  const [mine, theirs] = [
    await openAs('product-ops', '/insights/analyses'),
    await openAs('admin', '/insights/analyses'),
  ]
  const form = async (page: Page) => {
    await page
      .getByRole('row', { name: /Outage/ })
      .getByText('1 Feb 2026')
      .click()
    return page.getByRole('dialog', { name: 'Change the note' })
  }
  const [first, second] = [await form(mine), await form(theirs)]
  await second.getByRole('textbox', { name: /In a few words/ }).fill('Outage of the EU region')
  await second.getByRole('button', { name: 'Save' }).click()
  await second.waitFor({ state: 'detached' })
  await first.getByRole('textbox', { name: /In a few words/ }).fill('Outage, a long one')
  await first.getByLabel('To, if it lasted').fill('2026-02-03')
  await first.getByRole('button', { name: 'Save', exact: true }).click()
  await first.getByRole('radio', { name: 'In a few words: theirs' }).check()
  await first.getByRole('button', { name: 'Save what is chosen' }).click()
  await first.waitFor({ state: 'detached' })
  await mine.getByRole('row', { name: /Outage of the EU region.*1 Feb 2026 to 3 Feb 2026/ }).waitFor()
  expect(takeProblems()).toEqual([])
})
