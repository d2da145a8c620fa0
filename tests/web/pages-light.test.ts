/** Every page in light, opened by its address: it breaks nothing and keeps axe’s rules. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { violations } from './axe.ts'
import { picture, signIn, takeProblems } from './browser.ts'
import { companyOfAllRoles, further, pages, parts, show } from './pages.ts'

let web: Awaited<ReturnType<typeof companyOfAllRoles>>
let page: Page
beforeAll(async () => {
  web = await companyOfAllRoles()
  page = await web.open({ scheme: 'light' })
  await signIn(page, web.people.admin)
})
afterAll(() => web.close())

test.each([...pages, ...further, ...parts])(
  '“%s” keeps the rules of WCAG 2.2 AA in light: %s',
  async (path, heading) => {
    await show(page, web.slug, path, heading)
    expect(await violations(page)).toEqual([])
    await picture(page, `light${path.replaceAll(/[/?=]/g, '-') || '-home'}`)
    expect(takeProblems()).toEqual([])
  },
)
