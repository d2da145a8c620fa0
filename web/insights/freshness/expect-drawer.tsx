/** By when new data of a dataset is expected. */
import { Button } from '@mantine/core'
import { useState } from 'react'
import type { DatasetAge } from '../../../src/insights/freshness/schemas.ts'
import { useWrite } from '../../api.ts'
import { SideDrawer } from '../../ui/side-drawer.tsx'
import { Failed } from '../../ui/states.tsx'
import { DaysField, ownZone, TimeField, workdays, ZoneField } from './moments.tsx'
import './freshness.css'

export function ExpectDrawer({ of, onClose }: { of: DatasetAge | undefined; onClose: () => void }) {
  return (
    <SideDrawer of={of} width={480} onClose={onClose} title={({ title }) => `${title}: expected by`}>
      {(age) => <Form of={age} onClose={onClose} />}
    </SideDrawer>
  )
}

function Form({ of, onClose }: { of: DatasetAge; onClose: () => void }) {
  const [days, setDays] = useState<number[]>(of.expected?.days ?? workdays)
  const [at, setAt] = useState(of.expected?.at ?? '07:00')
  const [timeZone, setZone] = useState(of.expected?.timeZone ?? ownZone())
  const expect = useWrite('insights.freshness.expect')
  return (
    <form
      className="one-column"
      onSubmit={(event) => {
        event.preventDefault()
        expect.mutate({ dataset: of.dataset, expected: { days, at, timeZone } }, { onSuccess: onClose })
      }}
    >
      <p className="soft">
        When new data has not come by then, every page says so in its top line, to everybody, until it comes.
      </p>
      {expect.error ? <Failed error={expect.error} /> : null}
      <TimeField label="By" value={at} onChange={setAt} />
      <DaysField value={days} onChange={setDays} />
      <ZoneField value={timeZone} onChange={setZone} />
      <div className="page-actions">
        <Button type="submit" loading={expect.isPending} disabled={days.length === 0 || at === ''}>
          Save
        </Button>
        {of.expected ? (
          <Button
            variant="default"
            onClick={() => expect.mutate({ dataset: of.dataset, expected: null }, { onSuccess: onClose })}
          >
            Expect it no more
          </Button>
        ) : null}
      </div>
    </form>
  )
}
