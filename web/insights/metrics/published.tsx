/** Figures as they were told, each beside what today's data says. */
import { Link } from '@tanstack/react-router'
import type { PublishedValue } from '../../../src/insights/targets/schemas.ts'
import { useRead, useWorkspace } from '../../api.ts'
import { CsvButton } from '../../ui/csv-button.tsx'
import { day, month, moment, plural, tied } from '../../ui/format.ts'
import { Section } from '../../ui/page.tsx'
import { Await } from '../../ui/states.tsx'
import { Table, type Column } from '../../ui/table.tsx'
import { State } from './state.tsx'
import { exactFigure, figure, refSearch } from './words.ts'
import './metrics.css'

const states = {
  'as-published': { mark: '●', text: 'as published', tone: 'plain' },
  restated: { mark: '▲', text: 'restated', tone: 'bad' },
  gone: { mark: '○', text: 'no value now', tone: 'bad' },
} as const
const vias = { link: 'shared link', mail: 'mail', deck: 'deck' } as const

export function PublishedTable({ rows, isNamed }: { rows: readonly PublishedValue[]; isNamed: boolean }) {
  const workspace = useWorkspace()
  const columns: Column<PublishedValue>[] = [
    ...(isNamed
      ? [
          {
            key: 'title',
            title: 'Figure',
            by: (p: PublishedValue) => p.title,
            render: (p: PublishedValue) => (
              <Link
                to="/w/$workspace/insights/metrics/$measure"
                params={{ workspace, measure: p.ref.measure }}
                search={refSearch(p.ref)}
              >
                {p.title}
              </Link>
            ),
          },
        ]
      : []),
    { key: 'month', title: 'Month', by: (p) => p.month, render: (p) => month(p.month) },
    {
      key: 'value',
      title: 'Published',
      by: (p) => p.value,
      render: (p) => (
        <span title={exactFigure(p.value, p.unit, p.currency)}>{figure(p.value, p.unit, p.currency)}</span>
      ),
      isNumber: true,
    },
    {
      key: 'today',
      title: 'Today',
      by: (p) => p.today,
      render: (p) => (
        <span title={exactFigure(p.today, p.unit, p.currency)}>
          {p.state === 'as-published' ? <span className="faint">the same</span> : figure(p.today, p.unit, p.currency)}
        </span>
      ),
      isNumber: true,
    },
    {
      key: 'state',
      title: 'State',
      by: (p) => p.state,
      render: (p) => (
        <span title={p.text}>
          <State of={states[p.state]} />
        </span>
      ),
    },
    {
      key: 'place',
      title: 'Told to',
      render: (p) => (
        <span className="cut" title={p.place}>
          {p.place}
        </span>
      ),
    },
    {
      key: 'by',
      title: 'By',
      render: (p) => (
        <span title={moment(p.publishedAt)}>
          {p.publishedBy}, {p.via === 'publish' ? '' : `${vias[p.via]} `}
          {day(p.publishedAt)}
        </span>
      ),
    },
    {
      key: 'of',
      title: 'Made of',
      render: (p) => (
        <span
          className="faint"
          title={`Imports ${p.madeOf.batches.join(', ')}; refreshed ${moment(p.madeOf.refreshedAt)}; definitions ${Object.entries(
            p.madeOf.definitions,
          )
            .map(([key, version]) => `${key} ${version}`)
            .join(', ')}`}
        >
          {plural(p.madeOf.batches.length, 'import', 'imports')}
        </span>
      ),
    },
  ]
  const changed = rows.filter((p) => p.state !== 'as-published')
  return (
    <>
      {changed.length > 0 ? (
        <ul className="restatements">
          {changed.slice(0, 4).map((p) => (
            <li key={p.id}>{tied(p.text)}</li>
          ))}
        </ul>
      ) : null}
      <Table
        label="Published figures"
        columns={columns}
        rows={rows}
        keyOf={(p) => p.id}
        initialSort={{ key: 'month', down: true }}
        maxHeight={420}
      />
    </>
  )
}

/** All of the workspace; nothing where nothing was told yet. */
export function PublishedSection() {
  const published = useRead('insights.metrics.published', {})
  if (published.data?.rows.length === 0) return null
  return (
    <Section
      title="What was published"
      note="Frozen as it was told. A later figure stands beside it and changes nothing of it."
      actions={<CsvButton operation="insights.metrics.published" input={{}} />}
    >
      <Await query={published} rows={4}>
        {({ rows }) => <PublishedTable rows={rows} isNamed />}
      </Await>
    </Section>
  )
}
