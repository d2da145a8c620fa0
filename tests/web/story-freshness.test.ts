/** A file imported by hand repeats by itself from a folder; when it stays away every page says so, and a file that cannot be read waits for a person. */
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startDue } from '../../src/insights/datasets/schedules/ticker.ts'
import type { TestWorkspace } from '../support/app.ts'
import { violations } from './axe.ts'
import { picture, signIn, takeProblems, webApp, type WebApp } from './browser.ts'

let web: WebApp
let root: string
let own: TestWorkspace
beforeAll(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'exports-')))
  web = await webApp({ importRoots: [{ path: root, workspace: null }] })
  own = await web.app.workspace()
  await mkdir(join(root, 'product'))
})
afterAll(async () => {
  await web.close()
  await rm(root, { recursive: true, force: true })
})

async function clock(iso: string) {
  web.app.clock.set(iso)
  await startDue(web.app.services)
  await web.app.settle(own.id)
}

test('from a file by hand to one every day, late, refused, and put right', async () => {
  const page = await web.open({ height: 1400 })
  web.app.clock.set('2026-11-23T09:00:00Z')
  await signIn(page, own.as['product-ops'].actor!.email)
  const file = join(root, 'by-hand.csv')
  await writeFile(file, `user_id,account_id\n${Array.from({ length: 20 }, (_, i) => `u${i},a${i % 4}`).join('\n')}\n`)
  await page.goto(`/w/${own.slug}/data/import`)
  await page.locator('input[type=file]').setInputFiles(file)
  await page.getByRole('button', { name: /^Check/ }).click()
  await page.getByRole('button', { name: 'Import 20 rows' }).click()
  await page.getByRole('link', { name: 'Repeat this every day' }).click()

  const form = page.getByRole('dialog')
  await form.getByRole('textbox', { name: 'Folder' }).fill(`${root}/product/../..`)
  await form.getByRole('textbox', { name: 'File names' }).fill('users-*.csv')
  await form.getByRole('button', { name: 'Start the schedule' }).click()
  await form.getByRole('alert').getByText('lies outside of what may be read').waitFor()
  await form.getByRole('textbox', { name: 'Folder' }).fill(`${root}/product`)
  await form.getByRole('textbox', { name: 'Name', exact: true }).fill('Users of the product')
  await form.getByRole('button', { name: 'Start the schedule' }).click()
  await form.waitFor({ state: 'detached' })
  const schedules = page.getByRole('region', { name: 'Schedules' })
  await schedules.getByText('every day at 06:00', { exact: false }).waitFor()

  await page.getByRole('button', { name: 'Set by when Users are expected' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
  await page.getByText('by 07:00 every weekday').waitFor()
  expect([await violations(page), await page.locator('.top-late').count()]).toEqual([[], 0])

  await writeFile(join(root, 'product', 'users-2.csv'), 'user_id,account_id\nu30,a1\n,a2\n')
  await clock('2026-11-25T08:00:00Z')
  await clock('2026-11-25T08:01:30Z')
  await page.reload()
  await page.locator('.top-late').getByText('late: users were expected by 07:00').first().waitFor()
  await schedules
    .getByText('1 of 2 rows of users-2.csv cannot be read, and none may be left out.', { exact: false })
    .waitFor()
  await picture(page, 'story-freshness-stopped')
  expect(await violations(page)).toEqual([])

  // A leader, who may change nothing, learns it from whatever page.
  const reader = await web.open({ width: 390, height: 844 })
  await signIn(reader, own.as.leader.actor!.email)
  await reader.goto(`/w/${own.slug}/data/definitions`)
  await reader.locator('.top-strip').click()
  await reader.getByRole('heading', { name: 'What data is there?' }).waitFor()
  await reader.getByRole('main').getByText('Late: users were expected by 07:00.').waitFor()
  await reader
    .getByText(
      'The scheduled import “Users of the product” has stopped since 25 Nov 2026: a file waits for a decision.',
    )
    .waitFor()
  expect([
    await violations(reader),
    await reader.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
    await reader.getByRole('region', { name: 'Schedules' }).count(),
  ]).toEqual([[], 0, 0])
  await picture(reader, 'story-freshness-phone')

  await schedules.getByRole('button', { name: 'Import the rest' }).click()
  await schedules
    .getByText('users-2.csv: 2 rows read, 1 new, 0 changed, 0 unchanged, 1 left out.', { exact: false })
    .waitFor()
  await page.getByText('Nothing is late and nothing looks odd.', { exact: false }).waitFor()
  expect([await page.locator('.top-late').count(), takeProblems()]).toEqual([0, []])
  await page.getByRole('button', { name: 'Actions for Users of the product' }).click()
  await page.getByRole('menuitem', { name: 'What it did' }).click()
  await page.getByRole('dialog').getByRole('table', { name: 'Runs' }).getByText('imported').waitFor()
})
