/** Files come in, one after the other. */
import '@mantine/dropzone/styles.css'
import { Dropzone } from '@mantine/dropzone'
import { useState } from 'react'
import { useHere } from '../../session.ts'
import { bytes } from '../../ui/format.ts'
import { Page, Section } from '../../ui/page.tsx'
import { OneFile } from './one-file.tsx'
import { SampleStays } from './sample-stays.tsx'
import './import.css'

export function ImportPage() {
  const here = useHere()
  const [queue, setQueue] = useState<File[]>([])
  const [done, setDone] = useState(0)
  const current = queue[done]
  return (
    <Page
      title="Import a file"
      lead="CSV, Excel, NDJSON or Parquet, as your systems export them. Encoding, delimiter, dates and columns are recognised and shown; you decide."
    >
      {here?.kind === 'sample' ? (
        <div className="page-remark">
          <SampleStays />
        </div>
      ) : null}
      <Section
        title={current ? current.name : 'Choose'}
        note={
          current
            ? `${bytes(current.size)}${queue.length > 1 ? `, file ${done + 1} of ${queue.length}` : ''}`
            : undefined
        }
      >
        {current ? (
          <OneFile
            key={`${done}${current.name}`}
            file={current}
            hasNext={done + 1 < queue.length}
            onNext={() => setDone(done + 1)}
            onAgain={() => {
              setQueue([])
              setDone(0)
            }}
          />
        ) : (
          <Dropzone
            onDrop={(files: File[]) => {
              setQueue(files)
              setDone(0)
            }}
            aria-label="Drop files here or press to choose"
            inputProps={{ 'aria-label': 'Files' }}
            className="drop"
          >
            <div>
              <p className="drop-title">Drop files here</p>
              <p className="soft">or press to choose them. Several are taken one after the other.</p>
            </div>
          </Dropzone>
        )}
      </Section>
    </Page>
  )
}
