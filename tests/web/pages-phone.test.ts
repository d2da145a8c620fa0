/** Every page on a phone: it fits the width, keeps axe’s rules, and has its menu below. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { violations } from './axe.ts'
import { picture, signIn } from './browser.ts'
import { companyOfAllRoles, further, pages, show, widthOf } from './pages.ts'

let web: Awaited<ReturnType<typeof companyOfAllRoles>>
beforeAll(async () => {
  web = await companyOfAllRoles()
})
afterAll(() => web.close())

test.each([
  ['every page of the menu', pages],
  ['every further page', further],
])('on a phone %s fits the width, keeps the rules, and has its menu below', async (_, some) => {
  const page = await web.open({ width: 390, height: 844 })
  await signIn(page, web.people.admin)
  for (const [path, heading] of some) {
    await show(page, web.slug, path, heading)
    expect([path, await widthOf(page)]).toEqual([path, 0])
    expect([path, await violations(page)]).toEqual([path, []])
    await picture(page, `phone${path.replaceAll('/', '-') || '-home'}`)
  }
  await page.getByRole('button', { name: 'More' }).click()
  await page.getByRole('dialog').getByRole('link', { name: 'Definitions' }).click()
  await page.getByRole('heading', { name: 'What do the numbers mean?' }).waitFor()
})
