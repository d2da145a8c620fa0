/** From the files to the figure: what came in, what was made of it, and by which definitions. */
import type { MetricPage } from '../../../src/insights/targets/schemas.ts'
import { count, day, moment, plural } from '../../ui/format.ts'
import { Table } from '../../ui/table.tsx'
import { useDatasetNames } from '../data/words.ts'
import { DefinitionLink } from '../definition-links.tsx'

export function LineagePicture({ page, definition }: { page: MetricPage; definition: string }) {
  const { lineage } = page
  const nameOf = useDatasetNames()
  return (
    <>
      <ol className="lineage">
        <li>
          <h3>Files</h3>
          {lineage.files.length === 0 ? (
            <p className="faint">no import stands</p>
          ) : (
            <ul>
              {lineage.files.map((f) => (
                <li key={f.dataset}>
                  <strong>{nameOf(f.dataset).title}</strong>
                  <span>
                    {plural(f.imports, 'import', 'imports')}, {plural(f.rows, 'row', 'rows')}
                  </span>
                  <span className="faint" title={f.lastFile}>
                    last {day(f.lastImportAt)}: {f.lastFile}
                  </span>
                </li>
              ))}
            </ul>
          )}
        </li>
        <li>
          <h3>Made of them</h3>
          <ul>
            {lineage.tables.map((t) => (
              <li key={t.name}>
                <strong>
                  <code>{t.name}</code>
                </strong>
                <span className="faint">{t.holds}</span>
              </li>
            ))}
            <li className="faint">refreshed {moment(lineage.refreshedAt)}</li>
          </ul>
        </li>
        <li>
          <h3>Definitions</h3>
          <ul>
            {page.standing.definitions.map((key) => (
              <li key={key}>
                <DefinitionLink of={key} />
              </li>
            ))}
          </ul>
        </li>
        <li>
          <h3>The figure</h3>
          <ul>
            <li>
              <strong>{page.title}</strong>
              <span className="faint">{definition}</span>
            </li>
          </ul>
        </li>
      </ol>
      {lineage.recent.length > 0 ? (
        <details className="more-lines">
          <summary>The last {count(lineage.recent.length)} imports behind it</summary>
          <Table
            label="Imports behind the figure"
            rows={lineage.recent}
            keyOf={(b) => String(b.id)}
            columns={[
              { key: 'id', title: 'Import', render: (b) => count(b.id) },
              {
                key: 'file',
                title: 'File',
                render: (b) => (
                  <span className="cut" title={b.fileName}>
                    {b.fileName}
                  </span>
                ),
              },
              { key: 'dataset', title: 'Holds', render: (b) => nameOf(b.dataset).title },
              { key: 'rows', title: 'Rows', render: (b) => count(b.rows), isNumber: true },
              { key: 'by', title: 'By', render: (b) => b.importedBy },
              { key: 'at', title: 'On', render: (b) => moment(b.committedAt), isNumber: true },
            ]}
          />
        </details>
      ) : null}
    </>
  )
}
