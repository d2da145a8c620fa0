/** Two versions beside each other: theirs, which is saved, and mine, which is not yet. */
import { Button, Radio } from '@mantine/core'
import { useEffect, useRef, useState, type ReactNode } from 'react'
import type { OperationForm } from './use-operation-form.ts'
import type { Choices } from './versions.ts'

const plain = (value: unknown): ReactNode =>
  value === null || value === '' || value === undefined ? (
    <span className="faint">nothing</span>
  ) : typeof value === 'string' || typeof value === 'number' ? (
    value
  ) : typeof value === 'boolean' ? (
    value ? (
      'yes'
    ) : (
      'no'
    )
  ) : Array.isArray(value) ? (
    `${value.length} ${value.length === 1 ? 'entry' : 'entries'}`
  ) : (
    JSON.stringify(value)
  )

export function ConflictView<V extends Record<string, unknown>>({
  form,
  show = (_, value) => plain(value),
}: {
  form: OperationForm<V>
  show?: (field: string, value: unknown) => ReactNode
}) {
  const { fields, by, message } = form.conflict!
  const [choices, setChoices] = useState<Choices>(() => Object.fromEntries(fields.map((f) => [f.field, f.first])))
  const head = useRef<HTMLDivElement>(null)
  useEffect(() => head.current?.focus(), [])
  const who = by ?? 'Somebody else'
  const all = (choice: 'mine' | 'theirs') => Object.fromEntries(fields.map((f) => [f.field, choice]))
  return (
    <section className="versions" aria-label="Two versions" role="group">
      <div ref={head} tabIndex={-1}>
        <h3>{who} saved another version</h3>
        <p className="small soft">{message}</p>
      </div>
      <table>
        <thead>
          <tr>
            <th scope="col">
              <span className="visually-hidden">Field</span>
            </th>
            <th scope="col">Mine</th>
            <th scope="col">{by ? `${by}’s` : 'Theirs'}</th>
          </tr>
        </thead>
        <tbody>
          {fields.map(({ field, mine, theirs }) => (
            <tr key={field}>
              <th scope="row">{form.labelOf(field)}</th>
              {(['mine', 'theirs'] as const).map((side) => (
                <td key={side} className={choices[field] === side ? 'is-taken' : undefined}>
                  <Radio
                    size="xs"
                    name={`version-${field}`}
                    checked={choices[field] === side}
                    onChange={() => setChoices({ ...choices, [field]: side })}
                    label={show(field, side === 'mine' ? mine : theirs)}
                    aria-label={`${form.labelOf(field)}: ${side === 'mine' ? 'mine' : 'theirs'}`}
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <div className="page-actions">
        <Button size="xs" onClick={() => void form.settle(choices)} loading={form.isSending}>
          Save what is chosen
        </Button>
        <Button size="xs" variant="default" onClick={() => void form.settle(all('mine'))}>
          Keep mine
        </Button>
        <Button size="xs" variant="default" onClick={() => void form.settle(all('theirs'))}>
          Take theirs
        </Button>
      </div>
    </section>
  )
}
