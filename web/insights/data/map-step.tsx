/** Which column is which field of ours: proposed with a confidence, beside values of the file, decided by a person. */
import { Button, Select, Switch, TextInput } from '@mantine/core'
import type { Dataset, FileOptions, Mapping, Preview, Question } from '../../../src/insights/datasets/schemas.ts'
import { useRead } from '../../api.ts'
import { plural } from '../../ui/format.ts'
import { Await } from '../../ui/states.tsx'
import { Table } from '../../ui/table.tsx'
import { FieldTable } from './map-fields.tsx'
import { Found } from './map-found.tsx'
import { Attributes, Rates } from './map-more.tsx'
import { MappingFile } from './mapping-file.tsx'

/** As the options of a question say it. */
function answerOf(mapping: Mapping, { field, sets }: Question): string | undefined {
  const answer = mapping.fields[field]?.[sets]
  return Array.isArray(answer) ? JSON.stringify(answer) : answer
}

interface Props {
  preview: Preview
  mapping: Mapping
  isBusy: boolean
  onMapping: (mapping: Mapping) => void
  onLook: (options: { dataset?: Dataset; source?: string; file?: FileOptions }) => void
  onCheck: () => void
}

export function MapStep({ preview, mapping, isBusy, onMapping, onLook, onCheck }: Props) {
  const fields = useRead('insights.mappings.fields', {})
  const known = fields.data?.datasets ?? []
  const of = known.find((d) => d.dataset === mapping.dataset)
  const has = (key: string) => of?.keys.includes(key) ?? false
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
          data={known.map((d) => ({ value: d.dataset, label: d.title }))}
          value={mapping.dataset}
          allowDeselect={false}
          onChange={(v) => {
            if (v) onLook({ dataset: v, file: mapping.file })
          }}
          description={of?.what}
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
        {has('amountIs') ? (
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
        {has('endIsInclusive') ? (
          <Switch
            mt={26}
            label="The end date still counts"
            checked={mapping.endIsInclusive ?? false}
            onChange={(e) => onMapping({ ...mapping, endIsInclusive: e.currentTarget.checked })}
          />
        ) : null}
      </div>
      {asked.map((q) => (
        <Ask
          key={q.field}
          question={q}
          answer={answerOf(mapping, q)}
          onAnswer={(answer) =>
            onMapping({
              ...mapping,
              fields: {
                ...mapping.fields,
                [q.field]: {
                  ...mapping.fields[q.field],
                  [q.sets]: q.sets === 'empty' ? (JSON.parse(answer) as string[]) : answer,
                },
              },
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
      {has('attributes') ? <Attributes preview={preview} mapping={mapping} onMapping={onMapping} /> : null}
      <details className="more-lines">
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
          disabled={!of || open.length > 0 || (has('amountIs') && !mapping.amountIs)}
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
