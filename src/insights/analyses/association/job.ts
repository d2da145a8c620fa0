/** After each refresh the default question is registered, then answered, and the answer is kept with it. */
import { z } from 'zod'
import { jobKind } from '../../../platform/jobs/queue.ts'
import { readHistory } from '../ground/adoption.ts'
import { associate } from './associate.ts'
import { finishRun, registerRun } from './queries.ts'
import { defaultQuestion, readSpec, specHash } from './question.ts'

export const associateJob = jobKind({
  kind: 'insights.associate',
  touches: ['insights.evidence'],
  input: z.object({}),
  async run({ services, db, workspaceId, scope, jobId, now, signal, progress }) {
    progress({ label: 'Comparing adopters with their like', done: 0, total: null, unit: '' })
    const warehouse = await services.warehouses.open(workspaceId)
    const question = await warehouse.read(async (con) => {
      const history = await readHistory(con)
      return history ? defaultQuestion(con, history) : null
    }, signal)
    if (!question) return { state: 'done', result: { runId: null } }
    const spec = await readSpec(db, scope, question)
    await services.transaction((tx) => registerRun(tx, scope, { id: jobId, spec, specHash: specHash(spec), at: now() }))
    const result = await warehouse.read((con) => associate(con, question, spec.negativeControl), signal)
    await services.transaction((tx) => finishRun(tx, scope, jobId, result, now()))
    return { state: 'done', result: { runId: jobId, tests: result.tests } }
  },
})
