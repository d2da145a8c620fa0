import { afterAll, beforeAll, expect, test } from 'vitest'
import { testApp, type TestApp } from '../../../tests/support/app.ts'
import { addAnnotation, listAnnotationsOperation, removeAnnotation, updateAnnotationOperation } from './operations.ts'

let app: TestApp
beforeAll(async () => {
  app = await testApp()
})
afterAll(() => app.close())

const draft = { kind: 'outage' as const, from: '2025-07-01', to: '2025-07-03', text: "Logins failed; 'EU' only" }

test('a note is added, changed and taken off; others see it, another workspace does not, and the audit log knows', async () => {
  const workspace = await app.workspace()
  const other = await app.workspace()
  const { id } = await app.perform(addAnnotation, workspace.as.leader, draft)
  await app.perform(addAnnotation, workspace.as['product-manager'], {
    ...draft,
    from: '2025-09-01',
    to: null,
    kind: 'price-change',
  })
  const { rows } = await app.perform(listAnnotationsOperation, workspace.as.leader, {})
  expect(rows.map((r) => [r.kind, r.from, r.to, r.text])).toEqual([
    ['price-change', '2025-09-01', null, draft.text],
    ['outage', '2025-07-01', '2025-07-03', draft.text],
  ])
  expect((await app.perform(listAnnotationsOperation, other.as.admin, {})).rows).toEqual([])
  await expect(app.perform(removeAnnotation, other.as.admin, { id })).rejects.toMatchObject({ code: 'not-found' })

  expect(
    await app.perform(updateAnnotationOperation, workspace.as.leader, {
      ...draft,
      id,
      version: 1,
      to: null,
      text: 'An hour only',
    }),
  ).toEqual({ version: 2 })
  await expect(
    app.perform(updateAnnotationOperation, workspace.as.leader, { ...draft, id, version: 1 }),
  ).rejects.toMatchObject({ code: 'conflict' })
  expect(
    (await app.perform(listAnnotationsOperation, workspace.as.leader, {})).rows.find((r) => r.id === id),
  ).toMatchObject({ text: 'An hour only', to: null, version: 2 })
  await app.perform(removeAnnotation, workspace.as.leader, { id })
  expect((await app.perform(listAnnotationsOperation, workspace.as.leader, {})).rows.length).toBe(1)
  const audit = await app.services.db
    .selectFrom('audit')
    .where('workspace_id', '=', workspace.id)
    .select(['operation', 'target'])
    .execute()
  expect(
    audit
      .map((a) => a.operation)
      .filter((name) => name.startsWith('insights.annotations'))
      .sort(),
  ).toEqual([
    'insights.annotations.add',
    'insights.annotations.add',
    'insights.annotations.remove',
    'insights.annotations.update',
  ])
})

test('a span that ends before it begins, an empty text and who may not are told so', async () => {
  const workspace = await app.workspace()
  await expect(app.perform(addAnnotation, workspace.as.leader, { ...draft, to: '2025-06-30' })).rejects.toMatchObject({
    code: 'invalid',
  })
  await expect(app.perform(addAnnotation, workspace.as.leader, { ...draft, text: '   ' })).rejects.toMatchObject({
    code: 'invalid',
  })
  await expect(app.perform(addAnnotation, workspace.as.stakeholder, draft)).rejects.toMatchObject({ code: 'forbidden' })
})
