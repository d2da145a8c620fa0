/** Every page in dark, in light and on a phone: it breaks nothing, keeps axe’s rules, and fits the width. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { violations } from './axe.ts'
import { picture, signIn, takeProblems } from './browser.ts'
import { companyOfAllRoles, further, pages, parts, show, visit, widthOf } from './pages.ts'

const desktop = { width: 1280, height: 900 }
const phone = { width: 390, height: 844 }

let web: Awaited<ReturnType<typeof companyOfAllRoles>>
let page: Page
beforeAll(async () => {
  web = await companyOfAllRoles()
  page = await web.open({ scheme: 'dark', ...desktop })
  await signIn(page, web.people.admin)
  await show(page, web.slug, '/data/definitions', 'What do the numbers mean?')
})
afterAll(() => web.close())

/** Until it is turned over, with no colour still on its way. */
async function turn(scheme: 'dark' | 'light'): Promise<void> {
  await page.emulateMedia({ colorScheme: scheme })
  await page.waitForFunction(
    (wanted) =>
      document.documentElement.dataset['mantineColorScheme'] === wanted &&
      document.getAnimations().every((one) => one.playState === 'finished'),
    scheme,
  )
}
const take = (what: string, path: string) => picture(page, `${what}${path.replaceAll(/[/?=]/g, '-') || '-home'}`)

describe.each([...pages, ...further, ...parts])('“%s”', (path, heading) => {
  beforeAll(async () => {
    await page.setViewportSize(desktop)
    await visit(page, web.slug, path, heading)
  })

  test(`in dark it keeps the rules of WCAG 2.2 AA: ${heading}`, async () => {
    await turn('dark')
    expect(await violations(page)).toEqual([])
    await take('dark', path)
    expect(takeProblems()).toEqual([])
  })

  test(`in light the contrasts are there too: ${heading}`, async () => {
    await turn('light')
    expect(await violations(page, { coloursAlone: true })).toEqual([])
    await take('light', path)
  })

  test(`on a phone it fits the width and keeps the rules: ${heading}`, async () => {
    await page.setViewportSize(phone)
    await page.waitForFunction(() => document.querySelectorAll('.loading').length === 0)
    await expect.poll(() => widthOf(page)).toBe(0)
    expect(await violations(page)).toEqual([])
    await take('phone', path)
  })
})

test.each([pages.at(-1)!, further.at(-1)!])('on a phone “%s” has its menu below', async (path, heading) => {
  await page.setViewportSize(phone)
  await show(page, web.slug, path, heading)
  expect(await widthOf(page)).toBe(0)
  expect(await violations(page)).toEqual([])
  await page.getByRole('button', { name: 'More' }).click()
  await page.getByRole('dialog').getByRole('link', { name: 'Definitions' }).click()
  await page.getByRole('heading', { name: 'What do the numbers mean?' }).waitFor()
})
