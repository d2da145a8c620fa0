import { z } from 'zod'
import { VersionNumber } from '../../platform/field-types.ts'
import { operation, type WorkspaceContext } from '../../platform/operation.ts'
import { namesOfPeople } from '../../platform/people/queries.ts'
import { readFindings } from '../findings.ts'
import { pillars } from '../taxonomy.ts'
import { choices, situations } from './queries.ts'
import { checkChoice, recommend } from './rules.ts'
import { PillarSituation, Sum } from './schemas.ts'

const Pillar = z.enum(pillars)
const Choice = z.object({
  pillar: Pillar.nullable(),
  because: z.string().nullable(),
  recommended: Pillar.nullable().describe('as it was when it was chosen'),
  sums: z.array(Sum).describe('as they were when it was chosen'),
  by: z.string().nullable(),
  at: z.string().nullable(),
  version: z.int(),
})

async function readChoice({ db, scope }: WorkspaceContext): Promise<z.infer<typeof Choice>> {
  const { chosenBy, chosenAt, ...choice } = await choices.find(db, scope)
  const names = await namesOfPeople(db, chosenBy === null ? [] : [chosenBy])
  return {
    ...choice,
    by: chosenBy === null ? null : (names.get(chosenBy) ?? 'somebody who left'),
    at: chosenAt?.toISOString() ?? null,
  }
}

export const getPillar = operation({
  name: 'setup.pillar.get',
  summary: 'Which pillar to begin with: the sum of reasons, what would change it, and what was chosen',
  kind: 'read',
  may: 'setup:read',
  input: z.object({}),
  output: z.object({
    sums: z.array(Sum),
    recommended: Pillar.nullable(),
    missing: z.array(z.string()),
    sensitivity: z.array(z.object({ pillar: Pillar, behind: z.number(), changes: z.array(z.string()) })),
    said: PillarSituation.extend({ version: z.int() }),
    choice: Choice,
    asOf: z.string().nullable().describe('of the listening tour'),
  }),
  example: () => ({}),
  csv: {
    fileName: () => 'pillar.csv',
    rows: (o) =>
      o.sums.flatMap((s) =>
        s.reasons.map((r) => ({ pillar: s.pillar, reason: r.reason, points: r.points, because: r.because })),
      ),
  },
  async run(context) {
    const findings = await readFindings(context)
    const said = await situations.find(context.db, context.scope)
    return { ...recommend(findings, said), said, choice: await readChoice(context), asOf: findings.asOf }
  },
})

export const saveSituation = operation({
  name: 'setup.pillar.saveSituation',
  summary: 'Say what the listening tour cannot measure: the situation, what leaders lack, what exists already',
  kind: 'write',
  may: 'setup:edit',
  input: PillarSituation.extend({ version: VersionNumber }),
  output: PillarSituation.extend({ version: z.int() }),
  example: () => ({ situation: 'high-growth' as const, version: 0 }),
  async run(context, { version, ...said }) {
    const current = () => situations.find(context.db, context.scope)
    await situations.changeAtVersion(context, { version, given: said }, said, current)
    return current()
  },
})

export const choosePillar = operation({
  name: 'setup.pillar.choose',
  summary: 'Choose the pillar to begin with, in one’s own name; otherwise than recommended with a reason',
  kind: 'write',
  may: 'setup:choose',
  input: z.object({
    pillar: Pillar,
    because: z.string().trim().min(3).max(2000).nullable().default(null),
    version: VersionNumber,
  }),
  output: Choice,
  example: () => ({ pillar: 'data' as const, because: 'Growth is what we live on.', version: 0 }),
  target: (input) => input.pillar,
  async run(context, { version, pillar, because }) {
    const { db, scope, actor, now } = context
    const { sums, recommended } = recommend(await readFindings(context), await situations.find(db, scope))
    checkChoice(pillar, because, recommended)
    const change = { pillar, because, recommended, sums, chosenBy: actor.userId, chosenAt: now() }
    await choices.changeAtVersion(context, { version, given: { pillar, because } }, change, () => readChoice(context))
    return readChoice(context)
  },
})
