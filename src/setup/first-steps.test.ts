/** From the choice of a pillar to a charter and a first hire, through the permissions, the versions and the audit log. */
import { text as textOf } from 'node:stream/consumers'
import { promisify } from 'node:util'
import yauzl, { type Entry } from 'yauzl'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testApp, type TestApp, type TestWorkspace } from '../../tests/support/app.ts'
import { listAuditOperation } from '../platform/audit/operations.ts'
import { getCharter, publishCharter } from './charter/operations.ts'
import { exportFirstHire, getFirstHire, saveFirstHire } from './first-hire/operations.ts'
import { choosePillar, getPillar, saveSituation } from './pillar-choice/operations.ts'

let app: TestApp
let own: TestWorkspace
let other: TestWorkspace
beforeAll(async () => {
  app = await testApp()
  own = await app.workspace()
  other = await app.workspace()
})
afterAll(() => app.close())

/** The text of one part of a packed document. */
async function partOf(document: Buffer, name: string): Promise<string> {
  const zip = await promisify<Buffer, yauzl.Options, yauzl.ZipFile>(yauzl.fromBuffer)(document, { lazyEntries: true })
  return new Promise((resolve, reject) => {
    zip.on('error', reject)
    zip.on('end', () => reject(new Error(`there is no ${name}`)))
    zip.on('entry', (entry: Entry) => {
      if (entry.fileName !== name) zip.readEntry()
      else zip.openReadStream(entry, (error, stream) => (error ? reject(error) : resolve(textOf(stream))))
    })
    zip.readEntry()
  })
}

test('nothing is recommended of nothing; what is said makes a sum, and a person chooses in their own name', async () => {
  expect(await app.perform(getPillar, own.as['product-manager'], {})).toMatchObject({
    recommended: null,
    choice: { pillar: null, version: 0 },
  })
  const said = { situation: 'high-growth' as const, leadersLack: 'figures' as const, version: 0 }
  await app.perform(saveSituation, own.as['product-ops'], said)
  await expect(app.perform(saveSituation, own.as.leader, said)).rejects.toMatchObject({
    code: 'conflict',
    details: { current: { situation: 'high-growth', version: 1 } },
  })
  expect(await app.perform(getPillar, own.as.leader, {})).toMatchObject({ recommended: 'data' })
  await expect(app.perform(choosePillar, own.as['product-ops'], { pillar: 'data', version: 0 })).rejects.toMatchObject({
    code: 'forbidden',
  })
  await expect(app.perform(choosePillar, own.as.leader, { pillar: 'process', version: 0 })).rejects.toThrow(
    'To choose otherwise, say why',
  )
  const chosen = await app.perform(choosePillar, own.as.leader, { pillar: 'data', version: 0 })
  expect(chosen).toMatchObject({ pillar: 'data', recommended: 'data', by: own.as.leader.actor!.name, version: 1 })
  const otherwise = { pillar: 'process' as const, because: 'Planning takes three weeks.', version: 1 }
  expect(await app.perform(choosePillar, own.as.admin, otherwise)).toMatchObject({
    pillar: 'process',
    recommended: 'data',
    because: 'Planning takes three weeks.',
  })
  await expect(app.perform(choosePillar, own.as.leader, otherwise)).rejects.toMatchObject({ code: 'conflict' })
  const { rows } = await app.perform(listAuditOperation, own.as.admin, { operation: 'setup.pillar.choose' })
  expect(rows.map((r) => [r.outcome, r.target])).toContainEqual(['done', 'process'])
  expect(await app.perform(getPillar, other.as.admin, {})).toMatchObject({ choice: { pillar: null } })
})

test('a charter is read by everybody, in editions that say what changed', async () => {
  const first = { team: 'One person', above: ['Usage within a day', 'One roadmap'], below: ['Research'], version: 0 }
  await app.perform(publishCharter, own.as['product-ops'], first)
  await app.perform(publishCharter, own.as.leader, {
    team: 'Two people',
    above: ['Usage within a day', 'Research'],
    below: [],
    because: 'A second hire.',
    version: 1,
  })
  const read = await app.perform(getCharter, own.as.stakeholder, {})
  expect(read).toMatchObject({
    team: 'Two people',
    version: 2,
    editions: [
      {
        edition: 2,
        by: own.as.leader.actor!.name,
        because: 'A second hire.',
        changes: [
          { text: 'Research', move: 'moved above' },
          { text: 'One roadmap', move: 'left out' },
        ],
      },
      { edition: 1, changes: [{ move: 'taken on' }, { move: 'taken on' }, { move: 'put off' }] },
    ],
  })
  await expect(app.perform(publishCharter, own.as.admin, first)).rejects.toMatchObject({
    code: 'conflict',
    details: { current: { version: 2 } },
  })
  await expect(app.perform(publishCharter, own.as['product-manager'], first)).rejects.toMatchObject({
    code: 'forbidden',
  })
  expect(await app.perform(getCharter, other.as.admin, {})).toMatchObject({ version: 0, editions: [] })
})

test('a first hire follows the pillar, is advised on, and leaves as a file for Word and in Markdown', async () => {
  await expect(app.perform(exportFirstHire, other.as.admin, { what: 'kit' })).rejects.toMatchObject({
    code: 'precondition',
  })
  expect(await app.perform(getFirstHire, own.as.leader, {})).toMatchObject({ pillar: 'process' })
  const hire = await app.perform(saveFirstHire, own.as.leader, {
    pillar: 'data',
    background: 'database-engineer',
    reportsTo: 'operations',
    version: 0,
  })
  expect(hire.advice.filter((a) => a.isCaution).map((a) => a.about)).toEqual(['background', 'reporting line'])
  expect(hire.description).toContain('- Usage within a day')
  const file = await app.perform(exportFirstHire, own.as['product-manager'], { what: 'description' })
  const text = await partOf(Buffer.from(file.base64, 'base64'), 'word/document.xml')
  expect(text).toContain('Usage within a day')
  expect(text).not.toContain('#')
  const kit = await app.perform(exportFirstHire, own.as.leader, { what: 'kit', as: 'markdown', pillar: 'customer' })
  expect(Buffer.from(kit.base64, 'base64').toString('utf8')).toContain('## Scorecard')
})
