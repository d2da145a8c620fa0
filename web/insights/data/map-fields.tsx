/** Each field of ours with the column it comes from, how its values are read, and how sure that is. */
import { Select, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { FieldSource, Mapping, Preview } from '../../../src/insights/datasets/schemas.ts'
import type { OutputOf } from '../../api.ts'

type Field = OutputOf<'insights.mappings.fields'>['datasets'][number]['fields'][number]

const constant = '\u0000constant'

export function FieldTable({
  fields,
  preview,
  mapping,
  onMapping,
}: {
  fields: readonly Field[]
  preview: Preview
  mapping: Mapping
  onMapping: (mapping: Mapping) => void
}) {
  const set = (name: string, source: FieldSource | null) => {
    const { [name]: _, ...others } = mapping.fields
    onMapping({ ...mapping, fields: source ? { ...others, [name]: source } : others })
  }
  return (
    <table className="map-table">
      <thead>
        <tr>
          <th scope="col">Field</th>
          <th scope="col">Column of the file</th>
          <th scope="col">Its values</th>
          <th scope="col">How sure</th>
        </tr>
      </thead>
      <tbody>
        {fields.map((f) => (
          <FieldRow
            key={f.name}
            field={f}
            preview={preview}
            source={mapping.fields[f.name]}
            onSet={(source) => set(f.name, source)}
          />
        ))}
      </tbody>
    </table>
  )
}

function FieldRow({
  field,
  preview,
  source,
  onSet,
}: {
  field: Field
  preview: Preview
  source: FieldSource | undefined
  onSet: (source: FieldSource | null) => void
}) {
  const column = preview.columns.find((c) => c.name === source?.column)
  const proposal = preview.proposals.find((p) => p.field === field.name)
  const isProposed = proposal && source?.column === proposal.source.column
  const value = source?.constant !== undefined ? constant : (source?.column ?? null)
  const isDate = field.type === 'date' || field.type === 'time' || field.type === 'month'
  return (
    <tr>
      <th scope="row">
        {field.label}
        {field.required ? <span className="faint"> needed</span> : null}
        <p className="small faint">{field.help}</p>
      </th>
      <td className="map-column">
        <Select
          aria-label={`Column for ${field.label}`}
          placeholder="not in the file"
          clearable
          searchable
          data={[
            ...preview.columns.map((c) => ({ value: c.name, label: c.name })),
            { value: constant, label: 'the same for every row …' },
          ]}
          value={value}
          error={field.required && !source ? true : undefined}
          onChange={(v) =>
            onSet(
              v === null
                ? null
                : v === constant
                  ? { constant: '' }
                  : { column: v, ...(proposal?.source.column === v ? proposal.source : {}) },
            )
          }
        />
        {source?.constant !== undefined ? (
          <TextInput
            mt={6}
            aria-label={`Value for ${field.label}`}
            placeholder="value"
            value={source.constant}
            onChange={(e) => onSet({ constant: e.currentTarget.value })}
          />
        ) : null}
        {source?.column !== undefined ? (
          <div className="map-more">
            {isDate && column?.type === 'VARCHAR' ? (
              <TextInput
                w={150}
                size="xs"
                label="Form"
                placeholder="ISO"
                value={source.format ?? ''}
                onChange={(e) => onSet({ ...source, format: e.currentTarget.value || undefined })}
              />
            ) : null}
            {field.type === 'time' ? (
              <TextInput
                w={150}
                size="xs"
                label="Time zone"
                placeholder="UTC"
                value={source.timeZone ?? ''}
                onChange={(e) => onSet({ ...source, timeZone: e.currentTarget.value || undefined })}
              />
            ) : null}
            {field.type === 'amount' || field.type === 'count' ? (
              <Select
                w={150}
                size="xs"
                label="Decimal sign"
                data={[
                  { value: '.', label: 'point' },
                  { value: ',', label: 'comma' },
                ]}
                value={source.decimal ?? '.'}
                allowDeselect={false}
                onChange={(v) => onSet({ ...source, decimal: v === ',' ? ',' : undefined })}
              />
            ) : null}
            {field.type === 'text' || field.type === 'currency' || field.type === 'flag' ? (
              <ValueTable source={source} onSet={onSet} />
            ) : null}
          </div>
        ) : null}
      </td>
      <td>
        <div className="map-samples" title={column?.samples.join('\n')}>
          {column ? column.samples.join(', ') || <span className="faint">empty</span> : ''}
        </div>
      </td>
      <td>
        <div className="map-sure">
          {isProposed ? (
            <span title={proposal.why}>
              {proposal.confidence >= 0.85 ? 'sure' : proposal.confidence >= 0.6 ? 'likely' : 'a guess'}{' '}
              <span className="faint number">{Math.round(proposal.confidence * 100)} %</span>
            </span>
          ) : source ? (
            <span className="faint">chosen</span>
          ) : (
            ''
          )}
        </div>
      </td>
    </tr>
  )
}

/** What the file says and what is meant, a pair a line: `ent = Enterprise`. */
function ValueTable({ source, onSet }: { source: FieldSource; onSet: (source: FieldSource) => void }) {
  const [text, setText] = useState(
    Object.entries(source.values ?? {})
      .map(([from, to]) => `${from} = ${to}`)
      .join('\n'),
  )
  const save = () => {
    const pairs = text
      .split('\n')
      .map((l) => l.split('=').map((part) => part.trim()))
      .filter((p) => p.length === 2 && p[0])
    onSet({ ...source, values: pairs.length > 0 ? Object.fromEntries(pairs as [string, string][]) : undefined })
  }
  return (
    <details>
      <summary className="small faint">values …</summary>
      <Textarea
        size="xs"
        autosize
        minRows={2}
        w={220}
        aria-label="Value table, one pair a line"
        placeholder="ent = Enterprise"
        value={text}
        onChange={(e) => setText(e.currentTarget.value)}
        onBlur={save}
      />
    </details>
  )
}
