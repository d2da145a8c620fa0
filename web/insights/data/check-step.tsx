/** What can be read of the file, what cannot and why, before anything is committed. */
import { Button } from '@mantine/core'
import { useState } from 'react'
import type { Check, Mapping } from '../../../src/insights/datasets/schemas.ts'
import { count, day, plural } from '../../ui/format.ts'
import { Table } from '../../ui/table.tsx'

export function CheckStep({
  check,
  mapping,
  isBusy,
  onBack,
  onCommit,
}: {
  check: Check
  mapping: Mapping
  isBusy: boolean
  onBack: () => void
  onCommit: (mode: 'add' | 'replace-days', acceptRejects: boolean) => void
}) {
  const [replace, setReplace] = useState(false)
  const columns = Object.keys(check.sample[0] ?? {})
  return (
    <div className="check">
      <p className="check-sum">
        <strong>{plural(check.accepted, 'row', 'rows')}</strong> of {count(check.read)} can be read
        {check.firstDay ? `, ${day(check.firstDay)} to ${day(check.lastDay)}` : ''}.{' '}
        {check.rejected === 0 ? 'None is rejected.' : <strong>{count(check.rejected)} cannot.</strong>}
      </p>
      {check.rejected > 0 ? (
        <>
          <Table
            label="Why rows are rejected"
            columns={[
              { key: 'reason', title: 'Reason', render: (r) => r.reason },
              { key: 'rows', title: 'Rows', render: (r) => count(r.rows), isNumber: true },
              { key: 'line', title: 'First on line', render: (r) => count(r.firstLine), isNumber: true },
            ]}
            rows={check.reasons}
            keyOf={(r) => r.reason}
          />
          <details className="more-lines">
            <summary>
              {check.firstRejects.length === 1
                ? 'The row'
                : check.firstRejects.length === check.rejected
                  ? 'The rows'
                  : `The first ${count(check.firstRejects.length)} of them`}
            </summary>
            <Table
              label="Rejected rows"
              maxHeight={320}
              columns={[
                { key: 'line', title: 'Line', render: (r) => count(r.line), isNumber: true },
                { key: 'reason', title: 'Reason', render: (r) => r.reason },
                { key: 'value', title: 'Value', render: (r) => r.value ?? '' },
                { key: 'raw', title: 'Row', render: (r) => <code className="cut">{r.raw}</code> },
              ]}
              rows={check.firstRejects}
              keyOf={(r) => `${r.line}${r.reason}`}
            />
          </details>
        </>
      ) : null}
      {columns.length > 0 ? (
        <details className="more-lines">
          <summary>How the first rows are read</summary>
          <Table
            label="First rows as read"
            columns={columns.map((c) => ({
              key: c,
              title: c,
              render: (r: Record<string, string | null>) => r[c] ?? <span className="faint">–</span>,
            }))}
            rows={check.sample}
            keyOf={(r) => JSON.stringify(r)}
          />
        </details>
      ) : null}
      {mapping.dataset === 'usage' ? (
        <label className="check-option">
          <input type="checkbox" checked={replace} onChange={(e) => setReplace(e.currentTarget.checked)} />{' '}
          <span>
            Replace the days that this file covers
            <br />
            <span className="small faint">
              Otherwise only what those days do not hold yet is added, so that overlapping exports never count twice.
            </span>
          </span>
        </label>
      ) : null}
      <div className="import-actions">
        <Button
          loading={isBusy}
          disabled={check.accepted === 0}
          onClick={() => onCommit(replace ? 'replace-days' : 'add', check.rejected > 0)}
        >
          {check.rejected === 0
            ? `Import ${plural(check.accepted, 'row', 'rows')}`
            : `Import ${plural(check.accepted, 'row', 'rows')}, leave ${count(check.rejected)} out`}
        </Button>
        <Button variant="default" onClick={onBack}>
          Back to the mapping
        </Button>
      </div>
    </div>
  )
}
