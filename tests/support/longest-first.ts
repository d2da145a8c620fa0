import { BaseSequencer, type TestSpecification } from 'vitest/node'

/**
 * What takes longest, so that both workers are busy to the end; the rest follows by what it took last time, or by size. While the
 * first loads the sample company, the other has something to do that needs none.
 */
const longest = [
  'tests/web/pages-roles.test.ts',
  'tests/permissions.test.ts',
  'tests/web/pages-looks.test.ts',
  'tests/web/story-shared.test.ts',
  'src/insights/out/out.test.ts',
  'tests/web/pages-ways.test.ts',
  'tests/faces/cli.test.ts',
  'tests/web/story-decision.test.ts',
  'src/insights/analyses/feature-states.test.ts',
  'tests/crash.test.ts',
  'src/insights/analyses/adoption-retention.test.ts',
  'tests/web/story-metrics.test.ts',
  'src/insights/views/operations.test.ts',
  'src/insights/analyses/series-sql.test.ts',
  'src/insights/datasets/schedules/schedules.test.ts',
  'tests/web/many-features.test.ts',
  'tests/web/story-whitespace.test.ts',
  'tests/freshness.test.ts',
  'tests/web/story-sample.test.ts',
  'src/insights/analyses/time-to-adopt.test.ts',
  'tests/lint.test.ts',
  'tests/web/story-own-data.test.ts',
  'src/insights/metrics/operations.test.ts',
  'src/insights/analyses/adoption-definitions.test.ts',
  'tests/web/story-freshness.test.ts',
  'src/insights/datasets/importing/importing.test.ts',
  'src/insights/analyses/breadth.test.ts',
  'src/insights/analyses/parents.test.ts',
  'src/insights/analyses/cohort-retention.test.ts',
  'tests/sample.test.ts',
  'src/insights/analyses/what-changed.test.ts',
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
