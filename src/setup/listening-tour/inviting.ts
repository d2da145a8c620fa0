/** Asks, reminds and plays back to the people of a wave: messages of the outbox, a few hundred at a time. */
import { z } from 'zod'
import { spendBudget } from '../../platform/asking/budget.ts'
import { askingPolicies } from '../../platform/asking/rules.ts'
import { jobKind, type JobContext } from '../../platform/jobs/queue.ts'
import { notifyLive } from '../../platform/live/queries.ts'
import { writeMessage } from '../../platform/outbox/writing.ts'
import { findWorkspace } from '../../platform/workspaces/queries.ts'
import {
  listCountedTokens,
  listInvited,
  markAsked,
  membersByEmail,
  waves,
  type Invited,
  type StoredWave,
} from './queries.ts'
import { mailOf, mayRemind, type Occasion } from './mails.ts'
import { tokenFor, tokenHashFor, tourPurpose } from './tokens.ts'

export const inviteJobKind = 'setup.tourMails'
const atOnce = 100

export const inviteJob = jobKind({
  kind: inviteJobKind,
  touches: ['setup.tour'],
  input: z.object({ waveId: z.uuid(), what: z.enum(['ask', 'remind', 'play-back']) }),
  async run(context, { waveId, what }) {
    const { services, db, scope, workspaceId, now } = context
    const wave = await waves.find(db, scope, waveId)
    if (!wave) return { state: 'done', result: { told: 0, rested: 0 } }
    const company = (await findWorkspace(db, workspaceId))?.name ?? ''
    const counted = await listCountedTokens(db, scope, waveId)
    const today = now().toISOString().slice(0, 10)
    const due = (await listInvited(db, scope, waveId)).filter((p) => {
      const hasAnswered = counted.has(tokenHashFor(waveId, p.id, services))
      if (what === 'ask') return p.askedOn === null
      return what === 'remind' ? !hasAnswered && mayRemind(p, today) : hasAnswered
    })
    const result = { told: 0, rested: 0 }
    for (let from = 0; from < due.length; from += atOnce) {
      const some = due.slice(from, from + atOnce)
      await services.transaction(async (tx) => {
        const allowed = what === 'ask' ? await withinBudget({ ...context, db: tx }, some) : some
        result.rested += some.length - allowed.length
        result.told += allowed.length
        if (services.mail.isSetUp) await writeMails({ ...context, db: tx }, { wave, company, what }, allowed)
        if (what !== 'play-back')
          await markAsked(
            tx,
            scope,
            allowed.map((p) => p.id),
            today,
          )
        await notifyLive(tx, workspaceId, ['setup.tour'])
      })
    }
    return { state: 'done', result }
  },
})

/** One budget of asking over all rooms: who was asked often enough rests, and is asked by the next round. */
async function withinBudget(context: JobContext, people: readonly Invited[]): Promise<Invited[]> {
  const known = await membersByEmail(
    context.db,
    context.scope,
    people.map((p) => p.email),
  )
  const spent = await spendBudget(
    context,
    askingPolicies.colleagues,
    people.map((person) => {
      const userId = known.get(person.email)
      return userId === undefined ? { email: person.email, person } : { userId, person }
    }),
    tourPurpose,
  )
  return spent.filter((s) => s.isAllowed).map((s) => s.who.person)
}

async function writeMails(
  context: JobContext,
  { wave, company, what }: { wave: StoredWave; company: string; what: Occasion },
  people: readonly Invited[],
): Promise<void> {
  const { services, createdBy } = context
  for (const person of people)
    await writeMessage(context, {
      key: `tour ${wave.id} ${person.id} ${what} ${what === 'remind' ? person.reminders + 1 : 1}`,
      content: {
        channel: 'mail',
        to: person.email,
        ...mailOf(what, {
          name: person.name,
          company,
          note: wave.note,
          groupOf: wave.groupOf,
          closesOn: wave.closesOn,
          link: `${services.baseUrl()}/l/${tokenFor(wave.id, person.id, services)}`,
        }),
      },
      purpose: tourPurpose,
      about: { kind: 'wave', id: wave.id },
      permission: 'setup:listen',
      topic: 'setup.tour',
      createdBy,
    })
}
