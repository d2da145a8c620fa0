/** A figure is watched, crosses its threshold, is acknowledged and published; when a file changes it, what was told still stands, marked. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { enqueueRefresh } from '../../src/insights/datasets/refresh-wanted.ts'
import { insights } from '../../src/insights/tables.ts'
import { violations } from './axe.ts'
import { picture, sampleWeb, signIn, takeProblems, type SampleWeb } from './browser.ts'

let web: SampleWeb
let slug: string
let workspaceId: string
let ownerId: string
beforeAll(async () => {
  web = await sampleWeb()
  ;({ slug, workspaceId, ownerId } = web)
  // The stories begin where nobody watches or aims at anything yet.
  for (const table of ['metric', 'objective'] as const)
    await insights(web.app.services.db).deleteFrom(table).where('workspace_id', '=', workspaceId).execute()
})
afterAll(() => web.close())

test('from a target to an alert, a note, a published value and its restatement', async () => {
  const page = await web.open()
  await signIn(page, 'owner@example.com')
  await page.goto(`/w/${slug}/insights/metrics`)
  await page.getByRole('main').getByRole('button', { name: 'Watch a figure' }).first().click()
  const form = page.getByRole('dialog')
  await form.getByRole('button', { name: 'Add a target' }).click()
  await form.getByLabel('Value of target 1').fill('130')
  await form.getByRole('button', { name: 'Add a threshold' }).click()
  await form.getByLabel('Value of threshold 1').fill('120 %')
  expect(await violations(page)).toEqual([])
  await picture(page, 'story-metrics-form')
  await form.getByRole('button', { name: 'Watch this figure' }).click()
  const row = page
    .getByRole('region', { name: 'Watched figures' })
    .getByRole('row')
    .filter({ hasText: 'NRR, 12 months' })
  await row.getByText('not met yet').waitFor()
  await row.getByText('1 crossed').waitFor()

  await page.goto(`/w/${slug}`)
  await page.getByText('1 threshold was crossed').waitFor()
  await page.getByRole('button', { name: 'Acknowledge' }).click()
  await page.getByLabel('What is made of it').fill('The price change of March; expected.')
  await page.getByRole('button', { name: 'Say so' }).click()
  await page.getByText('1 threshold was crossed').waitFor({ state: 'detached' })

  await page.goto(`/w/${slug}/insights/metrics`)
  await row.getByRole('link', { name: 'NRR, 12 months' }).click()
  await page.getByRole('heading', { name: 'How is NRR doing?', level: 1 }).waitFor()
  await page.getByText('The price change of March; expected.').waitFor()
  await page.getByRole('button', { name: 'Publish' }).click()
  await page.getByRole('dialog').getByLabel('Where, or to whom').fill('Board meeting of January')
  expect(await violations(page)).toEqual([])
  await picture(page, 'story-metrics-publish')
  await page.getByRole('dialog').getByRole('button', { name: 'Publish' }).click()
  const told = page.getByRole('region', { name: 'Published figures' })
  await told.getByText('as published').waitFor()

  await (
    await web.app.services.warehouses.open(workspaceId)
  ).write(async (con) => {
    await con.run(
      `update subscription set end_date = date '2025-12-15' where end_date is null and hash(ext_id) % 4 = 0 and start_date < date '2025-12-01'`,
    )
    await con.run(`insert into dirty_part values ('revenue')`)
  })
  const job = await web.app.services.transaction((tx) => enqueueRefresh(tx, web.app.services, workspaceId, ownerId))
  await web.app.services.jobs.settled(job)
  // The open page hears of it and says so by itself.
  await told.getByText('restated').waitFor()
  await page
    .getByText(/was published as .* on .*; by today’s data it is /)
    .first()
    .waitFor()
  await picture(page, 'story-metrics-restated')
  expect(takeProblems()).toEqual([])
})

test('a definition is changed on the feature’s page; what was published by the old one still stands, marked, and one switch restates the past', async () => {
  const page = await web.open()
  await signIn(page, 'owner@example.com')
  await page.goto(`/w/${slug}/data/event-rules`)
  await page
    .getByRole('table', { name: 'Features' })
    .getByRole('row', { name: /Reports/ })
    .click()
  await page.getByRole('heading', { name: 'Who has adopted Reports?' }).waitFor()
  const featureId = JSON.parse(new URL(page.url()).searchParams.get('id')!.replace(/^(?!")(.*)$/, '"$1"')) as string
  const figure = `/w/${slug}/insights/metrics/adoption-rate?${new URLSearchParams({ featureId })}`
  await page.goto(figure)
  await page.getByRole('button', { name: 'Publish' }).click()
  await page.getByRole('dialog').getByLabel('Where, or to whom').fill('Board meeting of January')
  await page.getByRole('dialog').getByRole('button', { name: 'Publish' }).click()
  const told = page.getByRole('region', { name: 'Published figures' })
  await told.getByText('as published').waitFor()
  const published = await told.getByRole('row').nth(1).textContent()

  await page.goto(`/w/${slug}/insights/feature?id=${featureId}`)
  await page.getByRole('button', { name: 'Propose another definition' }).click()
  const form = page.getByRole('dialog')
  await form.getByLabel('At least').fill('6')
  await form.getByLabel('Holds from').fill('2025-09-01')
  await form.getByRole('textbox', { name: 'Why' }).fill('Once a month is no habit')
  await form.getByText(/would have adopted/).waitFor()
  expect(await violations(page)).toEqual([])
  await form.getByLabel('Approve it myself; that is recorded').check()
  await form.getByRole('button', { name: 'Approve and use' }).click()
  await page.getByText('in force').waitFor()
  await page.getByText(/version 1 holds from here, at least 6 days with use in the full month/).waitFor()
  await page.getByText('approved by the same person').waitFor()
  const before = await page
    .getByRole('table', { name: 'Adoption by month and segment' })
    .getByRole('row', { name: /Aug 2025 All/ })
    .textContent()
  await page.getByLabel('Restate the past by the latest definition').check()
  await page.getByRole('row', { name: /Aug 2025 All .*version 1/ }).waitFor()
  expect(
    await page
      .getByRole('table', { name: 'Adoption by month and segment' })
      .getByRole('row', { name: /Aug 2025 All/ })
      .textContent(),
  ).not.toBe(before)
  await picture(page, 'story-definition')

  await page.goto(figure)
  await told.getByText('restated').waitFor()
  await page
    .getByText(/was published as .* by today’s data it is .*definition/)
    .first()
    .waitFor()
  expect((await told.getByRole('row').nth(1).textContent())!.slice(0, 13)).toBe(published!.slice(0, 13))
  expect(takeProblems()).toEqual([])
})

test('an objective is set, and where it stands is what the data says', async () => {
  const page = await web.open()
  await signIn(page, 'owner@example.com')
  await page.goto(`/w/${slug}/insights/objectives`)
  await page.getByRole('main').getByRole('button', { name: 'New objective' }).first().click()
  const form = page.getByRole('dialog')
  await form.getByLabel('What should become better').fill('Enterprise stays')
  await form.getByLabel('Owner').fill('Robin Example')
  await form.getByRole('button', { name: /Take the data’s .* as the start/ }).click()
  await form.getByLabel('Target of key result 1').fill('140')
  expect(await violations(page)).toEqual([])
  await picture(page, 'story-objective-form')
  await form.getByRole('button', { name: 'Set the objective' }).click()
  const objective = page.getByRole('rowgroup', { name: 'Enterprise stays' })
  await objective.getByText(/of the way; the line is at 0/).waitFor()
  await objective.getByText('on the line').waitFor()
  await objective.getByText('on the line').click()
  await page.getByRole('dialog').getByRole('button', { name: 'Take out' }).click()
  await page.getByText('No objective is set yet').waitFor()
  await page.getByRole('button', { name: 'Undo' }).click()
  await objective.waitFor()
  expect(takeProblems()).toEqual([])
})

test('switches of the forms of NRR are in the address and say their size', async () => {
  const page = await web.open()
  await signIn(page, 'owner@example.com')
  await page.goto(`/w/${slug}/insights/nrr-variants`)
  await page.getByRole('switch', { name: 'Agreed rises count as expansion' }).click()
  await page.waitForURL(/leaveOutEscalators=true/)
  await page.getByText('as chosen here').waitFor()
  expect(await page.getByRole('switch', { name: 'One-off charges count' }).isDisabled()).toBe(true)
  await page.getByText('Map “One-off” of the subscriptions').waitFor()
  await page
    .getByRole('article', { name: 'One less net MRR churn' })
    .getByText('1 − (churn + contraction − expansion − reactivation) / MRR at the start')
    .waitFor()
  expect(takeProblems()).toEqual([])
})
