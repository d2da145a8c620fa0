/** The ledger: every quick win with before, after, method and confidence. */
import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { QuickWin } from '../../../src/setup/quick-wins/schemas.ts'
import { useRead, useWorkspace, type OutputOf } from '../../api.ts'
import { useMay } from '../../session.ts'
import { isOneOf, isText, useAddress } from '../../ui/address.ts'
import { CopyLink } from '../../ui/copy-link.tsx'
import { CsvButton } from '../../ui/csv-button.tsx'
import { plural } from '../../ui/format.ts'
import { Page, Section } from '../../ui/page.tsx'
import { SideDrawer } from '../../ui/side-drawer.tsx'
import { StateChoice } from '../../ui/state-choice.tsx'
import { Await, Empty } from '../../ui/states.tsx'
import { Table, type Column } from '../../ui/table.tsx'
import { Candidates } from './candidates.tsx'
import { Found } from './detail.tsx'
import { QuickWinForm } from './form.tsx'
import { Sure } from './sure.tsx'
import { audienceNames } from '../words.ts'
import { hoursText, methodText, minutesText, stateWords, timesText } from './words.ts'
import './quick-wins.css'

interface State {
  state?: QuickWin['state']
  open?: string
  /** A friction of the tour that a new one begins with. */
  from?: string
}

export function QuickWinsPage() {
  const [state, set] = useAddress<State>({
    state: isOneOf('planned', 'delivered', 'dropped'),
    open: isText,
    from: isText,
  })
  const workspace = useWorkspace()
  const mayEdit = useMay('setup:edit')
  const input = state.state ? { state: state.state } : {}
  const list = useRead('setup.quickWins.list', input, { keepPrevious: true })
  const close = () => set({ open: undefined, from: undefined })
  const plan = mayEdit ? (
    <Button size="xs" onClick={() => set({ open: 'new' }, { asStep: true })}>
      Plan a quick win
    </Button>
  ) : null
  return (
    <Page
      title="How many hours did we give back?"
      lead={list.data ? <p>{sentenceOf(list.data.totals)}</p> : undefined}
      actions={
        <>
          <Button size="xs" variant="default" component={Link} to={`/w/${workspace}/start/quick-wins/result`}>
            Show the result
          </Button>
          {plan}
        </>
      }
      controls={
        <StateChoice
          label="Which quick wins"
          states={stateWords}
          value={state.state}
          onChange={(next) => set({ state: next })}
        />
      }
    >
      <Section
        title="Ledger"
        note="Work each time, before and now; hours since it was delivered. Measured and estimated hours are never added up."
        actions={
          <>
            <CopyLink />
            <CsvButton operation="setup.quickWins.list" input={input} />
          </>
        }
      >
        <Await query={list}>
          {({ rows }) =>
            rows.length === 0 ? (
              state.state ? (
                <p className="soft">No quick win is {stateWords[state.state].toLowerCase()}.</p>
              ) : (
                <Empty title="No quick win is planned yet" action={plan}>
                  A quick win takes a task away that costs people time. It is timed before and after, so that what it
                  gave back can be shown to product managers and leaders.
                </Empty>
              )
            ) : (
              <Table
                label="Quick wins"
                columns={columns}
                rows={rows}
                keyOf={(w) => w.id}
                onOpen={(w) => set({ open: w.id }, { asStep: true })}
                isCurrent={(w) => w.id === state.open}
              />
            )
          }
        </Await>
      </Section>
      <Candidates onPlan={mayEdit ? (code) => set({ open: 'new', from: code }, { asStep: true }) : null} />
      <SideDrawer of={state.open} onClose={close} title={(open) => (open === 'new' ? 'Plan a quick win' : 'Quick win')}>
        {(open) =>
          open === 'new' ? (
            <QuickWinForm
              known={null}
              friction={state.from ?? null}
              onDone={(w) => set({ open: w.id, from: undefined })}
            />
          ) : (
            <Found id={open} inDrawer />
          )
        }
      </SideDrawer>
    </Page>
  )
}

function sentenceOf({ measured, estimated, delivered, proved }: OutputOf<'setup.quickWins.list'>['totals']): string {
  if (delivered === 0) return 'None yet: no quick win is delivered.'
  const rest =
    estimated === 0
      ? ''
      : ` Another ${hoursText(estimated)} ${delivered - proved === 1 ? 'is an estimate' : 'are estimates'}.`
  return proved === 0
    ? `${plural(delivered, 'quick win is', 'quick wins are')} delivered, and none has two measurements yet.${rest}`
    : `${hoursText(measured.value)} of work, by ${proved} of ${plural(delivered, 'delivered quick win', 'delivered quick wins')} with two measurements.${rest}`
}

const timing = (t: QuickWin['before']) =>
  t === null ? (
    <span className="faint">not timed</span>
  ) : (
    <>
      {minutesText(t.minutes)} <span className="faint small qw-method">{methodText(t)}</span>
    </>
  )

const columns: Column<QuickWin>[] = [
  {
    key: 'title',
    title: 'Quick win',
    by: (w) => w.title.toLowerCase(),
    render: (w) => (
      <span className="cut qw-title" title={w.title}>
        {w.title}
      </span>
    ),
  },
  { key: 'whose', title: 'Whose time', by: (w) => w.audience, render: (w) => audienceNames[w.audience] },
  { key: 'state', title: 'State', by: (w) => w.state, render: (w) => stateWords[w.state] },
  {
    key: 'before',
    title: 'Before',
    by: (w) => w.before?.minutes ?? null,
    render: (w) => timing(w.before),
    isNumber: true,
  },
  { key: 'after', title: 'Now', by: (w) => w.after?.minutes ?? null, render: (w) => timing(w.after), isNumber: true },
  { key: 'times', title: 'Since', by: (w) => w.times?.n ?? null, render: timesText, isNumber: true },
  {
    key: 'hours',
    title: 'Given back',
    by: (w) => w.hours?.value ?? null,
    render: (w) =>
      w.hours === null ? (
        <span className="faint">–</span>
      ) : (
        <span className={w.confidence === 'estimate' ? 'qw-estimate' : 'qw-hours'}>{hoursText(w.hours.value)}</span>
      ),
    isNumber: true,
    startsGroup: true,
  },
  {
    key: 'confidence',
    title: 'How sure',
    by: (w) => w.confidence,
    render: (w) => <Sure of={w.confidence} />,
  },
]
