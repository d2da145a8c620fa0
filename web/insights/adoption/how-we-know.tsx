/** How much of the data found each other, what was left out, and the definitions. */
import type { AdoptionRetention } from '../../../src/insights/analyses/ground/schemas.ts'
import { ago, count, day, moment, money, percent, plural } from '../../ui/format.ts'
import { groupedBy } from '../analyses/cut.ts'
import { DefinitionLinks } from '../definition-links.tsx'
import { HowOld } from '../freshness/how-old.tsx'
import './how-we-know.css'

const share = (part: number, whole: number) => (whole === 0 ? 0 : part / whole)

function Meter({ label, value, note }: { label: string; value: number; note: string }) {
  return (
    <div className="meter">
      <div className="meter-head">
        <span>{label}</span>
        <span className="meter-value">{percent(value)}</span>
      </div>
      <div className="meter-track" role="img" aria-label={`${label}: ${percent(value)}`}>
        <span style={{ width: `${Math.min(100, value * 100)}%` }} />
      </div>
      <p className="small faint">{note}</p>
    </div>
  )
}

const entitlementWords = {
  unknown: 'No entitlement file: every account with ARR counts as entitled',
  plan: 'Entitlement by plan',
  list: 'Entitlement by account',
  'plan-and-list': 'Entitlement by plan or account',
}

export function HowWeKnow({ data }: { data: AdoptionRetention }) {
  const { meta } = data
  const { match } = meta
  const facts = [
    [
      `Usage from ${day(meta.dataFrom)} to ${day(meta.dataTo)}`,
      `refreshed ${moment(meta.refreshedAt)}${meta.refreshedAt ? ` (${ago(meta.refreshedAt)})` : ''}`,
    ],
    [
      entitlementWords[meta.entitlement],
      meta.revenueBook ? `revenue from ${meta.revenueBook.replace(':', ' of ')}` : '',
    ],
    meta.excluded.accounts > 0
      ? [
          `${plural(meta.excluded.accounts, 'account', 'accounts')} excluded by rule`,
          `internal, test or trial; ${money(meta.excluded.arr, meta.currency)} of ARR`,
        ]
      : null,
    meta.usageWithoutArr > 0
      ? [
          `${count(meta.usageWithoutArr)} events while the account had no ARR`,
          'kept and shown here; they do not count as adoption',
        ]
      : null,
    meta.attributesAssumed > 0
      ? [
          `${plural(meta.attributesAssumed, 'account', 'accounts')} with an assumed ${groupedBy(meta.segmentBy, meta.andBy ?? undefined)} at the base day`,
          'the earliest known value is used, because no earlier one is known',
        ]
      : null,
  ].filter((f): f is string[] => f !== null)
  return (
    <div className="know">
      <div className="meters">
        <Meter
          label="Usage rows matched to an account"
          value={share(match.usageRowsMatched, match.usageRows)}
          note={`${count(match.usageRowsMatched)} of ${count(match.usageRows)}`}
        />
        <Meter
          label="ARR with usage"
          value={share(match.arrWithUsage, match.arr)}
          note={`${money(match.arrWithUsage, meta.currency)} of ${money(match.arr, meta.currency)}`}
        />
        <Meter
          label="Accounts with usage"
          value={share(match.accountsWithUsage, match.accounts)}
          note={`${count(match.accountsWithUsage)} of ${count(match.accounts)} with ARR`}
        />
        <Meter
          label="Usage that belongs to a feature"
          value={1 - meta.unmappedShare}
          note={`${percent(meta.unmappedShare)} is general traffic or not mapped yet`}
        />
      </div>
      <HowOld datasets={['subscriptions', 'mrr', 'accounts', 'users', 'entitlements']} />
      <dl className="know-facts">
        {facts.map(([what, how]) => (
          <div key={what}>
            <dt>{what}</dt>
            <dd>{how}</dd>
          </div>
        ))}
      </dl>
      <DefinitionLinks keys={meta.definitions} />
    </div>
  )
}
