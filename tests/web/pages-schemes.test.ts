/** Every page, opened by its address in dark and then turned to light: it breaks nothing and keeps axe’s rules in both. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { violations } from './axe.ts'
import { picture, signIn, takeProblems } from './browser.ts'
import { companyOfAllRoles, further, pages, parts, show } from './pages.ts'

let web: Awaited<ReturnType<typeof companyOfAllRoles>>
let page: Page
beforeAll(async () => {
  web = await companyOfAllRoles()
  page = await web.open({ scheme: 'dark' })
  await signIn(page, web.people.admin)
})
afterAll(() => web.close())

describe.each([...pages, ...further, ...parts])('“%s”', (path, heading) => {
  beforeAll(async () => {
    await page.emulateMedia({ colorScheme: 'dark' })
    await show(page, web.slug, path, heading)
  })

  test.each(['dark', 'light'] as const)(`keeps the rules of WCAG 2.2 AA in %s: ${heading}`, async (scheme) => {
    await page.emulateMedia({ colorScheme: scheme })
    // Turned over, with no colour still on its way.
    await page.waitForFunction(
      (wanted) =>
        document.documentElement.dataset['mantineColorScheme'] === wanted && document.getAnimations().length === 0,
      scheme,
    )
    expect(await violations(page)).toEqual([])
    await picture(page, `${scheme}${path.replaceAll(/[/?=]/g, '-') || '-home'}`)
    expect(takeProblems()).toEqual([])
  })
})
