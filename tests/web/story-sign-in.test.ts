/** Every way in, as a person walks it: the password and the second step, the sign-on, the forgotten password, the devices. */
import type { AddressInfo } from 'node:net'
import type { Page } from 'playwright-core'
import { SMTPServer } from 'smtp-server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testPassword, type TestWorkspace } from '../support/app.ts'
import { openIdProvider, type OpenIdProvider } from '../support/openid-provider.ts'
import { totp } from '../support/totp.ts'
import { violations } from './axe.ts'
import { picture, takeProblems, webApp, type WebApp } from './browser.ts'

let web: WebApp
let provider: OpenIdProvider
let post: SMTPServer
let workspace: TestWorkspace
const mails: string[] = []
beforeAll(async () => {
  post = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, _session, done) {
      let text = ''
      stream.on('data', (part: Buffer) => {
        text += part.toString()
      })
      stream.on('end', () => {
        mails.push(text)
        done()
      })
    },
  })
  await new Promise<void>((resolve) => {
    post.listen(0, '127.0.0.1', () => resolve())
  })
  let address = ''
  provider = await openIdProvider(() => address)
  web = await webApp({
    mailUrl: `smtp://127.0.0.1:${(post.server.address() as AddressInfo).port}`,
    signOn: provider.settings,
  })
  address = web.address
  workspace = await web.app.workspace()
})
afterAll(async () => {
  await web.close()
  await provider.close()
  await new Promise<void>((resolve) => {
    post.close(() => resolve())
  })
})

async function enter(page: Page, email: string, password: string): Promise<void> {
  await page.goto('/sign-in')
  await page.getByLabel('E-mail').fill(email)
  await page.getByRole('textbox', { name: 'Password' }).fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}
const inside = (page: Page) => page.waitForURL((url) => url.pathname.startsWith('/w/'))
const looks = async (page: Page, name: string) => {
  await picture(page, name)
  expect(await violations(page)).toEqual([])
  expect(takeProblems()).toEqual([])
}

test('a person turns the second step on, comes in by it, and signs their other device out', async () => {
  const { email } = workspace.as.leader.actor!
  const [page, other] = [await web.open(), await web.open({ width: 390, height: 844, scheme: 'dark' })]
  await enter(page, email, 'a wrong password')
  await page.getByText('The e-mail address or the password is not right.').waitFor()
  await looks(page, 'sign-in')
  for (const one of [page, other]) {
    await enter(one, email, testPassword)
    await inside(one)
  }
  await page.goto(`/w/${workspace.slug}/settings/sign-in`)
  await page.getByText('this one').waitFor()
  await looks(page, 'settings-sign-in')
  await page.getByRole('button', { name: 'Sign out everywhere else' }).click()
  await page.getByRole('button', { name: 'Sign out everywhere else' }).waitFor({ state: 'detached' })
  await other.goto(`/w/${workspace.slug}/settings/sign-in`)
  await other.waitForURL((url) => url.pathname === '/sign-in')
  await looks(other, 'sign-in-phone-dark')

  const section = page.getByRole('region', { name: 'Second step' })
  await section.getByRole('button', { name: 'Turn on' }).click()
  await section.getByRole('textbox', { name: 'Your password' }).fill(testPassword)
  await section.getByRole('button', { name: 'Go on' }).click()
  await section.getByRole('img', { name: 'The key as a QR code' }).waitFor()
  const secret = (await section.locator('.second-step-key').innerText()).replaceAll(/\s/g, '')
  await looks(page, 'settings-second-step')
  await section.getByRole('textbox', { name: 'The code that it shows now' }).fill(totp(secret, 0))
  await section.getByRole('button', { name: 'Turn on' }).click()
  await section.getByText('Keep these recovery codes').waitFor()
  const recovery = await section.locator('.recovery-codes code').first().innerText()
  await looks(page, 'settings-recovery-codes')
  await section.getByRole('button', { name: 'They are kept' }).click()
  await section.getByRole('button', { name: 'New recovery codes' }).waitFor()

  await enter(other, email, testPassword)
  await other.getByRole('heading', { name: 'Second step' }).waitFor()
  await other.getByRole('textbox', { name: 'Code' }).fill('000000')
  await other.getByRole('button', { name: 'Sign in' }).click()
  await other.getByText('The code is not right.').waitFor()
  await looks(other, 'second-step-phone-dark')
  await other.getByRole('button', { name: 'Use a recovery code' }).click()
  await other.getByRole('textbox', { name: 'Recovery code' }).fill(recovery)
  await other.getByRole('button', { name: 'Sign in' }).click()
  await inside(other)
  await other.goto(`/w/${workspace.slug}/settings/sign-in`)
  await other.getByText('this one').waitFor()
  await looks(other, 'settings-sign-in-phone-dark')
})

test('a forgotten password is renewed by a mail, and an unknown address gets the same answer and no mail', async () => {
  const { email } = workspace.as['product-manager'].actor!
  const page = await web.open()
  const askFor = async (address: string) => {
    await page.goto('/sign-in')
    await page.getByRole('link', { name: 'Forgotten the password?' }).click()
    await page.getByRole('heading', { name: 'Choose a new password' }).waitFor()
    await page.getByLabel('E-mail').fill(address)
    await page.getByRole('button', { name: 'Mail me the link' }).click()
    await page.getByText(`If somebody signs in as ${address}, a mail with a link is on its way.`).waitFor()
  }
  await askFor('nobody@example.com')
  await looks(page, 'forgotten')
  await askFor(email)
  await expect.poll(() => mails.length).toBe(1)
  const link = /http:\S+/.exec(mails[0]!.replaceAll('=\r\n', '').replaceAll('=3D', '='))![0]
  const path = /(\/new-password#token=[\w-]+)/.exec(mails[0]!.replaceAll('=\r\n', '').replaceAll('=3D', '='))![1]!
  expect(link).toContain(web.address)
  await page.goto(path)
  await looks(page, 'new-password')
  await page.getByRole('textbox', { name: 'New password' }).fill('quite another one')
  await page.getByRole('button', { name: 'Change the password' }).click()
  await page.getByRole('heading', { name: 'The password is changed' }).waitFor()
  await page.getByRole('link', { name: 'Sign in' }).click()
  await enter(page, email, 'quite another one')
  await inside(page)
})

test('the sign-on brings in who is known and tells a stranger why not', async () => {
  const page = await web.open()
  provider.person({ sub: 's1', email: 'stranger@example.com', email_verified: true })
  await page.goto('/sign-in')
  await page.getByRole('link', { name: 'Continue with Example ID' }).click()
  await page.getByText('Nobody has invited this address yet.').waitFor()
  await looks(page, 'sign-in-not-invited')
  provider.person({ sub: 's2', email: workspace.as.admin.actor!.email, email_verified: true })
  // A browser of somebody else: the provider remembers who it signed in.
  const own = await web.open({ scheme: 'dark' })
  await own.goto(`/w/${workspace.slug}/settings/sign-in`)
  await own.getByRole('link', { name: 'Continue with Example ID' }).click()
  await own.getByText('You can sign in with Example ID').waitFor()
  await looks(own, 'settings-sign-in-dark')
  await own.goto(`/w/${workspace.slug}/settings/people`)
  await own.getByRole('heading', { name: 'Who may do what?' }).waitFor()
})
