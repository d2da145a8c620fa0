/** Every page as every role: the menu and its tabs hold what the role may open, those pages work, and the others say no in words. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { roles, type Role } from '../../src/platform/auth/permissions.ts'
import { pages as webPages } from '../../web/rooms.ts'
import { violations } from './axe.ts'
import { signIn, takeProblems } from './browser.ts'
import { companyOfAllRoles, forStakeholders, further, isThere, pages, show, visit } from './pages.ts'

let web: Awaited<ReturnType<typeof companyOfAllRoles>>
let page: Page
beforeAll(async () => {
  web = await companyOfAllRoles()
  page = await web.open()
})
afterAll(() => web.close())

/** A stakeholder finds other pages under the same addresses. */
const pagesOf = (role: Role): typeof pages =>
  role === 'stakeholder'
    ? pages.map(([path, heading, allowed]) => [
        path,
        forStakeholders[path] ?? heading,
        path in forStakeholders ? roles : allowed,
      ])
    : pages

describe.each(roles)('as %s', (role) => {
  // In the same browser, as on a machine that people share.
  beforeAll(async () => {
    await page.context().clearCookies()
    await signIn(page, web.people[role])
    await show(page, web.slug, '', pagesOf(role)[0]![1])
  })
  const menu = () => page.getByRole('navigation', { name: 'Main', exact: true })
  const addressOf = (path: string) => `/w/${web.slug}${path}`
  const tabs = () => page.locator('nav.tabs')
  /** By its link where one is in sight, as the others are once their place is open. */
  const open = async (path: string, heading: string) => {
    const link = page.locator(`nav.rail a[href="${addressOf(path)}"], nav.tabs a[href="${addressOf(path)}"]`).first()
    if ((await link.count()) > 0) await link.click()
    else await page.evaluate((to) => window.history.pushState({}, '', to), addressOf(path))
    await isThere(page, heading)
    expect([path, await page.getByRole('alert').count()]).toEqual([path, 0])
  }
  const links = async () => [
    ...(await menu()
      .getByRole('link')
      .evaluateAll((all) => all.map((a) => a.getAttribute('href')))),
    ...(await tabs()
      .getByRole('link')
      .evaluateAll((all) => all.map((a) => a.getAttribute('href')))),
  ]

  test('the menu and the tabs of its places hold what the role may open and nothing else, and those pages work', async () => {
    const mine = [...pagesOf(role), ...further].filter(([, , allowed]) => allowed.includes(role))
    const found = new Set<string | null>()
    for (const [path, heading] of mine) {
      await open(path, heading)
      for (const link of await links()) found.add(link)
    }
    const tabbed = mine.map(([path]) => path).filter((path) => webPages.find((p) => p.path === path)?.tab)
    expect([...found].sort()).toEqual(tabbed.map(addressOf).sort())
  })

  test('the page of analyses leads to those that the role may open', async () => {
    if (role === 'stakeholder') return
    await open('/insights/analyses', 'What can be asked?')
    const linkTo = (path: string) => page.getByRole('main').locator(`a[href="${addressOf(path)}"]`)
    for (const [path, , allowed] of further)
      expect([path, await linkTo(path).count()]).toEqual([path, allowed.includes(role) ? 1 : 0])
    const [first] = further
    await linkTo(first![0]).click()
    await isThere(page, first![1])
  })

  test('what the role may not open says so in words, by whatever way it is reached', async () => {
    const refused = [...pagesOf(role), ...further].filter(([, , allowed]) => !allowed.includes(role))
    const said = page.getByText(
      role === 'stakeholder' ? 'This page was not shared with you' : 'This page is not for your role',
    )
    for (const [i, [path]] of refused.entries()) {
      // The first by its address, the others from a page that is open; a page of one's own between shows that each says so itself.
      if (i === 0) await page.goto(addressOf(path))
      else {
        await visit(page, web.slug, '/data/definitions', 'What do the numbers mean?')
        await page.evaluate((to) => window.history.pushState({}, '', to), addressOf(path))
      }
      await said.waitFor()
      expect([path, await page.getByRole('alert').count()]).toEqual([path, 0])
    }
    expect([await violations(page), takeProblems()]).toEqual([[], []])
  })
})
