import { z } from 'zod'
import { VersionNumber } from '../../platform/field-types.ts'
import { operation, type WorkspaceContext } from '../../platform/operation.ts'
import { readFindings } from '../findings.ts'
import { valueOf } from '../listening-tour/answers.ts'
import { shareOf } from '../listening-tour/estimates.ts'
import { countsOf, listAnswers, waves } from '../listening-tour/queries.ts'
import { portfolioQuestion } from '../listening-tour/question-sets.ts'
import { readinessSetting } from './queries.ts'
import { triggersOf, verdictOf, type Measured } from './rules.ts'

const Share = z.number().min(0).max(1)
const Readiness = z.object({
  verdict: z.enum(['yes', 'likely', 'not-yet', 'unknown']),
  triggers: z.array(
    z.object({
      key: z.enum(['share', 'opaque', 'teams']),
      title: z.string(),
      isMet: z.boolean().nullable(),
      isOnTheLine: z.boolean(),
      value: z.number().nullable(),
      low: z.number().nullable(),
      high: z.number().nullable(),
      threshold: z.number(),
      basis: z.enum(['measured', 'said', 'unknown']),
      restsOn: z.string(),
      asOf: z.string().nullable(),
    }),
  ),
  said: z.object({ share: z.number().nullable(), opaque: z.enum(['yes', 'no']).nullable(), teams: z.int().nullable() }),
  version: z.int(),
})

/** Leaders who place themselves in the lower half of the scale cannot say what teams work on and why. */
const opaqueUpTo = 2

async function measuredOpaque({ db, scope }: WorkspaceContext): Promise<Measured['opaque']> {
  const own = (await waves.list(db, scope)).filter(
    (w) =>
      w.state !== 'draft' &&
      w.audience === 'leaders' &&
      w.questions.some((q) => q.id === portfolioQuestion && q.kind === 'scale'),
  )
  const counts = await countsOf(
    db,
    scope,
    own.map((w) => w.id),
  )
  const wave = own.find((w) => (counts.get(w.id)?.answered ?? 0) > 0)
  if (!wave) return null
  const given = (await listAnswers(db, scope, [wave.id]))
    .map((a) => valueOf(a.content, portfolioQuestion))
    .filter((v) => typeof v === 'number')
  const share = shareOf(
    given.map((v) => (v <= opaqueUpTo ? 100 : 0)),
    counts.get(wave.id)?.invited ?? given.length,
  )
  return (
    share && {
      ...share,
      people: given.length,
      asOf: (wave.closedAt ?? wave.openedAt)?.toISOString().slice(0, 10) ?? null,
    }
  )
}

async function show(context: WorkspaceContext): Promise<z.infer<typeof Readiness>> {
  const setting = await readinessSetting.find(context.db, context.scope)
  const findings = await readFindings(context)
  const own = findings.shares.find((s) => s.audience === 'product-managers')
  const opaque = setting.saidOpaque === 'yes' || setting.saidOpaque === 'no' ? setting.saidOpaque : null
  const triggers = triggersOf(
    setting,
    {
      share: setting.saidShare,
      opaque,
      teams: setting.saidTeams,
      at: setting.saidAt?.toISOString().slice(0, 10) ?? null,
    },
    {
      share: own?.share ? { ...own.share, people: own.people, asOf: own.asOf } : null,
      opaque: await measuredOpaque(context),
    },
  )
  return {
    verdict: verdictOf(triggers),
    triggers,
    said: { share: setting.saidShare, opaque, teams: setting.saidTeams },
    version: setting.version,
  }
}

export const readReadiness = operation({
  name: 'setup.readiness.read',
  summary: 'Whether it is time for Product Operations: three triggers, what each rests on and since when',
  kind: 'read',
  may: 'setup:read',
  restsOn: ['setup.tour', 'setup.interviews'],
  input: z.object({}),
  output: Readiness,
  example: () => ({}),
  run: (context) => show(context),
})

export const setReadiness = operation({
  name: 'setup.readiness.set',
  summary: 'Change a trigger’s threshold, or say what is not measured',
  kind: 'write',
  may: 'setup:edit',
  input: z.object({
    version: VersionNumber,
    shareAbove: Share.optional(),
    opaqueAbove: Share.optional(),
    teamsAbove: z.int().min(1).max(1000).optional(),
    saidShare: Share.nullable().optional(),
    saidOpaque: z.enum(['yes', 'no']).nullable().optional(),
    saidTeams: z.int().min(0).max(10_000).nullable().optional(),
  }),
  output: Readiness,
  example: () => ({ version: 0, shareAbove: 0.25, saidTeams: 12 }),
  target: () => 'when it is time',
  async run(context, { version, ...given }) {
    const says = [given.saidShare, given.saidOpaque, given.saidTeams].some((v) => v !== undefined)
    await readinessSetting.changeAtVersion(
      context,
      { version, given },
      { ...given, ...(says ? { saidAt: context.now() } : {}) },
      () => show(context),
    )
    return show(context)
  },
})
