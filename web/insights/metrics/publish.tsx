/** Freezing a figure as it is told now: which months, and to whom. */
import { Button, Modal, MultiSelect, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import type { MetricPage } from '../../../src/insights/targets/schemas.ts'
import { useWrite } from '../../api.ts'
import { month, plural } from '../../ui/format.ts'
import { Failed } from '../../ui/states.tsx'
import { figure } from './words.ts'

export function PublishModal({ page, onClose }: { page: MetricPage; onClose: () => void }) {
  const known = page.points.filter((p) => p.value !== null)
  const [months, setMonths] = useState<string[]>(known.at(-1) ? [known.at(-1)!.month] : [])
  const [place, setPlace] = useState('')
  const publish = useWrite('insights.metrics.publish')
  const save = () =>
    publish.mutate(
      { ref: page.ref, months, place: place.trim() },
      {
        onSuccess: ({ published }) => {
          notifications.show({
            title: `${plural(published, 'figure is', 'figures are')} frozen`,
            message: `Told to: ${place.trim()}`,
          })
          onClose()
        },
      },
    )
  return (
    <Modal opened onClose={onClose} title={`Publish ${page.title}`}>
      <form
        className="metric-form"
        onSubmit={(event) => {
          event.preventDefault()
          save()
        }}
      >
        {publish.error ? <Failed error={publish.error} /> : null}
        <p className="soft">
          The figure is kept as it is now, with its interval, its definitions and the imports behind it. It cannot be
          changed or taken back; this page stays live.
        </p>
        <MultiSelect
          label="Months"
          required
          data={[...known]
            .reverse()
            .map((p) => ({ value: p.month, label: `${month(p.month)}: ${figure(p.value, page.unit, page.currency)}` }))}
          value={months}
          onChange={setMonths}
          searchable
          clearable
        />
        <TextInput
          label="Where, or to whom"
          description="A board meeting, a report, a mail to all"
          required
          minLength={2}
          maxLength={160}
          value={place}
          onChange={(e) => setPlace(e.currentTarget.value)}
        />
        <div className="page-actions">
          <Button type="submit" loading={publish.isPending} disabled={months.length === 0 || place.trim().length < 2}>
            Publish
          </Button>
          <Button variant="default" onClick={onClose}>
            Not now
          </Button>
        </div>
      </form>
    </Modal>
  )
}
