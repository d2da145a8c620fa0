import { z } from 'zod'
import { precondition } from '../../platform/errors.ts'
import { newId } from '../../platform/ids.ts'
import { operation } from '../../platform/operation.ts'
import { latestJob } from '../../platform/jobs/queries.ts'
import { addMember, findSample, findSlugs, insertWorkspace } from '../../platform/workspaces/queries.ts'
import { slugFor } from '../../platform/workspaces/rules.ts'
import { sampleCurrency, sampleSeed } from './job.ts'

export const openSampleCompany = operation({
  name: 'setup.sampleCompany.open',
  summary: 'Look at the sample company; made once, by the person who set the installation up',
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
      await addMember(db, {
        workspaceId: known.id,
        userId: actor.userId,
        role: actor.isOwner ? 'admin' : 'product-manager',
        joinedAt: now(),
      })
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
