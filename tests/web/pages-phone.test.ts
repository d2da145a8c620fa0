/** Every page on a phone: it fits the width, keeps axe’s rules, and has its menu below. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { violations } from './axe.ts'
import { picture, signIn } from './browser.ts'
import { companyOfAllRoles, further, pages, parts, show, widthOf } from './pages.ts'

let web: Awaited<ReturnType<typeof companyOfAllRoles>>
let page: Page
beforeAll(async () => {
  web = await companyOfAllRoles()
  page = await web.open({ width: 390, height: 844 })
  await signIn(page, web.people.admin)
})
afterAll(() => web.close())

test.each([...pages, ...further, ...parts])(
  'on a phone “%s” fits the width and keeps the rules: %s',
  async (path, heading) => {
    await show(page, web.slug, path, heading)
    expect(await widthOf(page)).toBe(0)
    expect(await violations(page)).toEqual([])
    await picture(page, `phone${path.replaceAll(/[/?=]/g, '-') || '-home'}`)
  },
)

test.each([pages.at(-1)!, further.at(-1)!])('on a phone “%s” has its menu below', async (path, heading) => {
  await show(page, web.slug, path, heading)
  await page.getByRole('button', { name: 'More' }).click()
  await page.getByRole('dialog').getByRole('link', { name: 'Definitions' }).click()
  await page.getByRole('heading', { name: 'What do the numbers mean?' }).waitFor()
})
