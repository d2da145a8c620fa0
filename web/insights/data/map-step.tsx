/** Which column is which field of ours: proposed with a confidence, beside values of the file, decided by a person. */
import { Button, Checkbox, FileButton, Select, Switch, TextInput, Textarea } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import type { listFields, readMappingOperation } from '../../../src/insights/datasets/mapping/operations.ts'
import type {
  Dataset,
  FieldSource,
  FileOptions,
  Mapping,
  Preview,
  Question,
} from '../../../src/insights/datasets/schemas.ts'
import { useRead, useWorkspace, write, ApiError, type OutputOf } from '../../api.ts'
import { useCurrency } from '../../session.ts'
import { count, plural } from '../../ui/format.ts'
import { Await } from '../../ui/states.tsx'
import { Table } from '../../ui/table.tsx'
import { download } from '../../ui/picture.ts'
import { datasetNames, datasetOrder } from './words.ts'

interface Props {
  preview: Preview
  mapping: Mapping
  isBusy: boolean
  onMapping: (mapping: Mapping) => void
  onLook: (options: { dataset?: Dataset; source?: string; file?: FileOptions }) => void
  onCheck: () => void
}
type Field = OutputOf<typeof listFields>['datasets'][number]['fields'][number]

const delimiterNames: Record<string, string> = { ',': 'comma', ';': 'semicolon', '\t': 'tab', '|': 'bar' }
const lineEndNames: Record<string, string> = { lf: 'LF', crlf: 'CR LF', cr: 'CR' }

export function MapStep({ preview, mapping, isBusy, onMapping, onLook, onCheck }: Props) {
  const fields = useRead<typeof listFields>('insights.mappings.fields', {})
  const asked = preview.questions.filter((q) => mapping.fields[q.field]?.column === q.column)
  const open = asked.filter((q) => !mapping.fields[q.field]?.[q.sets])
  const relook = (change: { dataset?: Dataset; file?: FileOptions }) =>
    onLook({ dataset: mapping.dataset, source: mapping.source, file: mapping.file, ...change })
  return (
    <div className="check">
      <Found preview={preview} onFile={(file) => relook({ file: { ...mapping.file, ...file } })} />
      <div className="map-head">
        <Select
          label="This file holds"
          data={datasetOrder.map((d) => ({ value: d, label: datasetNames[d].title }))}
          value={mapping.dataset}
          allowDeselect={false}
          onChange={(v) => {
            if (v) onLook({ dataset: v as Dataset, file: mapping.file })
          }}
          description={datasetNames[mapping.dataset].what}
          inputWrapperOrder={['label', 'input', 'description']}
        />
        <TextInput
          label="Whose ids it speaks"
          value={mapping.source}
          onChange={(e) =>
            onMapping({ ...mapping, source: e.currentTarget.value.toLowerCase().replaceAll(/[^a-z0-9-]/g, '') })
          }
          description="crm, billing, product …"
          inputWrapperOrder={['label', 'input', 'description']}
        />
        {mapping.dataset === 'subscriptions' ? (
          <Select
            label="The amount is"
            required
            data={[
              { value: 'mrr', label: 'per month (MRR)' },
              { value: 'arr', label: 'per year (ARR)' },
              { value: 'total', label: 'for the whole term' },
            ]}
            value={mapping.amountIs ?? null}
            onChange={(v) => onMapping({ ...mapping, amountIs: (v ?? undefined) as Mapping['amountIs'] })}
            placeholder="Say which"
            error={mapping.amountIs ? undefined : 'The file does not tell'}
          />
        ) : null}
        {mapping.dataset === 'subscriptions' ? (
          <Switch
            mt={26}
            label="The end date still counts"
            checked={mapping.endIsInclusive ?? false}
            onChange={(e) => onMapping({ ...mapping, endIsInclusive: e.currentTarget.checked || undefined })}
          />
        ) : null}
      </div>
      {asked.map((q) => (
        <Ask
          key={q.field}
          question={q}
          answer={mapping.fields[q.field]?.[q.sets]}
          onAnswer={(answer) =>
            onMapping({
              ...mapping,
              fields: { ...mapping.fields, [q.field]: { ...mapping.fields[q.field], [q.sets]: answer } },
            })
          }
        />
      ))}
      <Await query={fields}>
        {({ datasets }) => (
          <FieldTable
            fields={datasets.find((d) => d.dataset === mapping.dataset)!.fields}
            preview={preview}
            mapping={mapping}
            onMapping={onMapping}
          />
        )}
      </Await>
      {mapping.fields['currency'] ? <Rates mapping={mapping} onMapping={onMapping} /> : null}
      {mapping.dataset === 'accounts' ? <Attributes preview={preview} mapping={mapping} onMapping={onMapping} /> : null}
      <details className="check-details">
        <summary>The first rows of the file</summary>
        <Table
          label="First rows of the file"
          maxHeight={320}
          columns={preview.columns.map((c, i) => ({
            key: c.name,
            title: c.name,
            render: (r: (string | null)[]) => <span className="cut">{r[i] ?? ''}</span>,
          }))}
          rows={preview.rows}
          keyOf={(r) => JSON.stringify(r)}
        />
      </details>
      <div className="import-actions">
        <Button
          loading={isBusy}
          disabled={open.length > 0 || (mapping.dataset === 'subscriptions' && !mapping.amountIs)}
          onClick={onCheck}
        >
          Check the file
        </Button>
        <MappingFile mapping={mapping} onMapping={onMapping} />
      </div>
      {open.length > 0 ? (
        <p className="small faint">Answer the {plural(open.length, 'question', 'questions')} above first.</p>
      ) : null}
    </div>
  )
}

function Found({ preview, onFile }: { preview: Preview; onFile: (file: FileOptions) => void }) {
  const { file } = preview
  return (
    <div className="map-found">
      <p>
        {[
          file.format?.toUpperCase(),
          file.encoding?.toUpperCase(),
          file.delimiter ? `${delimiterNames[file.delimiter] ?? file.delimiter} between columns` : null,
          file.lineEnd ? `lines end in ${lineEndNames[file.lineEnd]}` : null,
          `about ${plural(file.rowsEstimated, 'row', 'rows')}`,
          plural(preview.columns.length, 'column', 'columns'),
        ]
          .filter(Boolean)
          .join(' · ')}
        {preview.savedMapping ? `. Mapped as last time (${preview.savedMapping.name}).` : ''}
      </p>
      <details className="check-details">
        <summary>Read it differently</summary>
        <div className="map-head">
          {file.format === 'csv' ? (
            <>
              <Select
                label="Encoding"
                data={[
                  { value: 'utf-8', label: 'UTF-8' },
                  { value: 'latin-1', label: 'Latin-1 (Windows)' },
                  { value: 'utf-16le', label: 'UTF-16 LE' },
                  { value: 'utf-16be', label: 'UTF-16 BE' },
                ]}
                value={file.encoding ?? null}
                onChange={(v) => onFile({ encoding: v as FileOptions['encoding'] })}
                allowDeselect={false}
              />
              <Select
                label="Between columns"
                data={Object.entries(delimiterNames).map(([value, label]) => ({ value, label }))}
                value={file.delimiter ?? null}
                onChange={(v) => onFile({ delimiter: v ?? undefined })}
                allowDeselect={false}
              />
              <Select
                label="Quote"
                data={[
                  { value: '"', label: 'double "' },
                  { value: "'", label: "single '" },
                ]}
                value={file.quote ?? null}
                onChange={(v) => onFile({ quote: v ?? undefined })}
                allowDeselect={false}
              />
            </>
          ) : null}
          {file.sheets.length > 0 ? (
            <Select
              label="Sheet"
              data={file.sheets}
              value={file.sheet ?? file.sheets[0] ?? null}
              onChange={(v) => onFile({ sheet: v ?? undefined })}
              allowDeselect={false}
            />
          ) : null}
          {file.format === 'csv' || file.format === 'xlsx' ? (
            <TextInput
              label="Lines above the header"
              type="number"
              min={0}
              max={1000}
              defaultValue={file.skipLines ?? 0}
              onBlur={(e) => {
                const n = Number(e.currentTarget.value)
                if (n !== (file.skipLines ?? 0)) onFile({ skipLines: n })
              }}
            />
          ) : null}
        </div>
      </details>
    </div>
  )
}

function Ask({
  question,
  answer,
  onAnswer,
}: {
  question: Question
  answer: string | undefined
  onAnswer: (value: string) => void
}) {
  return (
    <div className="map-question">
      <fieldset>
        <legend>{question.text}</legend>
        {question.options.map((o) => (
          <label key={o.value}>
            <input type="radio" name={question.field} checked={answer === o.value} onChange={() => onAnswer(o.value)} />
            {o.label}
          </label>
        ))}
      </fieldset>
    </div>
  )
}

const constant = '\u0000constant'

function FieldTable({
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

function Rates({ mapping, onMapping }: { mapping: Mapping; onMapping: (mapping: Mapping) => void }) {
  const currency = useCurrency()
  const [text, setText] = useState(
    Object.entries(mapping.rates ?? {})
      .map(([code, rate]) => `${code} = ${rate}`)
      .join(', '),
  )
  const save = () => {
    const pairs = text
      .split(/[,;\n]/)
      .map((p) => p.split('=').map((part) => part.trim()))
      .filter((p) => p.length === 2 && /^[A-Za-z]{3}$/.test(p[0]!) && Number(p[1]) > 0)
    onMapping({
      ...mapping,
      rates:
        pairs.length > 0
          ? Object.fromEntries(pairs.map(([code, rate]) => [code!.toUpperCase(), Number(rate)]))
          : undefined,
    })
  }
  return (
    <TextInput
      maw={420}
      label="Rates"
      description={`${currency} for one unit of another currency; rows in a currency without a rate are rejected`}
      placeholder="USD = 0.92, GBP = 1.17"
      value={text}
      onChange={(e) => setText(e.currentTarget.value)}
      onBlur={save}
    />
  )
}

function Attributes({
  preview,
  mapping,
  onMapping,
}: {
  preview: Preview
  mapping: Mapping
  onMapping: (mapping: Mapping) => void
}) {
  const used = new Set(Object.values(mapping.fields).flatMap((f) => f.column ?? []))
  const free = preview.columns.filter((c) => !used.has(c.name))
  const kept = mapping.attributes ?? Object.fromEntries(free.map((c) => [c.name, c.name]))
  if (free.length === 0) return null
  return (
    <fieldset className="map-found" style={{ border: 0, padding: 0 }}>
      <legend>
        <strong>Kept as attributes</strong>, with their history; any of them can serve as segment
      </legend>
      <div className="map-more">
        {free.map((c) => {
          const key = Object.entries(kept).find(([, column]) => column === c.name)?.[0]
          return (
            <Checkbox
              key={c.name}
              size="xs"
              label={c.name}
              checked={key !== undefined}
              onChange={(e) => {
                const next = { ...kept }
                if (e.currentTarget.checked) next[c.name] = c.name
                else if (key) delete next[key]
                onMapping({ ...mapping, attributes: next })
              }}
            />
          )
        })}
      </div>
      <p className="small faint">{count(Object.keys(kept).length)} kept</p>
    </fieldset>
  )
}

function MappingFile({ mapping, onMapping }: { mapping: Mapping; onMapping: (mapping: Mapping) => void }) {
  const workspace = useWorkspace()
  const read = async (file: File | null) => {
    if (!file) return
    try {
      onMapping(
        (await write<typeof readMappingOperation>('insights.mappings.read', workspace, { yaml: await file.text() }))
          .mapping,
      )
    } catch (error) {
      notifications.show({
        color: 'red',
        title: 'This mapping was not taken',
        message: error instanceof ApiError ? error.message : 'It could not be read.',
      })
    }
  }
  const save = async () => {
    try {
      const { yaml } = await write<typeof readMappingOperation>('insights.mappings.read', workspace, {
        yaml: JSON.stringify(mapping),
      })
      download(`${mapping.dataset}.mapping.yaml`, new Blob([yaml], { type: 'text/yaml' }))
    } catch (error) {
      notifications.show({
        color: 'red',
        title: 'The mapping is not whole yet',
        message: error instanceof ApiError ? error.message : 'It could not be saved.',
      })
    }
  }
  return (
    <>
      <Button
        variant="default"
        onClick={() => {
          void save()
        }}
      >
        Save the mapping as a file
      </Button>
      <FileButton
        onChange={(file) => {
          void read(file)
        }}
        accept=".yaml,.yml"
      >
        {(props) => (
          <Button variant="default" {...props}>
            Load a mapping file
          </Button>
        )}
      </FileButton>
    </>
  )
}
