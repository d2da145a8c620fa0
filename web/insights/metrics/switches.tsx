/** Choices in the making of ARR, each with what it moves; the rate of exchange in a row of its own. */
import { Switch } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { Switches } from '../../../src/insights/analyses/nrr-variants/switches.ts'
import { useWorkspace, type OutputOf } from '../../api.ts'
import { useMay } from '../../session.ts'
import { exactMoney, money, month, percent, plural } from '../../ui/format.ts'
import { Section } from '../../ui/page.tsx'
import { points } from './words.ts'
import type { VariantsState } from './variants.tsx'

const said = {
  'past-due': {
    label: 'Past-due amounts count',
    text: 'Owed at the end, by the payment status of the last import. Most tools count them until the subscription is cancelled.',
    field: 'Payment status',
    state: 'leaveOutPastDue',
  },
  escalators: {
    label: 'Agreed rises count as expansion',
    text: 'A rise that the contract held already was sold once, not twice. Never more than the account’s own rise.',
    field: 'Agreed rise per year',
    state: 'leaveOutEscalators',
  },
  'one-off': {
    label: 'One-off charges count',
    text: 'A charge that does not recur is no ARR. Some tools take it for new and then for churned.',
    field: 'One-off',
    state: 'countOneOffs',
  },
} as const

export function Switched({
  data,
  switches,
  onThrow,
}: {
  data: OutputOf<'insights.analyses.nrrVariants'>
  switches: Switches
  onThrow: (change: Partial<VariantsState>) => void
}) {
  const { currency } = data.standing
  const isThrown = switches.rows.some((r) => r.counted !== r.byDefault)
  return (
    <>
      <Section
        title="What counts"
        note={
          <>
            Of the closed cohort, {percent(switches.default, 1)} as usual
            {isThrown ? (
              <>
                , <strong>{percent(switches.chosen, 1)} as chosen here</strong>
              </>
            ) : null}
            . A switch changes this page only.
          </>
        }
      >
        <ul className="switches">
          {switches.rows.map((r) => {
            const s = said[r.key]
            return (
              <li key={r.key}>
                <div className="switch-what">
                  <Switch
                    label={s.label}
                    checked={r.counted}
                    disabled={r.state !== 'known'}
                    onChange={(e) => onThrow({ [s.state]: e.currentTarget.checked === r.byDefault ? undefined : true })}
                  />
                  <p className="small faint">{s.text}</p>
                </div>
                {r.state === 'known' ? (
                  <div className="switch-size">
                    <span className="switch-effect">
                      {Math.abs(r.effect ?? 0) < 0.0005 ? 'moves nothing' : points(r.effect!)}
                    </span>
                    <span className="small faint">
                      {r.counted === r.byDefault
                        ? `would make it ${percent(r.nrr, 1)}`
                        : `makes it ${percent(r.nrr, 1)} by itself`}
                      ; {plural(r.accounts, 'account', 'accounts')},{' '}
                      <span title={exactMoney(r.arr, currency)}>{money(r.arr, currency)}</span>
                    </span>
                  </div>
                ) : (
                  <Missing field={s.field} isThen={r.state === 'not-known-then'} />
                )}
              </li>
            )
          })}
        </ul>
      </Section>
      <Exchange switches={switches} currency={currency} data={data} />
    </>
  )
}

function Missing({ field, isThen = false }: { field: string; isThen?: boolean }) {
  const workspace = useWorkspace()
  const may = useMay('insights:edit')
  if (isThen)
    return (
      <div className="switch-size">
        <span className="faint">not known then</span>
        <span className="small faint">
          A payment status is that of the last import, so it says nothing of an earlier month.
        </span>
      </div>
    )
  return (
    <div className="switch-size">
      <span className="faint">not in your data</span>
      <span className="small faint">
        Map “{field}” of the subscriptions
        {may ? (
          <>
            {' '}
            in an{' '}
            <Link to="/w/$workspace/data/import" params={{ workspace }}>
              import
            </Link>
          </>
        ) : null}
        .
      </span>
    </div>
  )
}

function Exchange({
  switches,
  currency,
  data,
}: {
  switches: Switches
  currency: string
  data: OutputOf<'insights.analyses.nrrVariants'>
}) {
  const { fx, bridge } = switches
  const rows = [
    ['Start', bridge.start],
    ['Expansion', bridge.expansion],
    ['Contraction', -bridge.contraction],
    ['Churn', -bridge.churn],
    ['Exchange rate', fx.state === 'known' ? bridge.fx : null],
    ['End', bridge.end],
  ] as const
  const others = fx.rates.filter((r) => r.currency !== currency)
  return (
    <Section
      title="The exchange rate, in a row of its own"
      note={`The closed cohort from ${month(data.base!)} to ${month(data.month)}. Expansion and contraction are counted at the rates of the start.`}
    >
      <div className="exchange">
        <table className="exchange-bridge">
          <tbody>
            {rows.map(([name, value]) => (
              <tr key={name} className={name === 'Start' || name === 'End' ? 'is-total' : undefined}>
                <th scope="row">{name}</th>
                <td title={value === null ? undefined : exactMoney(value, currency)}>
                  {value === null ? (
                    <span className="faint">not in your data</span>
                  ) : (
                    `${value > 0 && name !== 'Start' && name !== 'End' ? '+' : ''}${money(value, currency)}`
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        <div className="soft exchange-said">
          {fx.state !== 'known' ? (
            <>
              <p>No amount says its currency, so all of them are taken as {currency}.</p>
              <p className="small faint">
                Map “Currency” of the subscriptions or of MRR by month, and give the rates with the mapping.
              </p>
            </>
          ) : others.length === 0 ? (
            <p>Every amount came in {currency}: no rate moves anything.</p>
          ) : fx.isConstant ? (
            <p>
              Each currency came in at one rate (
              {others.map((r) => `1 ${r.currency} = ${r.lowest} ${currency}`).join(', ')}), so NRR is in constant
              currency by construction and the row is zero.
            </p>
          ) : (
            <>
              <p>
                At the rates of the start NRR would be <strong>{percent(fx.nrr, 1)}</strong>; the rates move it by{' '}
                {points(fx.effect ?? 0)}, over {plural(fx.accounts, 'account', 'accounts')}.
              </p>
              <ul className="small">
                {others.map((r) => (
                  <li key={r.currency}>
                    1 {r.currency} = {r.lowest === r.highest ? r.lowest : `${r.lowest} to ${r.highest}`} {currency};{' '}
                    {money(r.arr, currency)} of ARR at the end
                  </li>
                ))}
              </ul>
            </>
          )}
        </div>
      </div>
    </Section>
  )
}
