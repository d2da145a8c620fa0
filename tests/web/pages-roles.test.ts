/** Every page as every role: the menu holds what the role may open, those pages work, and the others say no in words. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { roles } from '../../src/platform/auth/permissions.ts'
import { violations } from './axe.ts'
import { signIn, takeProblems } from './browser.ts'
import { companyOfAllRoles, forStakeholders, further, isThere, pages, show } from './pages.ts'

let web: Awaited<ReturnType<typeof companyOfAllRoles>>
beforeAll(async () => {
  web = await companyOfAllRoles()
})
afterAll(() => web.close())

test.each(roles)('the menu of a %s holds what the role may open, and those pages work', async (role) => {
  const page = await web.open()
  await signIn(page, web.people[role])
  const mine =
    role === 'stakeholder'
      ? pages.map(
          ([path, heading, allowed]) =>
            [path, forStakeholders[path] ?? heading, path in forStakeholders ? roles : allowed] as const,
        )
      : pages
  await show(page, web.slug, '', mine[0]![1])
  const menu = page.getByRole('navigation', { name: 'Main', exact: true })
  for (const [path, heading, allowed] of mine) {
    if (path === '/data/import' || path === '/insights/metrics/nrr') continue
    const link = menu.locator(`a[href="/w/${web.slug}${path}"]`)
    expect([path, await link.count()]).toEqual([path, allowed.includes(role) ? 1 : 0])
    if (!allowed.includes(role)) continue
    await link.click()
    await isThere(page, heading)
    expect([path, await page.getByRole('alert').count()]).toEqual([path, 0])
  }
  for (const [path, heading, allowed] of further) {
    expect([path, await menu.locator(`a[href="/w/${web.slug}${path}"]`).count()]).toEqual([path, 0])
    if (role === 'stakeholder') continue
    await menu.locator(`a[href="/w/${web.slug}/insights/analyses"]`).click()
    await isThere(page, 'What can be asked?')
    const link = page.getByRole('main').locator(`a[href="/w/${web.slug}${path}"]`)
    expect([path, await link.count()]).toEqual([path, allowed.includes(role) ? 1 : 0])
    if (!allowed.includes(role)) continue
    await link.click()
    await isThere(page, heading)
    expect([path, await page.getByRole('alert').count()]).toEqual([path, 0])
  }
  // What a role may not open says so in words, by whatever way it is reached.
  for (const [path, , allowed] of [...mine, ...further]) {
    if (allowed.includes(role)) continue
    await page.goto(`/w/${web.slug}${path}`)
    await page
      .getByText(role === 'stakeholder' ? 'This page was not shared with you' : 'This page is not for your role')
      .waitFor()
    expect([path, await page.getByRole('alert').count()]).toEqual([path, 0])
  }
  expect([await violations(page), takeProblems()]).toEqual([[], []])
})
