/** How the file was read, and how else it can be. */
import { Select, TextInput } from '@mantine/core'
import type { FileOptions, Preview } from '../../../src/insights/datasets/schemas.ts'
import { plural } from '../../ui/format.ts'

const delimiterNames: Record<string, string> = { ',': 'comma', ';': 'semicolon', '\t': 'tab', '|': 'bar' }
const lineEndNames: Record<string, string> = { lf: 'LF', crlf: 'CR LF', cr: 'CR' }

export function Found({ preview, onFile }: { preview: Preview; onFile: (file: FileOptions) => void }) {
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
      <details className="more-lines">
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
