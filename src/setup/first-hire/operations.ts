import { z } from 'zod'
import { VersionNumber } from '../../platform/field-types.ts'
import { precondition } from '../../platform/errors.ts'
import { operation, type WorkspaceContext } from '../../platform/operation.ts'
import { charters } from '../charter/queries.ts'
import { choices } from '../pillar-choice/queries.ts'
import { pillars, type Pillar } from '../taxonomy.ts'
import { documentOf } from './document.ts'
import { profiles } from './profiles.ts'
import { firstHires } from './queries.ts'
import { adviceOf, descriptionOf, kitOf, ratioOf } from './rules.ts'
import { Advice, HireDraft, Profile } from './schemas.ts'

const Hire = z.object({
  draft: HireDraft.extend({ version: z.int() }),
  pillar: z.enum(pillars).nullable().describe('the one that is hired for; null: none is chosen yet'),
  profile: Profile.nullable(),
  title: z.string(),
  description: z.string().describe('as it was edited, else as the profile and the charter make it'),
  advice: z.array(Advice),
  ratio: z.number().nullable().describe('product managers for each person in Product Ops'),
})
type Hire = z.infer<typeof Hire>

/** @param wanted for this pillar, whatever was chosen */
async function readHire({ db, scope }: WorkspaceContext, wanted: Pillar | null = null): Promise<Hire> {
  const draft = await firstHires.find(db, scope)
  const pillar = wanted ?? draft.pillar ?? (await choices.find(db, scope)).pillar
  if (pillar === null)
    return {
      draft,
      pillar,
      profile: null,
      title: draft.title,
      description: draft.description,
      advice: [],
      ratio: ratioOf(draft),
    }
  const profile = profiles[pillar]
  const title = draft.title || profile.title
  const { above } = await charters.find(db, scope)
  return {
    draft,
    pillar,
    profile,
    title,
    description: draft.description || descriptionOf(pillar, title, draft.reportsTo, above),
    advice: adviceOf(pillar, draft),
    ratio: ratioOf(draft),
  }
}

export const getFirstHire = operation({
  name: 'setup.firstHire.get',
  summary: 'Whom to hire first: profile, advice, job description and interview kit',
  kind: 'read',
  may: 'setup:read',
  input: z.object({}),
  output: Hire,
  example: () => ({}),
  csv: {
    fileName: () => 'scorecard.csv',
    rows: ({ profile }) =>
      (profile?.criteria ?? []).map((criterion) => ({ criterion, score_1_to_4: null, because: null })),
  },
  run: (context) => readHire(context),
})

export const saveFirstHire = operation({
  name: 'setup.firstHire.save',
  summary: 'Say whom is looked for, to whom they report, and edit the job description',
  kind: 'write',
  may: 'setup:edit',
  input: HireDraft.extend({ version: VersionNumber }),
  output: Hire,
  example: () => ({ pillar: 'data' as const, background: 'analyst' as const, version: 0 }),
  async run(context, { version, ...draft }) {
    await firstHires.changeAtVersion(context, { version, given: draft }, draft, () =>
      firstHires.find(context.db, context.scope),
    )
    return readHire(context)
  },
})

const word = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'

export const exportFirstHire = operation({
  name: 'setup.firstHire.export',
  summary: 'The job description or the interview kit as a file, in Markdown or for Word',
  kind: 'read',
  may: 'setup:read',
  input: z.object({
    what: z.enum(['description', 'kit']),
    as: z.enum(['markdown', 'docx']).default('docx'),
    pillar: z.enum(pillars).nullable().default(null).describe('null: the one that is hired for'),
  }),
  output: z.object({ fileName: z.string(), mediaType: z.string(), base64: z.string() }),
  example: () => ({ what: 'description' as const, as: 'markdown' as const, pillar: 'data' as const }),
  async run(context, { what, as, pillar }) {
    const { title, description, profile } = await readHire(context, pillar)
    if (what === 'kit' ? profile === null : description === '')
      throw precondition('No pillar is chosen yet. Choose one, or say for which one the hire is, then export.')
    const text = what === 'description' ? description : kitOf(title, profile!)
    const name = what === 'description' ? 'job-description' : 'interview-kit'
    return as === 'markdown'
      ? { fileName: `${name}.md`, mediaType: 'text/markdown', base64: Buffer.from(text, 'utf8').toString('base64') }
      : { fileName: `${name}.docx`, mediaType: word, base64: (await documentOf(title, text)).toString('base64') }
  },
})
