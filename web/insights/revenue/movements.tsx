/** The bridge and its months: what came, what was lost, and the accounts behind each. */
import { Button } from '@mantine/core'
import { lazy, Suspense } from 'react'
import type { Movement } from '../../../src/insights/analyses/ground/schemas.ts'
import type { useRead } from '../../api.ts'
import { count, exactMoney, money, month, plural } from '../../ui/format.ts'
import { Section } from '../../ui/page.tsx'
import { Await, Empty, Loading } from '../../ui/states.tsx'
import { Table, type Column } from '../../ui/table.tsx'
import { TakeAway } from '../analyses/frame.tsx'
import { kindTitles, MovementDrawer, type Bar } from './movement-drawer.tsx'

const Bridge = lazy(() => import('./bridge.tsx').then((m) => ({ default: m.Bridge })))

interface MovementsProps {
  input: { from?: string; to?: string; segmentBy: string; segment?: string }
  movements: ReturnType<typeof useRead<'insights.analyses.movements'>>
  /** The last twelve months, whichever those will be. */
  isOpenEnded: boolean
  window: number
  segment: string | undefined
  perMonth: boolean
  open: Bar | undefined
  onOpen: (bar: Bar | undefined) => void
}

const without = (input: Record<string, unknown>, ...keys: string[]) =>
  Object.fromEntries(Object.entries(input).filter(([key]) => !keys.includes(key)))

export function Movements({ input, movements, isOpenEnded, window, segment, perMonth, open, onOpen }: MovementsProps) {
  const { segmentBy } = input
  const unit = perMonth ? 'MRR' : 'ARR'
  const scale = perMonth ? 1 / 12 : 1
  return (
    <Await query={movements} rows={10}>
      {({ rows, total, currency }) =>
        total === null ? (
          <Section title="Movements">
            <Empty title="No revenue in these months">Choose another span.</Empty>
          </Section>
        ) : (
          <>
            <Section
              title={`${unit} went from ${money(total.start * scale, currency)} to ${money(total.end * scale, currency)}`}
              note={`${month(rows[0]!.month)} to ${month(total.month)}${segment ? `, ${segment}` : ''}. Each change of an account falls in one kind: start + new + reactivation + expansion − contraction − churn = end.`}
              actions={
                <TakeAway
                  operation="insights.analyses.movements"
                  input={input}
                  inputOfView={isOpenEnded ? without(input, 'from', 'to') : input}
                  alsoReads={[{ operation: 'insights.analyses.retentionTrend', input: { segmentBy, window } }]}
                />
              }
            >
              <Suspense fallback={<Loading rows={8} />}>
                <Bridge
                  total={total}
                  scale={scale}
                  currency={currency}
                  unit={unit}
                  onOpen={(kind) => onOpen({ kind })}
                />
              </Suspense>
              <div className="bridge-bars">
                <span className="small faint">Accounts behind</span>
                {kinds
                  .filter((kind) => total.accounts[kind] > 0)
                  .map((kind) => (
                    <Button key={kind} size="compact-xs" variant="default" onClick={() => onOpen({ kind })}>
                      {kindTitles[kind]} {count(total.accounts[kind])}
                    </Button>
                  ))}
              </div>
            </Section>
            <Section title="Month by month">
              <Table
                label="Movements by month"
                columns={movementColumns(currency, scale, onOpen)}
                rows={rows}
                keyOf={(m) => m.month}
                initialSort={{ key: 'month', down: true }}
                maxHeight={480}
              />
            </Section>
            <MovementDrawer
              bar={open}
              input={{ ...input, ...(open?.month ? { from: open.month, to: open.month } : {}) }}
              scale={scale}
              unit={unit}
              onClose={() => onOpen(undefined)}
            />
          </>
        )
      }
    </Await>
  )
}

const kinds = ['new', 'reactivation', 'expansion', 'contraction', 'churn'] as const

const movementColumns = (currency: string, scale: number, onOpen: (bar: Bar) => void): Column<Movement>[] => {
  const amount = (value: number, n: number) =>
    n === 0 ? (
      <span className="faint">–</span>
    ) : (
      <span title={`${exactMoney(value * scale, currency)}, ${plural(n, 'account', 'accounts')}`}>
        {money(value * scale, currency)} <span className="faint small">{count(n)}</span>
      </span>
    )
  return [
    { key: 'month', title: 'Month', by: (m) => m.month, render: (m) => month(m.month) },
    {
      key: 'start',
      title: 'Start',
      by: (m) => m.start,
      render: (m) => amount(m.start, m.accounts.start),
      isNumber: true,
    },
    ...kinds.map((kind): Column<Movement> => ({
      key: kind,
      title: kindTitles[kind],
      by: (m) => m[kind],
      render: (m) =>
        m.accounts[kind] === 0 ? (
          amount(0, 0)
        ) : (
          <button type="button" className="plain" onClick={() => onOpen({ kind, month: m.month })}>
            {amount(kind === 'contraction' || kind === 'churn' ? -m[kind] : m[kind], m.accounts[kind])}
          </button>
        ),
      isNumber: true,
    })),
    { key: 'end', title: 'End', by: (m) => m.end, render: (m) => amount(m.end, m.accounts.end), isNumber: true },
  ]
}
