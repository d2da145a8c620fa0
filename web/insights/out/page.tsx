/** The table of figures for the tools that people keep: files, views, when, and what is in it. */
import { Button, CopyButton } from '@mantine/core'
import { useRead, useWorkspace, type OutputOf } from '../../api.ts'
import { useMay } from '../../session.ts'
import { bytes, count, day, moment, month } from '../../ui/format.ts'
import { Page, Section } from '../../ui/page.tsx'
import { Await, Empty, Remark } from '../../ui/states.tsx'
import { Table } from '../../ui/table.tsx'
import { OutForm } from './out-form.tsx'
import { WriteNow } from './write-now.tsx'
import './out.css'

export type Out = OutputOf<'insights.out.get'>

export function OutPage() {
  const out = useRead('insights.out.get', {})
  const mayEdit = useMay('insights:edit')
  return (
    <Page
      title="Where do our numbers go?"
      lead={
        <p>{out.data ? leadOf(out.data) : 'One table of every figure, for Looker, Tableau, Excel or a notebook.'}</p>
      }
      actions={mayEdit ? <WriteNow /> : undefined}
    >
      <Await query={out} rows={10}>
        {(data) => (
          <>
            <Files out={data} />
            <Views out={data} />
            <Section title="When, and cut by what" note="All accounts and the default attribute are always there.">
              {mayEdit ? (
                <OutForm key={data.setting.version} out={data} />
              ) : (
                <p>
                  {whenWords(data)}, by {data.segmentations.join(', ')}.
                </p>
              )}
            </Section>
            <Section
              title="What is in it"
              note="One row for each measure, segment, feature and month; the figures of the pages, with their intervals and what they rest on."
            >
              <Table
                label="Columns of the table"
                rows={data.columns}
                keyOf={(c) => c.name}
                columns={[
                  { key: 'name', title: 'Column', render: (c) => <code>{c.name}</code> },
                  { key: 'meaning', title: 'Meaning', render: (c) => <span className="wraps-cell">{c.meaning}</span> },
                ]}
              />
            </Section>
          </>
        )}
      </Await>
    </Page>
  )
}

const whenWords = ({ setting }: Out) =>
  ({
    off: 'Written when somebody says so',
    'after-refresh': 'Written after each refresh',
    daily: `Written daily at ${setting.dailyAt} UTC`,
  })[setting.mode]

function leadOf(out: Out): string {
  if (!out.written)
    return `Every figure as one table, for Looker, Tableau, Excel or a notebook. It was not written yet. ${whenWords(out)}.`
  return `${count(out.written.rows)} rows of ${month(out.written.firstMonth ?? '')} to ${month(out.written.lastMonth ?? '')}, written ${moment(out.written.at)} with data to ${day(out.written.dataTo)}. ${whenWords(out)}.`
}

const kinds: Record<string, string> = {
  'metric_values.parquet': 'For notebooks, Spark, BigQuery, Snowflake',
  'metric_values.csv': 'For Excel, Google Sheets, Tableau',
  'out.duckdb': 'With the views metric_values and latest_values; open it read-only',
}

function Files({ out }: { out: Out }) {
  const workspace = useWorkspace()
  return (
    <Section
      title="As files"
      note={
        out.folder ? (
          <>
            On the server in <code className="out-path">{out.folder}</code>, written under another name first, so that
            no reader meets half a file.
          </>
        ) : (
          'Written whole each time, or not at all.'
        )
      }
    >
      {out.files.length === 0 ? (
        <Empty title="No file is there yet">
          {out.folder
            ? 'Write them now, or say below when they are to be written.'
            : 'Product Ops or an admin has them written.'}
        </Empty>
      ) : (
        <Table
          label="Files"
          rows={out.files}
          keyOf={(f) => f.name}
          columns={[
            { key: 'name', title: 'File', render: (f) => <code>{f.name}</code> },
            { key: 'for', title: 'For', render: (f) => <span className="wraps-cell">{kinds[f.name] ?? ''}</span> },
            { key: 'size', title: 'Size', by: (f) => f.sizeBytes, render: (f) => bytes(f.sizeBytes), isNumber: true },
            { key: 'at', title: 'Written', by: (f) => f.writtenAt, render: (f) => moment(f.writtenAt), isNumber: true },
            {
              key: 'get',
              title: <span className="visually-hidden">Download</span>,
              render: (f) => (
                <Button
                  size="compact-xs"
                  variant="default"
                  component="a"
                  href={`/api/downloads/${f.name}?${new URLSearchParams({ workspace })}`}
                  aria-label={`Download ${f.name}`}
                >
                  Download
                </Button>
              ),
            },
          ]}
        />
      )}
    </Section>
  )
}

function Views({ out }: { out: Out }) {
  if (!out.sql)
    return (
      <Section title="As SQL">
        <Remark>
          This installation keeps its data in the embedded store, which no other program can open. The files are the
          way: point Tableau or Excel at the CSV, a notebook at the Parquet file, and any SQL tool that speaks DuckDB at{' '}
          <code>out.duckdb</code>. With PostgreSQL (DATABASE_URL) the same table stands in views.
        </Remark>
      </Section>
    )
  const { grant } = out.sql
  return (
    <Section
      title="As SQL views"
      note={
        <>
          In the same PostgreSQL: <code>{out.sql.view}</code>, and <code>{out.sql.latest}</code> with the last month of
          each measure. Rows are replaced in one transaction.
        </>
      }
    >
      <p className="soft">
        An administrator of the database grants them to a role that may read nothing else. No role is made here.
      </p>
      <div className="out-grant">
        <pre>{grant}</pre>
        <CopyButton value={grant}>
          {({ copied, copy }) => (
            <Button size="compact-xs" variant="default" onClick={copy} aria-live="polite">
              {copied ? 'Copied' : 'Copy'}
            </Button>
          )}
        </CopyButton>
      </div>
    </Section>
  )
}
