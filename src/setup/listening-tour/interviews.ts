/** Interviews: with a name, confidential and not anonymous. Read by Product Ops and administrators; others see sums over several. */
import { z } from 'zod'
import { precondition } from '../../platform/errors.ts'
import { Id } from '../../platform/field-types.ts'
import { newId } from '../../platform/ids.ts'
import { operation, type WorkspaceContext } from '../../platform/operation.ts'
import { notFound } from '../../platform/errors.ts'
import { audiences } from '../taxonomy.ts'
import { interviewPromise } from './confidentiality.ts'
import { interviews, type StoredInterview } from './queries.ts'
import { questionSets } from './question-sets.ts'
import { Audience, FrictionEntry, Known } from './schemas.ts'
import { knownOf } from './showing.ts'

const Moment = z
  .string()
  .max(40)
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?Z$/, 'a moment such as 2026-01-31T09:30Z')
const longestNotes = 20_000
const Fields = z.object({
  audience: Audience,
  person: z.string().trim().min(1).max(120),
  role: z.string().trim().max(120).default(''),
  slot: Moment.nullable().default(null),
  notes: z.string().max(longestNotes).default(''),
  share: z.number().min(0).max(100).nullable().default(null).describe('per cent of their week, as they say'),
  frictions: z.array(FrictionEntry).max(10).default([]),
  mayQuote: z.boolean().default(false),
})
const Interview = Fields.extend({
  id: z.string(),
  state: z.enum(['planned', 'held']),
  heldAt: z.string().nullable(),
  version: z.int(),
})
export type Interview = z.infer<typeof Interview>

const show = ({ createdBy: _by, createdAt: _at, ...i }: StoredInterview): Interview => ({
  ...i,
  slot: i.slot?.toISOString() ?? null,
  heldAt: i.heldAt?.toISOString() ?? null,
})
async function shown({ db, scope }: Pick<WorkspaceContext, 'db' | 'scope'>, id: string): Promise<Interview> {
  const found = await interviews.find(db, scope, id)
  if (!found) throw notFound('interview', id)
  return show(found)
}
const moment = (given: string | null | undefined) => (given ? new Date(given) : given === null ? null : undefined)

export const listInterviews = operation({
  name: 'setup.interviews.list',
  summary: 'Interviews of the listening tour, with the guide for each audience and what the person is told first',
  kind: 'read',
  may: 'setup:listen',
  sensitive: true,
  input: z.object({}),
  output: z.object({
    interviews: z.array(Interview),
    promise: z.string(),
    guides: z.array(z.object({ audience: Audience, questions: z.array(z.string()) })),
  }),
  example: () => ({}),
  run: async ({ db, scope }) => ({
    interviews: (await interviews.list(db, scope)).map(show),
    promise: interviewPromise,
    guides: audiences.map((audience) => ({ audience, questions: questionSets[audience].map((q) => q.text) })),
  }),
})

export const createInterview = operation({
  name: 'setup.interviews.create',
  summary: 'Plan an interview of the listening tour',
  kind: 'write',
  may: 'setup:listen',
  input: Fields,
  output: Interview,
  example: () => ({ audience: 'leaders' as const, person: 'Ada' }),
  target: (_, output) => output?.id ?? null,
  async run(context, { slot, ...draft }) {
    const { db, scope, actor, now } = context
    const id = newId(now().getTime())
    await interviews.insert(
      db,
      scope,
      { ...draft, id, slot: moment(slot) ?? null, state: 'planned', createdBy: actor.userId, createdAt: now() },
      now(),
    )
    return shown(context, id)
  },
})

export const changeInterview = operation({
  name: 'setup.interviews.change',
  summary: 'Write down what was said in an interview, and code it like an answer',
  kind: 'write',
  may: 'setup:listen',
  input: Known.extend(Fields.partial().shape).extend({ state: z.enum(['planned', 'held']).optional() }),
  output: Interview,
  example: (f) => ({ id: f['interviewId']!, version: 1, notes: 'Figures take a day.', state: 'held' as const }),
  target: (input) => input.id,
  async run(context, sent) {
    const known = knownOf(sent)
    const { slot, ...change } = known.given
    const before = await interviews.needVersion(context, known, () => shown(context, sent.id))
    if (change.state === 'planned' && before.state === 'held')
      throw precondition(`The interview with ${before.person} was held; it cannot be planned again.`)
    const at = moment(slot)
    await interviews.changeAtVersion(
      context,
      known,
      {
        ...change,
        ...(at === undefined ? {} : { slot: at }),
        ...(change.state === 'held' && !before.heldAt ? { heldAt: context.now() } : {}),
      },
      () => shown(context, sent.id),
    )
    return shown(context, sent.id)
  },
})

export const removeInterview = operation({
  name: 'setup.interviews.remove',
  summary: 'Remove an interview with its notes',
  kind: 'write',
  may: 'setup:listen',
  input: z.object({ id: Id }),
  output: z.object({}),
  example: (f) => ({ id: f['interviewId']! }),
  target: (input) => input.id,
  async run(context, { id }) {
    await interviews.remove(context, id)
    return {}
  },
})
