/** The frame of an analysis: its question, the answer in a sentence, the controls, then what is given, then how we know. */
import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Answer, Standing } from '../../../src/insights/analyses/ground/asking.ts'
import type { Read } from '../../../src/sharing/schemas.ts'
import { useWorkspace, type ApiError, type InputOf, type ReadName } from '../../api.ts'
import { useHere, useMay } from '../../session.ts'
import { CopyLink } from '../../ui/copy-link.tsx'
import { CsvButton } from '../../ui/csv-button.tsx'
import { ago, day, moment, tied } from '../../ui/format.ts'
import { Page, Section } from '../../ui/page.tsx'
import { SideDrawer, type SideDrawerProps } from '../../ui/side-drawer.tsx'
import { Await, Empty, Failed, Loading, Remark } from '../../ui/states.tsx'
import { DefinitionLinks } from '../definition-links.tsx'
import { AccountsWithheld } from '../views/accounts-withheld.tsx'
import { ShareButton, type SharedPart } from '../views/share-button.tsx'
import { useOptions, type Options } from './cut.ts'
import '../adoption/how-we-know.css'
import '../adoption/page.css'

/** What can be chosen is asked first; until it is known the page stands with its question alone. */
export function WithOptions({ title, children }: { title: string; children: (options: Options) => ReactNode }) {
  const options = useOptions()
  if (options.data) return <>{children(options.data)}</>
  return (
    <Page title={title}>
      <Section title={options.error ? 'Nothing could be read' : 'Reading'}>
        <Await query={options} rows={12}>
          {() => null}
        </Await>
      </Section>
    </Page>
  )
}

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

interface TakeAwayProps<N extends ReadName> {
  operation: N
  input: InputOf<N>
  /** What a view of it asks, where it moves with time and the page does not. */
  inputOfView?: InputOf<N>
  /** What else its page asks. */
  alsoReads?: Read[]
  /** Where what is shared is not the page around it but a page of its own. */
  part?: SharedPart
}

/** What can be taken away from a table or a picture: its address, its rows, and the page for others to see; in a view, what it grants. */
export function TakeAway<N extends ReadName>({
  operation,
  input,
  inputOfView = input,
  alsoReads = [],
  part,
}: TakeAwayProps<N>) {
  return (
    <>
      <CopyLink />
      <ShareButton reads={[{ operation, input: inputOfView as Record<string, unknown> }, ...alsoReads]} part={part} />
      <CsvButton operation={operation} input={input} />
    </>
  )
}

/** The accounts behind a figure, for those who may see them; others read why not. */
export function AccountsDrawer<T>({ children, width = 860, ...drawer }: SideDrawerProps<T>) {
  const may = useMay('insights:accounts')
  return (
    <SideDrawer width={width} {...drawer}>
      {(of) => (may ? children(of) : <AccountsWithheld />)}
    </SideDrawer>
  )
}
