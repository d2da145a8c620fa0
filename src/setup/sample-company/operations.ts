import { z } from 'zod'
import { forbidden, precondition } from '../../platform/errors.ts'
import { newId } from '../../platform/ids.ts'
import { notifyLive } from '../../platform/live/queries.ts'
import { operation } from '../../platform/operation.ts'
import { latestJob } from '../../platform/jobs/queries.ts'
import { membershipsOf, wasRemoved } from '../../platform/people/queries.ts'
import { addMember, findSample, findSlugs, insertWorkspace } from '../../platform/workspaces/queries.ts'
import { slugFor } from '../../platform/workspaces/rules.ts'
import { sampleCurrency, sampleSeed } from './job.ts'
import { sampleRole } from './rules.ts'

export const openSampleCompany = operation({
  name: 'setup.sampleCompany.open',
  summary:
    'Look at the sample company; made once, by the person who set the installation up; members come in as what they are elsewhere',
  kind: 'write',
  may: 'signed-in',
  command: false,
  input: z.object({
    seed: z.int().min(1).max(1_000_000).default(sampleSeed),
    scale: z.number().min(0.1).max(20).default(1),
  }),
  output: z.object({ slug: z.string(), jobId: z.string().nullable() }),
  example: () => ({ scale: 0.1 }),
  target: (_, output) => output?.slug ?? null,
  async run({ db, actor, services, now }, { seed, scale }) {
    const known = await findSample(db)
    if (known) {
      const memberships = await membershipsOf(db, actor.userId)
      if (!memberships.some((one) => one.workspace === known.slug)) {
        if (await wasRemoved(db, known.id, actor.userId))
          throw forbidden('You were taken out of the sample company. Ask an admin of it for an invitation.')
        const held = memberships.filter((one) => one.kind === 'own').map((one) => one.role)
        const role = sampleRole(actor.isOwner, held)
        if (!role)
          throw forbidden(
            'The sample company is for people who belong to a workspace here. Ask for an invitation to one.',
          )
        await addMember(db, { workspaceId: known.id, userId: actor.userId, role, joinedAt: now() })
        await notifyLive(db, known.id, ['people'])
      }
      const job = await latestJob(db, known.id, 'setup.loadSample')
      return { slug: known.slug, jobId: job && job.state !== 'done' ? job.id : null }
    }
    if (!actor.isOwner)
      throw precondition('There is no sample company yet. Ask the person who set this installation up to open it once.')
    const id = newId(now().getTime())
    const slug = slugFor('Sample company', await findSlugs(db, 'sample-company'))
    await insertWorkspace(db, {
      id,
      slug,
      name: 'Sample company',
      currency: sampleCurrency,
      kind: 'sample',
      version: 1,
      createdAt: now(),
    })
    await addMember(db, { workspaceId: id, userId: actor.userId, role: 'admin', joinedAt: now() })
    return {
      slug,
      jobId: await services.jobs.enqueue(db, {
        workspaceId: id,
        kind: 'setup.loadSample',
        input: { seed, scale },
        createdBy: actor.userId,
      }),
    }
  },
})
