/** From who does not use what they pay for to a list that its owners get, and what became of it. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readFile } from 'node:fs/promises'
import { SMTPServer } from 'smtp-server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSampleCompany } from '../../src/setup/sample-company/operations.ts'
import type { Actor } from '../../src/platform/operation.ts'
import { violations } from './axe.ts'
import { picture, signIn, takeProblems, webApp, type WebApp } from './browser.ts'

let web: WebApp
let slug: string
let post: SMTPServer
let hook: Server
const mails: string[] = []
const posts: string[] = []
beforeAll(async () => {
  post = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, session, done) {
      stream.resume()
      stream.on('end', () => {
        mails.push(...session.envelope.rcptTo.map((r) => r.address))
        done()
      })
    },
  })
  await new Promise<void>((resolve) => {
    post.listen(0, '127.0.0.1', () => resolve())
  })
  hook = createServer((request, response) => {
    let body = ''
    request.on('data', (c: Buffer) => {
      body += c.toString()
    })
    request.on('end', () => {
      posts.push(body)
      response.end()
    })
  })
  await new Promise<void>((resolve) => {
    hook.listen(0, '127.0.0.1', () => resolve())
  })
  web = await webApp({
    mailUrl: `smtp://127.0.0.1:${(post.server.address() as AddressInfo).port}`,
    mayReachPrivate: true,
  })
  web.app.clock.set('2026-01-12T09:00:00Z')
  const owner = await web.app.services.signIn.createPerson({
    name: 'The lead',
    email: 'lead@example.com',
    password: 'a long password',
  })
  const actor: Actor = { ...owner, isOwner: true, mayReadPaths: false, face: 'http' }
  const opened = await web.app.perform(openSampleCompany, { actor, workspace: null }, { scale: 0.5 })
  slug = opened.slug
  await web.app.services.jobs.settled(opened.jobId!)
})
afterAll(async () => {
  await web.close()
  hook.close()
  await new Promise<void>((resolve) => {
    post.close(() => resolve())
  })
})

test('the lead narrows it down, keeps a list, mails the owners, posts it, takes it as a file, and puts it away and back', async () => {
  const page = await web.open()
  await signIn(page, 'lead@example.com')
  await page.goto(`/w/${slug}/insights/whitespace`)
  await page.getByRole('heading', { name: 'Who could use what they do not?' }).waitFor()
  const image = page.waitForEvent('download')
  await page.getByRole('button', { name: /^PNG of €.* of ARR has not adopted / }).click()
  expect((await image).suggestedFilename()).toBe('whitespace-by-feature.png')
  await page.getByRole('row', { name: /Collaboration core Enterprise/ }).click()
  await page.waitForURL(/segments=/)
  await page.getByRole('table', { name: 'Accounts of the whitespace' }).getByRole('row').nth(1).waitFor()
  await page.getByRole('button', { name: 'Keep as a list' }).click()
  const form = page.getByRole('dialog')
  await form.getByLabel('Name').fill('Collaboration in Enterprise, winter')
  await form.getByLabel('Note').fill('Please ask why before their renewal.')
  await form.getByRole('button', { name: 'Keep the list' }).click()

  const drawer = page.getByRole('dialog', { name: 'Collaboration in Enterprise, winter' })
  await drawer.getByText(/Kept by The lead on 12 Jan 2026/).waitFor()
  const accounts = (await drawer.getByRole('table', { name: 'Accounts of the list' }).getByRole('row').count()) - 1
  expect(accounts).toBeGreaterThan(20)
  expect(await violations(page)).toEqual([])
  await drawer.getByRole('button', { name: /^Mail \d+ owners?$/ }).click()
  // The sample company writes to nobody: what it would have sent stands in its outbox.
  await drawer.getByText('Held back: This is the sample company').first().waitFor()
  expect(mails).toEqual([])

  await drawer.getByRole('button', { name: 'Webhook …' }).click()
  await drawer.getByLabel('Post to').fill(`http://127.0.0.1:${(hook.address() as AddressInfo).port}/crm`)
  await drawer.getByRole('button', { name: 'Post', exact: true }).click()
  await drawer.getByText(/Post to 127\.0\.0\.1/).waitFor()
  expect(posts).toEqual([])

  const download = page.waitForEvent('download')
  await drawer.getByRole('link', { name: 'Download CSV' }).click()
  expect((await readFile(await (await download).path(), 'utf8')).trim().split('\r\n')).toHaveLength(accounts + 1)
  await drawer.getByText('Downloaded').waitFor()
  await picture(page, 'whitespace-list')

  await drawer.getByRole('button', { name: 'Put the list away' }).click()
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByRole('table', { name: 'Lists' }).getByText('Collaboration in Enterprise, winter').waitFor()
  expect(takeProblems()).toEqual([])
})
