/** What making the sample company takes, told from its first second. */
import type { JobContext } from '../../platform/jobs/queue.ts'

/** With how long each takes at scale 1 on two cores; the machine at hand corrects it as it goes. */
export const sampleSteps = [
  { name: 'Making up two years of usage', seconds: 4 },
  { name: 'Importing its files', seconds: 7 },
  { name: 'Rolling usage up', seconds: 7 },
  { name: 'Setting targets and notes', seconds: 2 },
] as const

/**
 * About how long the rest takes: as measured elsewhere at first, and the more is done, the more by the pace of this machine.
 * @param at the step it is at, from 0, and the share of it that is done, 0 to 1
 * @param scale of the company's size; what takes long grows with it
 * @returns whole seconds, at least 1
 */
export function secondsLeft(at: { step: number; share: number }, elapsedSeconds: number, scale: number): number {
  const of = (some: readonly { seconds: number }[]) => some.reduce((sum, one) => sum + one.seconds, 0)
  const done = (of(sampleSteps.slice(0, at.step)) + at.share * sampleSteps[at.step]!.seconds) / of(sampleSteps)
  const expected = of(sampleSteps) * scale
  const byPace = done > 0 ? elapsedSeconds / done : expected
  return Math.max(1, Math.round((1 - done) * ((1 - done) * expected + done * byPace)))
}

export type Told = Parameters<JobContext['progress']>[0]

/** @returns how a step tells how far it is */
export function tellSteps(progress: JobContext['progress'], scale: number, clock = () => performance.now()) {
  const began = clock()
  return (step: number) => (told: Omit<Told, 'steps' | 'step' | 'secondsLeft'>) =>
    progress({
      ...told,
      steps: sampleSteps.map((one) => one.name),
      step,
      secondsLeft: secondsLeft(
        { step, share: told.total ? Math.min(1, told.done / told.total) : 0 },
        (clock() - began) / 1000,
        scale,
      ),
    })
}
