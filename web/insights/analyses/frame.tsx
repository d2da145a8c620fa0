/** The frame of an analysis: its question, the answer in a sentence, the controls, then what is given, then how we know. */
import { Button, Select } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Answer, Standing } from '../../../src/insights/analyses/asking.ts'
import type { analysisOptions } from '../../../src/insights/analyses/operations.ts'
import { useRead, useWorkspace, type ApiError, type OutputOf } from '../../api.ts'
import { useHere, useMay } from '../../session.ts'
import { CopyLink } from '../../ui/copy-link.tsx'
import { CsvButton } from '../../ui/csv-button.tsx'
import { ago, day, moment, month, tied } from '../../ui/format.ts'
import { Page, Section } from '../../ui/page.tsx'
import { Empty, Failed, Loading, Remark } from '../../ui/states.tsx'
import { DefinitionLinks } from '../definition-links.tsx'
import type { Read } from '../../../src/insights/views/schemas.ts'
import { ShareButton, type SharedPart } from '../views/share-button.tsx'
import '../adoption/how-we-know.css'
import '../adoption/page.css'

export type Options = OutputOf<typeof analysisOptions>
export const useOptions = () => useRead<typeof analysisOptions>('insights.analyses.options', {})

interface Query<T> {
  data: T | undefined
  error: ApiError | null
  isPlaceholderData: boolean
  refetch: () => unknown
}
interface Props<T> {
  title: string
  query: Query<T>
  controls?: ReactNode
  actions?: ReactNode
  children: (data: T) => ReactNode
}

export function AnalysisPage<T extends { answer: Answer; standing: Standing }>({
  title,
  query,
  controls,
  actions,
  children,
}: Props<T>) {
  const { data, error } = query
  return (
    <Page
      title={title}
      controls={controls}
      actions={actions}
      lead={data ? <AnswerText answer={data.answer} silence={data.standing.silence} /> : undefined}
    >
      {error?.code === 'precondition' ? <NotYet reason={error.message} /> : null}
      {error && error.code !== 'precondition' ? (
        <Section title="This could not be analysed">
          <Failed
            error={error}
            onRetry={() => {
              void query.refetch()
            }}
          />
        </Section>
      ) : null}
      {!data && !error ? (
        <Section title="Reading">
          <Loading rows={12} label="Reading the rollups" />
        </Section>
      ) : null}
      {data && !error ? (
        <div className={query.isPlaceholderData ? 'is-stale' : undefined} aria-busy={query.isPlaceholderData}>
          {children(data)}
          <Section title="How we know">
            <Known standing={data.standing} />
          </Section>
        </div>
      ) : null}
    </Page>
  )
}

export function AnswerText({ answer, silence = null }: { answer: Answer; silence?: string | null }) {
  return (
    <div className="answer">
      <p className="answer-text">{tied(answer.text)}</p>
      {silence ? <Remark>{tied(silence)}</Remark> : null}
      {answer.caveat ? <p className="small faint">{tied(answer.caveat)}</p> : null}
    </div>
  )
}

/** What an analysis needs is not there yet: no failure, and there is one next step. */
function NotYet({ reason }: { reason: string }) {
  const workspace = useWorkspace()
  const here = useHere()
  const may = useMay('insights:edit')
  if (here?.kind === 'sample')
    return (
      <Section title="Not yet">
        <Empty title="The sample company is being loaded">The answer comes as soon as its data is there.</Empty>
      </Section>
    )
  const next = may ? (
    <Button component={Link} to={`/w/${workspace}/data/import`}>
      Import a file
    </Button>
  ) : undefined
  return (
    <Section title="Not yet">
      <Empty title="What this needs is not there yet" action={next}>
        {reason}
      </Empty>
    </Section>
  )
}

function Known({ standing: s }: { standing: Standing }) {
  const facts = [
    ['Period', s.period],
    ['About', s.base],
    [
      'Usage known',
      s.dataFrom
        ? `${day(s.dataFrom)} to ${day(s.dataTo)}, refreshed ${moment(s.refreshedAt)}${s.refreshedAt ? ` (${ago(s.refreshedAt)})` : ''}`
        : 'none yet',
    ],
  ] as const
  return (
    <div className="know">
      <dl className="know-facts">
        {facts.map(([what, how]) => (
          <div key={how}>
            <dt>{what}</dt>
            <dd>{tied(how)}</dd>
          </div>
        ))}
        {s.notes.length > 0 ? (
          <div>
            <dt>To mind</dt>
            {s.notes.map((note) => (
              <dd key={note}>{tied(note)}</dd>
            ))}
          </div>
        ) : null}
      </dl>
      <DefinitionLinks keys={s.definitions} />
    </div>
  )
}

/** What can be taken away from a table or a picture: its address, its rows, and the page for others to see. */
export function TakeAway({
  operation,
  input,
  alsoReads = [],
  part,
  mayExport = true,
}: {
  operation: string
  input: unknown
  /** What else its page asks. */
  alsoReads?: Read[]
  part?: SharedPart
  mayExport?: boolean
}) {
  return (
    <>
      <CopyLink />
      <ShareButton reads={[{ operation, input: input as Record<string, unknown> }, ...alsoReads]} part={part} />
      {mayExport ? <CsvButton operation={operation} input={input} /> : null}
    </>
  )
}

export function MonthSelect({
  options,
  value,
  onChange,
  label = 'Month',
}: {
  options: Options
  value: string | null | undefined
  onChange: (month: string | undefined) => void
  label?: string
}) {
  return (
    <Select
      label={label}
      w={130}
      data={options.months.map((m) => ({ value: m, label: month(m) }))}
      value={value ?? options.defaultMonth}
      onChange={(v) => onChange(v ?? undefined)}
      allowDeselect={false}
      searchable
    />
  )
}

interface SegmentProps {
  options: Options
  value: string
  onChange: (segmentBy: string | undefined) => void
  label?: string
  andBy?: string | undefined
  onAndBy?: (andBy: string | undefined) => void
}

const groupings = (options: Options) => [
  ...options.attributes.filter((a) => !a.numeric && a.values <= 60).map((a) => ({ value: a.key, label: a.key })),
  { value: 'arr', label: 'ARR, in bands' },
]

/** Attributes that group accounts, and bands of ARR; a second one where the page can cut by two. */
export function SegmentSelect({ options, value, onChange, label = 'Segment by', andBy, onAndBy }: SegmentProps) {
  return (
    <>
      <Select
        label={label}
        w={160}
        data={groupings(options)}
        value={value}
        onChange={(v) => onChange(v ?? undefined)}
        allowDeselect={false}
        searchable
      />
      {onAndBy ? <AndBySelect options={options} segmentBy={value} value={andBy} onChange={onAndBy} /> : null}
    </>
  )
}

export function AndBySelect({
  options,
  segmentBy,
  value,
  onChange,
}: {
  options: Options
  segmentBy: string
  value: string | undefined
  onChange: (andBy: string | undefined) => void
}) {
  const data = groupings(options).filter((g) => g.value !== segmentBy)
  return data.length === 0 ? null : (
    <Select
      label="and by"
      w={150}
      data={data}
      value={value === segmentBy ? null : (value ?? null)}
      placeholder="nothing else"
      onChange={(v) => onChange(v ?? undefined)}
      clearable
      clearButtonProps={{ 'aria-label': 'One attribute only' }}
      searchable
    />
  )
}

/** What to cut a number at, where nobody said; with the second attribute where there is one. */
export const bandsFor = (
  segmentBy: string,
  andBy?: string,
): { bands?: number[]; andBy?: string; andBands?: number[] } => ({
  ...(segmentBy === 'arr' ? { bands: [10_000, 100_000] } : {}),
  ...(andBy === undefined || andBy === segmentBy
    ? {}
    : { andBy, ...(andBy === 'arr' ? { andBands: [10_000, 100_000] } : {}) }),
})

/** What accounts are grouped by, in words. */
export const groupedBy = (segmentBy: string, andBy?: string): string =>
  [segmentBy, ...(andBy && andBy !== segmentBy ? [andBy] : [])].map((by) => (by === 'arr' ? 'ARR' : by)).join(' and ')
