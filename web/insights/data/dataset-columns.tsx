/** What there is of each dataset, and by when its next file is expected. */
import { Button } from '@mantine/core'
import type { DatasetOverview } from '../../../src/insights/datasets/schemas.ts'
import type { DatasetAge } from '../../../src/insights/freshness/schemas.ts'
import { ago, count, day, moment } from '../../ui/format.ts'
import type { Column } from '../../ui/table.tsx'
import type { NameOf } from './words.ts'

export const datasetColumns = (
  nameOf: NameOf,
  ages: readonly DatasetAge[],
  onExpect: ((age: DatasetAge) => void) | null,
): Column<DatasetOverview>[] => [
  {
    key: 'dataset',
    title: 'Dataset',
    width: 300,
    render: (r) => (
      <div className="two-lines">
        {nameOf(r.dataset).title}
        <div className="faint small">{nameOf(r.dataset).what}</div>
      </div>
    ),
  },
  {
    key: 'rows',
    title: 'Rows',
    render: (r) => (r.rows === 0 ? <span className="faint">none yet</span> : count(r.rows)),
    isNumber: true,
  },
  { key: 'sources', title: 'From', render: (r) => r.sources.join(', ') || <span className="faint">–</span> },
  {
    key: 'days',
    title: 'Days',
    render: (r) => (r.firstDay ? `${day(r.firstDay)} to ${day(r.lastDay)}` : <span className="faint">–</span>),
  },
  {
    key: 'last',
    title: 'Last import',
    render: (r) =>
      r.lastImportAt ? (
        <span title={moment(r.lastImportAt)}>{ago(r.lastImportAt)}</span>
      ) : (
        <span className="faint">–</span>
      ),
    isNumber: true,
  },
  {
    key: 'expected',
    title: 'Expected',
    render: (r) => {
      const age = ages.find((a) => a.dataset === r.dataset)
      return age ? <Expected age={age} onExpect={onExpect} /> : null
    },
  },
]

function Expected({ age, onExpect }: { age: DatasetAge; onExpect: ((age: DatasetAge) => void) | null }) {
  const set = onExpect ? (
    <Button
      size="compact-xs"
      variant="default"
      aria-label={`${age.expected ? 'Change' : 'Set'} by when ${age.title} are expected`}
      onClick={() => onExpect(age)}
    >
      {age.expected ? 'Change' : 'Set'}
    </Button>
  ) : null
  if (!age.expectedText)
    return (
      <span className="expected-cell">
        <span className="faint">–</span>
        {set}
      </span>
    )
  return (
    <span className="expected-cell">
      <span
        className={age.late ? 'is-late' : undefined}
        title={`${age.expectedText}. ${age.late ? `Late: ${age.late}` : `Next by ${moment(age.nextBy)}`}`}
      >
        {age.late ? 'late: ' : ''}
        {age.expectedText.split(', ')[0]}
      </span>
      {set}
    </span>
  )
}
