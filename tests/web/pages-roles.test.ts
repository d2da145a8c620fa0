/** Every page as every role: the menu holds what the role may open, those pages work, and the others say no in words. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Locator, Page } from 'playwright-core'
import { roles, type Role } from '../../src/platform/auth/permissions.ts'
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
  const open = async (link: Locator, path: string, heading: string) => {
    await link.click()
    await isThere(page, heading)
    expect([path, await page.getByRole('alert').count()]).toEqual([path, 0])
  }

  test('the menu holds what the role may open, and those pages work', async () => {
    for (const [path, heading, allowed] of pagesOf(role)) {
      if (path === '/data/import' || path === '/insights/metrics/nrr') continue
      const link = menu().locator(`a[href="${addressOf(path)}"]`)
      expect([path, await link.count()]).toEqual([path, allowed.includes(role) ? 1 : 0])
      if (allowed.includes(role)) await open(link, path, heading)
    }
  })

  test('further pages are not in the menu; the page of analyses leads to those that the role may open', async () => {
    for (const [path] of further)
      expect([
        path,
        await menu()
          .locator(`a[href="${addressOf(path)}"]`)
          .count(),
      ]).toEqual([path, 0])
    if (role === 'stakeholder') return
    const analyses = async () => {
      await menu()
        .locator(`a[href="${addressOf('/insights/analyses')}"]`)
        .click()
      await isThere(page, 'What can be asked?')
    }
    const linkTo = (path: string) => page.getByRole('main').locator(`a[href="${addressOf(path)}"]`)
    await analyses()
    for (const [path, , allowed] of further)
      expect([path, await linkTo(path).count()]).toEqual([path, allowed.includes(role) ? 1 : 0])
    for (const [i, [path, heading]] of further.filter(([, , allowed]) => allowed.includes(role)).entries()) {
      if (i === 0) await open(linkTo(path), path, heading)
      else await visit(page, web.slug, path, heading)
      expect([path, await page.getByRole('alert').count()]).toEqual([path, 0])
    }
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
        await visit(page, web.slug, '/insights/definitions', 'What do the numbers mean?')
        await page.evaluate((to) => window.history.pushState({}, '', to), addressOf(path))
      }
      await said.waitFor()
      expect([path, await page.getByRole('alert').count()]).toEqual([path, 0])
    }
    expect([await violations(page), takeProblems()]).toEqual([[], []])
  })
})
