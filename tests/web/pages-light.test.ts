/** Every page in light, opened by its address: it breaks nothing and keeps axe’s rules. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { violations } from './axe.ts'
import { picture, signIn, takeProblems } from './browser.ts'
import { companyOfAllRoles, further, pages, show } from './pages.ts'

let web: Awaited<ReturnType<typeof companyOfAllRoles>>
beforeAll(async () => {
  web = await companyOfAllRoles()
})
afterAll(() => web.close())

test.each([
  ['every page of the menu', pages],
  ['every further page', further],
])('%s keeps the rules of WCAG 2.2 AA in light', { timeout: 180_000 }, async (_, some) => {
  const page = await web.open({ scheme: 'light' })
  await signIn(page, web.people.admin)
  for (const [path, heading] of some) {
    await show(page, web.slug, path, heading)
    expect([path, await violations(page)]).toEqual([path, []])
    await picture(page, `light${path.replaceAll('/', '-') || '-home'}`)
  }
  expect(takeProblems()).toEqual([])
})
