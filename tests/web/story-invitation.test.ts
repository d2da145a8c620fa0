/** Somebody without an account opens a link, and joins by it. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { invitePerson, listPeopleOperation, withdrawInvitation } from '../../src/platform/people/operations.ts'
import { testPassword, type TestWorkspace } from '../support/app.ts'
import { violations } from './axe.ts'
import { picture, takeProblems, webApp, type WebApp } from './browser.ts'

let web: WebApp
let w: TestWorkspace
beforeAll(async () => {
  web = await webApp()
  w = await web.app.workspace()
})
afterAll(() => web.close())

test('a new person joins by the link, whose address no other request names; opened again it has been used', async () => {
  const { link } = await web.app.perform(invitePerson, w.as.admin, { email: 'new@example.com', role: 'leader' })
  const token = link.split('/l/')[1]!
  const page = await web.open({ width: 390, scheme: 'dark' })
  const told: string[] = []
  page.on('request', (request) => {
    if (new URL(request.url()).pathname !== `/l/${token}`)
      told.push(`${request.url()} ${request.headers()['referer'] ?? ''}`)
  })
  await page.goto(`/invitation?token=${token}`)
  await page.getByRole('heading', { name: 'Join Test company' }).waitFor()
  await page.getByText('You are invited as leader, under new@example.com.').waitFor()
  expect([await violations(page), takeProblems()]).toEqual([[], []])
  await picture(page, 'invitation')
  await page.getByLabel('Your name').fill('New person')
  await page.getByLabel('Choose a password').fill('short one')
  await page.getByRole('button', { name: 'Join' }).click()
  await page.getByLabel('Choose a password').fill('a password of their own')
  await page.getByRole('button', { name: 'Join' }).click()
  await page.waitForURL(/\/w\//)
  expect(told.filter((request) => request.includes(token) && !request.includes('/invitation?'))).toEqual([])
  const { people } = await web.app.perform(listPeopleOperation, w.as.admin)
  expect(people.find((p) => p.email === 'new@example.com')).toMatchObject({ name: 'New person', role: 'leader' })

  await page.goto(link)
  await page.getByRole('heading', { name: 'This link does not work' }).waitFor()
  await page.getByText('This link has been used. Ask whoever gave it to you for a new one.').waitFor()
  expect([await violations(page), takeProblems()]).toEqual([[], []])
})

test('a known person joins by their password and by no other; a withdrawn link leads nowhere', async () => {
  const known = await web.app.person({ name: 'Known person', email: 'known@example.com' })
  const { link } = await web.app.perform(invitePerson, w.as.admin, { email: known.email, role: 'stakeholder' })
  const page = await web.open()
  await page.goto(link)
  await page.getByLabel('Your password').fill('a wrong password')
  await page.getByRole('button', { name: 'Join' }).click()
  await page.getByText('The password is not right.').waitFor()
  await page.getByLabel('Your password').fill(testPassword)
  await page.getByRole('button', { name: 'Join' }).click()
  await page.waitForURL(/\/w\//)
  const other = await web.app.perform(invitePerson, w.as.admin, { email: 'other@example.com', role: 'leader' })
  await web.app.perform(withdrawInvitation, w.as.admin, { id: other.id })
  await page.goto(other.link)
  await page.getByText('This link has expired.').waitFor()
  expect(takeProblems()).toEqual([])
})
