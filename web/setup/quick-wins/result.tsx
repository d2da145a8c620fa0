/** What is shown to product managers and the CPO: hours given back, each quick win before and now, and how that is known. */
import type { QuickWin } from '../../../src/setup/quick-wins/schemas.ts'
import { useRead, type OutputOf } from '../../api.ts'
import { CopyLink } from '../../ui/copy-link.tsx'
import { day, plural } from '../../ui/format.ts'
import { Page } from '../../ui/page.tsx'
import { PageLink } from '../../ui/page-link.tsx'
import { Await, Empty } from '../../ui/states.tsx'
import { Sure } from './sure.tsx'
import { audienceNames } from '../words.ts'
import { hoursText, methodText, minutesText, timesText } from './words.ts'
import './quick-wins.css'

export function QuickWinResultPage() {
  const list = useRead('setup.quickWins.list', { state: 'delivered' })
  return (
    <Page title="What did Product Ops give back?" actions={<CopyLink />}>
      <Await query={list}>
        {(found) =>
          found.rows.length === 0 ? (
            <Empty title="Nothing is delivered yet">
              Once a quick win is delivered and timed twice, this page shows what it gave back, to whom, and how that is
              known. <PageLink to="/start/quick-wins">Quick wins</PageLink>
            </Empty>
          ) : (
            <Result {...found} />
          )
        }
      </Await>
    </Page>
  )
}

function Result({ rows, totals, asOf }: OutputOf<'setup.quickWins.list'>) {
  const first = rows.flatMap((w) => w.deliveredOn ?? []).sort()[0]
  const ordered = [...rows].sort(
    (a, b) =>
      Number(a.confidence === 'estimate') - Number(b.confidence === 'estimate') ||
      (b.hours?.value ?? 0) - (a.hours?.value ?? 0),
  )
  const longest = Math.max(1, ...ordered.flatMap((w) => [w.before?.minutes ?? 0, w.after?.minutes ?? 0]))
  return (
    <div className="qw-result">
      <p className="qw-total">
        <span className="qw-total-value">{hoursText(totals.measured.value)}</span>
        <span className="qw-total-words">
          of work given back since {day(first)}, measured before and after in {totals.proved} of{' '}
          {plural(totals.delivered, 'quick win', 'quick wins')}.
          <span className="soft">
            {' '}
            The shortest and longest times that were measured make it {hoursText(totals.measured.low)} to{' '}
            {hoursText(totals.measured.high)}.
            {totals.estimated === 0 ? '' : ` Estimates of another ${hoursText(totals.estimated)} are not in it.`}
          </span>
        </span>
      </p>
      <ol className="qw-wins">
        {ordered.map((w) => (
          <Line key={w.id} win={w} longest={longest} />
        ))}
      </ol>
      <p className="small faint">
        As of {day(asOf)}. Hours are (before − now) × times. Times are counted by the system where it delivers the quick
        win. Nothing is kept or shown by person, and waiting that became shorter is no part of it.
      </p>
    </div>
  )
}

function Line({ win: w, longest }: { win: QuickWin; longest: number }) {
  return (
    <li className={w.confidence === 'estimate' ? 'is-estimate' : undefined}>
      <div>
        <h2>{w.title}</h2>
        <p className="soft">
          {audienceNames[w.audience]}, {timesText(w)}
          {w.owner ? `, looked after by ${w.owner.name}` : ''}
        </p>
      </div>
      <div className="qw-bars">
        <Bar label="Before" timing={w.before} longest={longest} />
        <Bar label="Now" timing={w.after} longest={longest} isNow />
      </div>
      <div className="qw-given">
        <span className="qw-given-value">{w.hours ? hoursText(w.hours.value) : '–'}</span>
        <Sure of={w.confidence} />
      </div>
    </li>
  )
}

function Bar({
  label,
  timing,
  longest,
  isNow = false,
}: {
  label: string
  timing: QuickWin['before']
  longest: number
  isNow?: boolean
}) {
  return (
    <div className="qw-bar">
      <span className="qw-bar-label">{label}</span>
      <span className="qw-bar-track" aria-hidden>
        {timing ? (
          <span
            className={isNow ? 'qw-bar-fill is-now' : 'qw-bar-fill'}
            style={{ width: `${Math.max(0.5, (timing.minutes / longest) * 100).toFixed(1)}%` }}
          />
        ) : null}
      </span>
      <span className="qw-bar-value">
        {timing ? minutesText(timing.minutes) : 'not timed'}{' '}
        <span className="faint small">{timing ? methodText(timing) : ''}</span>
      </span>
    </div>
  )
}
