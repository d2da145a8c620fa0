/** One feature in full: the word and its caveat first, then all that an analyst would ask next. */
import { Link } from '@tanstack/react-router'
import type { AssociationDetail, RevenueArm } from '../../../src/insights/analyses/association/schemas.ts'
import { useRead, useIsShared, useWorkspace } from '../../api.ts'
import { count, day, exactMoney, money, percent, points, tied } from '../../ui/format.ts'
import { SideDrawer } from '../../ui/side-drawer.tsx'
import { Await } from '../../ui/states.tsx'
import { Table, type Column } from '../../ui/table.tsx'
import { TakeAway } from '../analyses/frame.tsx'
import { classOf, interval, searchOf } from './state.ts'
import '../adoption/cell-drawer.css'

export function FeatureEvidence({
  feature,
  segment,
  input,
  onClose,
}: {
  feature: string | undefined
  segment: string | undefined
  input: object
  onClose: () => void
}) {
  return (
    <SideDrawer of={feature} width={860} onClose={onClose} title={(name) => `${name}, ${segment ?? 'all segments'}`}>
      {(name) => <Detail input={{ ...input, feature: name, ...(segment ? { segment } : {}) }} />}
    </SideDrawer>
  )
}

function Detail({ input }: { input: { feature: string; segment?: string } }) {
  const detail = useRead('insights.analyses.associationDetail', input)
  return (
    <Await query={detail} rows={10}>
      {(d) => (
        <>
          <p className={`detail-word ${classOf(d.row)}`}>{d.row.word}</p>
          <p className="soft">{tied(d.row.caveat)}</p>
          <p className="detail-sentence">{tied(d.sentence)}</p>
          <EvidenceParts d={d} actions={<TakeEvidence input={input} />} />
        </>
      )}
    </Await>
  )
}

/** Shared, it is a page of its own: this feature and no other. */
export const TakeEvidence = ({ input }: { input: { feature: string; segment?: string } }) => (
  <TakeAway
    operation="insights.analyses.associationDetail"
    input={input}
    part={{
      path: '/insights/association/feature',
      search: searchOf(input),
      question: questionOf(input.feature, input.segment),
    }}
  />
)

export const questionOf = (feature: string, segment: string | undefined): string =>
  `Is ${feature} associated with staying${segment ? `, in ${segment}` : ''}?`

/** All that stands behind the word and its caveat. */
export function EvidenceParts({ d, actions }: { d: AssociationDetail; actions: React.ReactNode }) {
  const isShared = useIsShared()
  return (
    <>
      <Differences d={d} />
      <Part
        title="Revenue beside accounts"
        note="NRR is a ratio of sums: a few large accounts can turn it. Intervals are approximate."
      >
        <Revenue d={d} />
      </Part>
      <Part title="What should show nothing">
        <dl className="checks">
          <Check what="Before it counts" isWorrying={d.placebo.isWorrying}>
            {tied(d.placebo.text)}
          </Check>
          <Check what="Negative control" isWorrying={d.negativeControl.isWorrying}>
            {tied(d.negativeControl.text)}
          </Check>
        </dl>
      </Part>
      <Part title="Does more use go with more staying?" note="Adopters halved by how often they used it; not adjusted.">
        <Dose d={d} />
      </Part>
      <Part
        title="Accounts that are alike"
        note={`${count(d.row.strataUsed)} of ${count(d.row.strata)} groups hold both adopters and others; ${count(d.row.accountsLost)} accounts are in the rest and are not compared.${isShared ? ' Groups of fewer than 10 accounts are shown as one line.' : ''}`}
        actions={actions}
      >
        <Table
          label="Groups of like accounts"
          columns={strataColumns}
          rows={d.strata}
          keyOf={(s) => `${s.segment} ${s.size} ${s.tenure}`}
          maxHeight={420}
        />
      </Part>
      <Odds d={d} />
    </>
  )
}

function Part({
  title,
  note,
  actions,
  children,
}: {
  title: string
  note?: string
  actions?: React.ReactNode
  children: React.ReactNode
}) {
  return (
    <section className="detail-part" aria-label={title}>
      <header>
        <div>
          <h3>{title}</h3>
          {note ? <p className="small faint">{note}</p> : null}
        </div>
        {actions ? <div className="page-actions">{actions}</div> : null}
      </header>
      {children}
    </section>
  )
}

function Differences({ d: { row } }: { d: AssociationDetail }) {
  const like = row.segment === null ? 'segment, size and tenure' : 'size and tenure'
  return (
    <dl className="pairs detail-pairs">
      <div>
        <dt>Adopters stayed</dt>
        <dd>
          {count(row.adopters.stayed)} of {count(row.adopters.accounts)}
          {row.adopters.rate === null ? '' : `, ${percent(row.adopters.rate, 1)}`}
        </dd>
      </div>
      <div>
        <dt>Others stayed</dt>
        <dd>
          {count(row.others.stayed)} of {count(row.others.accounts)}
          {row.others.rate === null ? '' : `, ${percent(row.others.rate, 1)}`}
        </dd>
      </div>
      <div>
        <dt>Unadjusted difference</dt>
        <dd>
          {row.unadjusted ? `${points(row.unadjusted.value)} points, ${interval(row.unadjusted)}` : 'too few accounts'}
        </dd>
      </div>
      <div>
        <dt>Adjusted for {like}</dt>
        <dd>
          {row.adjusted
            ? `${points(row.adjusted.value)} points, ${interval(row.adjusted)}`
            : row.strataDisagree
              ? 'not pooled: groups contradict each other'
              : 'too few accounts'}
        </dd>
      </div>
      <div>
        <dt>q, over all tests of the run</dt>
        <dd>{row.q === null ? 'not tested' : row.q < 0.001 ? 'below 0.001' : row.q.toFixed(3)}</dd>
      </div>
      <div>
        <dt>Chance of any wrong claim, were this told</dt>
        <dd>
          {row.familyWise === null
            ? 'not tested'
            : row.familyWise < 0.001
              ? 'below 0.1\u00a0%'
              : `up to ${percent(row.familyWise)}`}
        </dd>
      </div>
      <div>
        <dt>A gap could be told from</dt>
        <dd>{row.detectableGap === null ? 'none up to 100 %' : `${(row.detectableGap * 100).toFixed(0)} points`}</dd>
      </div>
    </dl>
  )
}

function Revenue({ d }: { d: AssociationDetail }) {
  // It tells of one account, so a shared view does not hold it.
  const hasWithoutOne = !useIsShared()
  const range = (r: { low: number; high: number } | null) => (r ? `${percent(r.low, 0)} to ${percent(r.high, 0)}` : '–')
  const line = (name: string, arm: RevenueArm) => (
    <tr>
      <th scope="row">{name}</th>
      <td title={exactMoney(arm.arrStart, d.currency)}>{money(arm.arrStart, d.currency)}</td>
      <td>
        {arm.nrr === null ? (
          <span className="faint" title="Fewer than 10 accounts">
            too few
          </span>
        ) : (
          percent(arm.nrr, 0)
        )}
      </td>
      <td>{range(arm.interval)}</td>
      <td>{arm.topFiveShare === null ? '–' : percent(arm.topFiveShare, 0)}</td>
      <td>{arm.effectiveAccounts === null ? '–' : `${arm.effectiveAccounts.toFixed(0)} of ${count(arm.accounts)}`}</td>
      {hasWithoutOne ? <td>{range(arm.leaveOneOut)}</td> : null}
    </tr>
  )
  return (
    <div className="arms-frame" tabIndex={0} role="region" aria-label="Revenue of both sides">
      <table className="arms">
        <thead>
          <tr>
            <th scope="col">
              <span className="visually-hidden">Side</span>
            </th>
            <th scope="col">ARR then</th>
            <th scope="col">NRR</th>
            <th scope="col">95 %, about</th>
            <th scope="col" title="Share of the ARR that the five largest accounts hold">
              Top five
            </th>
            <th scope="col" title="How many accounts of equal size would be as uncertain">
              Counts as
            </th>
            {hasWithoutOne ? (
              <th scope="col" title="NRR without any one account: lowest and highest">
                Without one
              </th>
            ) : null}
          </tr>
        </thead>
        <tbody>
          {line('Adopters', d.revenue.adopters)}
          {line('Others', d.revenue.others)}
        </tbody>
      </table>
    </div>
  )
}

const Check = ({ what, isWorrying, children }: { what: string; isWorrying: boolean; children: React.ReactNode }) => (
  <div>
    <dt>{what}</dt>
    <dd>
      {isWorrying ? <strong className="soon">Mind: </strong> : null}
      {children}
    </dd>
  </div>
)

function Dose({ d }: { d: AssociationDetail }) {
  return (
    <table className="arms">
      <thead>
        <tr>
          <th scope="col">
            <span className="visually-hidden">Group</span>
          </th>
          <th scope="col">Accounts</th>
          <th scope="col">Stayed</th>
        </tr>
      </thead>
      <tbody>
        {d.dose.map((g) => (
          <tr key={g.group}>
            <th scope="row">{g.group}</th>
            <td>{count(g.accounts)}</td>
            <td>
              {g.rate === null ? (
                <span className="faint" title="Fewer than 10 accounts">
                  too few
                </span>
              ) : (
                percent(g.rate, 0)
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

type Stratum = AssociationDetail['strata'][number]
const side = (s: Stratum['adopters']) =>
  s.accounts === 0 ? (
    <span className="faint">none</span>
  ) : (
    <>
      {count(s.stayed)} <span className="faint small">of {count(s.accounts)}</span>
    </>
  )
const strataColumns: Column<Stratum>[] = [
  { key: 'segment', title: 'Segment', by: (s) => s.segment, render: (s) => s.segment },
  { key: 'size', title: 'ARR within it', render: (s) => s.size },
  { key: 'tenure', title: 'Paying for', render: (s) => s.tenure },
  {
    key: 'adopters',
    title: 'Adopters stayed',
    by: (s) => s.adopters.accounts,
    render: (s) => side(s.adopters),
    isNumber: true,
  },
  {
    key: 'others',
    title: 'Others stayed',
    by: (s) => s.others.accounts,
    render: (s) => side(s.others),
    isNumber: true,
  },
  {
    key: 'difference',
    title: 'Difference',
    by: (s) => s.difference?.value ?? null,
    render: (s) =>
      s.difference ? (
        <>
          {points(s.difference.value)} <span className="faint small">{interval(s.difference)}</span>
        </>
      ) : (
        <span className="faint" title="Fewer than 10 accounts on one side">
          –
        </span>
      ),
    isNumber: true,
  },
]

function Odds({ d }: { d: AssociationDetail }) {
  const workspace = useWorkspace()
  return (
    <p className="small faint detail-part">
      {d.oddsRatio
        ? `Odds of staying, adopters to others, taken as the same in all groups: ${d.oddsRatio.value.toFixed(2)} (${d.oddsRatio.low.toFixed(2)} to ${d.oddsRatio.high.toFixed(2)}). `
        : ''}
      {d.homogeneity
        ? `Whether they are the same: Breslow-Day ${d.homogeneity.statistic.toFixed(1)} on ${d.homogeneity.degrees} degrees, p = ${d.homogeneity.p.toFixed(3)}${d.homogeneity.p < 0.05 ? '; groups differ in how strong it is.' : '.'} `
        : ''}
      {d.eValue === null
        ? ''
        : `Something unseen would have to make both adopting and leaving ${d.eValue.toFixed(1)} times likelier to explain this away. `}
      {d.provenance.kind === 'stored'
        ? 'The question was stored before its answer was computed. '
        : 'Exploratory: not stored beforehand. '}
      Adoption on {day(d.baseDay)}, staying until {day(d.endDay)}.{' '}
      <Link to="/w/$workspace/data/definitions" params={{ workspace }} hash="association">
        Definitions
      </Link>
    </p>
  )
}
