/** Internal, test and trial accounts stay out of every rate, by rule, so that new ones do too. */
import { Button, Select, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useState } from 'react'
import type { ExclusionRule } from '../../../src/insights/accounts/schemas.ts'
import { useRead, useWrite } from '../../api.ts'
import { useMay } from '../../session.ts'
import { count, plural } from '../../ui/format.ts'
import { Section } from '../../ui/page.tsx'
import { Await } from '../../ui/states.tsx'
import { Table, type Column } from '../../ui/table.tsx'
import { showUndo } from '../../ui/undo.tsx'

const operators = [
  { value: 'is', label: 'is' },
  { value: 'contains', label: 'contains' },
  { value: 'ends-with', label: 'ends with' },
]
const reasons = [
  { value: 'internal', label: 'internal' },
  { value: 'test', label: 'test' },
  { value: 'trial', label: 'trial' },
  { value: 'other', label: 'other' },
]
const own = ['name', 'domain', 'id', 'owner']

export function Exclusions() {
  const rules = useRead('insights.accounts.exclusions', {})
  const mayEdit = useMay('insights:edit')
  const remove = useWrite('insights.accounts.include')
  const add = useWrite('insights.accounts.exclude')
  const takeOut = (rule: ExclusionRule) =>
    remove.mutate(
      { id: rule.id },
      {
        onSuccess: () =>
          showUndo('The rule is taken back', () =>
            add.mutate({ field: rule.field, operator: rule.operator, value: rule.value, reason: rule.reason }),
          ),
      },
    )
  const columns: Column<ExclusionRule>[] = [
    {
      key: 'rule',
      title: 'Accounts whose',
      render: (r) => (
        <>
          {r.field} {operators.find((o) => o.value === r.operator)!.label} <strong>{r.value}</strong>
        </>
      ),
    },
    { key: 'reason', title: 'Because they are', render: (r) => r.reason },
    { key: 'accounts', title: 'Accounts', render: (r) => count(r.accounts), isNumber: true },
    ...(mayEdit
      ? [
          {
            key: 'remove',
            title: <span className="visually-hidden">Remove</span>,
            render: (r: ExclusionRule) => (
              <Button
                size="compact-xs"
                variant="subtle"
                color="gray"
                onClick={() => takeOut(r)}
                aria-label={`Take back: ${r.field} ${r.value}`}
              >
                Take back
              </Button>
            ),
          },
        ]
      : []),
  ]
  return (
    <Section title="Kept out" note="Accounts that fit a rule count in no rate, no ARR and no retention figure.">
      <Await query={rules} rows={3}>
        {({ rows }) => (
          <Table
            label="Exclusion rules"
            columns={columns}
            rows={rows}
            keyOf={(r) => r.id}
            empty={
              <p className="soft">
                No rule yet. Typical ones: name contains “test”, domain is your own, type is Trial.
              </p>
            }
          />
        )}
      </Await>
      {mayEdit ? <NewRule /> : null}
    </Section>
  )
}

function NewRule() {
  const options = useRead('insights.analyses.options', {})
  const add = useWrite('insights.accounts.exclude')
  const [field, setField] = useState('name')
  const [operator, setOperator] = useState<ExclusionRule['operator']>('contains')
  const [value, setValue] = useState('')
  const [reason, setReason] = useState<ExclusionRule['reason']>('test')
  const [settled] = useDebouncedValue(value.trim(), 250)
  const hit = useRead(
    'insights.accounts.countExclusion',
    { field, operator, value: settled || ' ', reason },
    { enabled: settled.length > 0, keepPrevious: true },
  )
  return (
    <form
      className="rule-form"
      onSubmit={(event) => {
        event.preventDefault()
        add.mutate({ field, operator, value: value.trim(), reason }, { onSuccess: () => setValue('') })
      }}
    >
      <Select
        size="xs"
        w={140}
        label="Field"
        data={[...own, ...(options.data?.attributes.map((a) => a.key) ?? []).filter((key) => !own.includes(key))]}
        value={field}
        onChange={(v) => setField(v ?? 'name')}
        allowDeselect={false}
        searchable
      />
      <Select
        size="xs"
        w={110}
        label="Test"
        data={operators}
        value={operator}
        onChange={(v) => setOperator(v as ExclusionRule['operator'])}
        allowDeselect={false}
      />
      <TextInput
        size="xs"
        w={180}
        label="Value"
        required
        value={value}
        onChange={(e) => setValue(e.currentTarget.value)}
      />
      <Select
        size="xs"
        w={110}
        label="Reason"
        data={reasons}
        value={reason}
        onChange={(v) => setReason(v as ExclusionRule['reason'])}
        allowDeselect={false}
      />
      <Button size="xs" type="submit" variant="default" disabled={value.trim() === ''} loading={add.isPending}>
        Keep them out
      </Button>
      <span className="small faint" role="status">
        {settled && hit.data ? `fits ${plural(hit.data.accounts, 'account', 'accounts')}` : ''}
        {add.error ? add.error.message : ''}
      </span>
    </form>
  )
}
