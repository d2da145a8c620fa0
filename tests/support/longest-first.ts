import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** What takes longest, so that both workers are busy to the end; the rest follows by what it took last time, or by size. */
const longest = [
  'tests/web/pages-roles.test.ts',
  'tests/permissions.test.ts',
  'tests/web/pages-phone.test.ts',
  'tests/web/pages-schemes.test.ts',
  'src/insights/out/out.test.ts',
  'tests/web/story-shared.test.ts',
  'src/insights/datasets/schedules/schedules.test.ts',
  'src/insights/analyses/adoption-retention.test.ts',
  'tests/crash.test.ts',
  'src/insights/metrics/operations.test.ts',
  'tests/web/story-metrics.test.ts',
  'src/insights/analyses/time-to-adopt.test.ts',
  'tests/web/story-decision.test.ts',
  'tests/lint.test.ts',
  'tests/web/pages-ways.test.ts',
]

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = (file: TestSpecification) => {
      const at = longest.findIndex((path) => file.moduleId.endsWith(`/${path}`))
      return at === -1 ? longest.length : at
    }
    return (await super.sort(files)).sort((a, b) => place(a) - place(b))
  }
}
