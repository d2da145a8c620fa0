import { z } from 'zod'
import { VersionNumber } from '../../platform/field-types.ts'
import { operation, type WorkspaceContext } from '../../platform/operation.ts'
import { charters } from './queries.ts'
import { changesOf, checkLines, type Lines } from './rules.ts'

const Line = z
  .string()
  .trim()
  .min(3)
  .max(300)
  .regex(/^[^\n\r]*$/, 'a text in one line')
const Side = z.array(Line).max(40)

const CharterText = z.object({
  team: z.string().trim().min(1).max(300).describe('who delivers it: the team of today'),
  above: Side.describe('what the team of today delivers'),
  below: Side.describe('what only a larger team could'),
  because: z.string().trim().max(1000).default('').describe('why it is so, or why it changed'),
})

const Edition = z.object({
  edition: z.int(),
  by: z.string(),
  at: z.string(),
  because: z.string(),
  changes: z.array(
    z.object({
      text: z.string(),
      move: z.enum(['taken on', 'put off', 'moved above', 'moved below', 'left out']),
    }),
  ),
})
const Charter = z.object({
  team: z.string(),
  above: z.array(z.string()),
  below: z.array(z.string()),
  because: z.string(),
  version: z.int().describe('the edition; 0 before the first one'),
  editions: z.array(Edition).describe('the newest first, each with what changed'),
})

const StringList = z.array(z.string()).catch([])

/** Editions are what the history of the record says of it. */
async function readCharter({ db, scope }: WorkspaceContext): Promise<z.infer<typeof Charter>> {
  const { publishedBy: _, publishedAt: __, ...charter } = await charters.find(db, scope)
  const byEdition = [...Map.groupBy(await charters.history(db, scope), (c) => c.version)].sort(([a], [b]) => a - b)
  let before: Lines = { above: [], below: [] }
  let because = ''
  const editions = byEdition.map(([edition, changes]) => {
    const after = { ...before }
    for (const { field, after: value } of changes) {
      if (field === 'above' || field === 'below') after[field] = StringList.parse(value)
      if (field === 'because') because = String(value ?? '')
    }
    const { by, at } = changes[0]!
    const made = { edition, by: by.name, at: at.toISOString(), because, changes: changesOf(before, after) }
    before = after
    return made
  })
  return { ...charter, editions: editions.reverse() }
}

export const getCharter = operation({
  name: 'setup.charter.get',
  summary: 'What Product Ops delivers and what it does not, with every edition and what changed',
  kind: 'read',
  may: 'shared:read',
  input: z.object({}),
  output: Charter,
  example: () => ({}),
  csv: {
    fileName: () => 'charter.csv',
    rows: (o) => [
      ...o.above.map((text) => ({ line: 'above', text })),
      ...o.below.map((text) => ({ line: 'below', text })),
    ],
  },
  run: (context) => readCharter(context),
})

export const publishCharter = operation({
  name: 'setup.charter.publish',
  summary: 'Publish an edition of the charter to everybody in the workspace',
  kind: 'write',
  may: 'setup:edit',
  input: CharterText.extend({ version: VersionNumber.describe('the edition that was read; 0 for the first one') }),
  output: Charter,
  example: () => ({ team: 'One person', above: ['Usage of any feature within a day'], below: [], version: 0 }),
  target: (input) => `edition ${input.version + 1}`,
  async run(context, { version, ...text }) {
    checkLines(text)
    const { actor, now } = context
    await charters.changeAtVersion(
      context,
      { version, given: text },
      { ...text, publishedBy: actor.userId, publishedAt: now() },
      () => readCharter(context),
    )
    return readCharter(context)
  },
})
