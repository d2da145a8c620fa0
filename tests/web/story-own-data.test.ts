/** Dirty files of one's own, dropped in as they are, end on the right heat map. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { violations } from './axe.ts'
import { picture, signIn, takeProblems, webApp, type WebApp } from './browser.ts'

let web: WebApp
let folder: string
beforeAll(async () => {
  web = await webApp()
  folder = await mkdtemp(join(tmpdir(), 'throughline-files-'))
})
afterAll(async () => {
  await web.close()
  await rm(folder, { recursive: true, force: true })
})

const days = Array.from({ length: 24 }, (_, i) => ({ year: 2024 + Math.floor(i / 12), month: (i % 12) + 1 }))
const german = (year: number, month: number, day: number) =>
  `${String(day).padStart(2, '0')}.${String(month).padStart(2, '0')}.${year}`

/* 24 accounts: 12 “Gross” of which 2 share, 12 “Klein” of which 10 share; everybody exports. Account 24 is only in billing. */
const accounts = Array.from({ length: 24 }, (_, i) => ({
  id: `K${i + 1}`,
  name: `Kunde ${i + 1} GmbH`,
  segment: i < 12 ? 'Groß' : 'Klein',
  shares: i < 12 ? i < 2 : i < 22,
}))

const accountsFile = () =>
  [
    'Kundennummer;Firma;Segment;Betreuer;Verlängerung',
    ...accounts.map(
      (a, i) =>
        `${a.id};"${a.name}";${a.segment};Team ${i % 2 === 0 ? 'Süd' : 'Nord'};${german(2026, 1 + (i % 12), 15)}`,
    ),
  ].join('\r\n')
const subscriptionsFile = () =>
  [
    'subscription_id;customer_id;start;end;mrr;currency',
    ...accounts.map((a, i) => `S${i + 1};${a.id};${german(2023, 5, 13)};;${i < 12 ? '1.000,50' : '100,00'};EUR`),
    `S1;K1;${german(2023, 5, 13)};;1.000,50;EUR`,
    `S2;K2;${german(2024, 1, 1)};;77,00;EUR`,
  ].join('\n')
/* Keyed by subscription, day first and ambiguous on purpose: no day above the 12th. */
const usageFile = () =>
  [
    'date;subscription_id;event;count',
    ...days.flatMap(({ year, month }) =>
      accounts.flatMap((a, i) => [
        `05/${String(month).padStart(2, '0')}/${year};S${i + 1};export.csv;3`,
        ...(a.shares
          ? [
              `07/${String(month).padStart(2, '0')}/${year};S${i + 1};share.link_created;2`,
              `07/${String(month).padStart(2, '0')}/${year};S${i + 1};share.comment;1`,
            ]
          : []),
        `09/${String(month).padStart(2, '0')}/${year};S${i + 1};page_view;9`,
      ]),
    ),
    ...accounts.map((_, i) => `12/12/2025;S${i + 1};page_view;1`),
  ].join('\n')

async function drop(page: Page, name: string, content: string | Uint8Array): Promise<void> {
  await writeFile(join(folder, name), content)
  await page.goto(page.url().replace(/\/w\/([^/]+).*$/, '/w/$1/data/import'))
  await page.locator('input[type=file]').setInputFiles(join(folder, name))
  await page.getByRole('columnheader', { name: 'Column of the file' }).waitFor()
}
const finish = async (page: Page, button: string | RegExp) => {
  await page.getByRole('button', { name: 'Check the file' }).click()
  await page.getByRole('button', { name: button }).click()
  await page.getByRole('button', { name: 'Import another file' }).waitFor({ timeout: 30_000 })
}

test('European dirty files, keyed by subscription, are mapped, checked, imported, named, and give the right cells', async () => {
  const { app } = web
  app.clock.set('2026-01-05T10:00:00Z')
  const workspace = await app.workspace()
  const page = await web.open()
  await signIn(page, workspace.as['product-ops'].actor!.email)
  await page.getByRole('heading', { name: 'Five steps to the answer' }).waitFor()
  expect(await violations(page)).toEqual([])

  await drop(page, 'kunden.csv', Buffer.from(accountsFile(), 'latin1'))
  await page.getByText(/LATIN-1 · semicolon between columns · lines end in CR LF/).waitFor()
  const proposed = (label: string) =>
    page
      .getByRole('combobox', { name: label })
      .or(page.getByRole('textbox', { name: label }))
      .first()
      .inputValue()
  expect([
    await proposed('This file holds'),
    await proposed('Column for Account id'),
    await proposed('Column for Name'),
    await proposed('Column for Owner'),
    await proposed('Column for Renewal date'),
    await page.getByLabel('Form').inputValue(),
  ]).toEqual(['Accounts', 'Kundennummer', 'Firma', 'Betreuer', 'Verlängerung', 'D.M.YYYY'])
  expect(await violations(page)).toEqual([])
  await picture(page, 'import-map')
  await finish(page, 'Import 24 rows')

  await drop(page, 'abos.csv', subscriptionsFile())
  await page.getByRole('button', { name: 'Check the file' }).click()
  await page.getByText('The same id stands above with other content').first().waitFor()
  expect(await violations(page)).toEqual([])
  await picture(page, 'import-check')
  await page.getByRole('button', { name: 'Import 25 rows, leave 1 out' }).click()
  await page.getByText('26 read = 24 new + 0 changed + 1 unchanged + 1 rejected').waitFor({ timeout: 30_000 })

  await drop(page, 'nutzung.csv', usageFile())
  await page.getByText(/Which way round are the dates in “date”/).waitFor()
  expect(await page.getByRole('button', { name: 'Check the file' }).isDisabled()).toBe(true)
  await page.getByLabel(/day first/).check()
  await finish(page, /^Import [\d,]+ rows$/)
  await page.getByRole('link', { name: 'Name the features' }).click()

  await page.getByRole('heading', { name: 'Proposed from the event names' }).waitFor()
  await page.getByRole('textbox', { name: 'Name for Share' }).fill('Collaboration')
  await page.getByRole('checkbox', { name: 'Share is core' }).check()
  expect(await violations(page)).toEqual([])
  await picture(page, 'features')
  await page.getByRole('button', { name: 'Make 2 features' }).click()
  await page.getByRole('table', { name: 'Features' }).getByText('Collaboration').waitFor()

  await page.getByRole('navigation', { name: 'Main', exact: true }).getByRole('link', { name: 'Insights' }).click()
  const cell = (label: RegExp) => page.getByRole('button', { name: label })
  await cell(/^Collaboration, Groß: 17.%, 2 of 12 accounts.*directional.*€120.k of ARR does not use it/).waitFor({
    timeout: 30_000,
  })
  await cell(/^Collaboration, Klein: 83.%, 10 of 12 accounts/).waitFor()
  await cell(/^Export, Groß: 100.%, 12 of 12 accounts/).waitFor()
  expect(await page.getByRole('region', { name: 'Heat map' }).getByText('page_view').count()).toBe(0)
  await page.getByText(/Groß accounts hardly use the core feature Collaboration: 2 of 12 eligible accounts/).waitFor()
  await picture(page, 'own-data')
  await cell(/^Collaboration, Groß/).click()
  // November is the last complete month, ended 36 days ago, so renewals count from today; account 3 renews on 15 March.
  await page.getByRole('dialog').getByText('1 renews by 5 Apr 2026').waitFor()
  await page
    .getByRole('dialog')
    .getByRole('row', { name: /Kunde 3 GmbH.*15 Mar 2026/ })
    .waitFor()
  expect(takeProblems()).toEqual([])
})
