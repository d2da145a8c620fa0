/** What those who answered are told: you said, we will, we will not and why. */
import { Button, Select, TextInput, Textarea } from '@mantine/core'
import { useState } from 'react'
import { useWrite } from '../api.ts'
import { day } from '../ui/format.ts'
import { FormLines } from '../ui/form-lines.tsx'
import { Section } from '../ui/page.tsx'
import { Failed } from '../ui/states.tsx'
import type { Wave } from './wave.tsx'
import './setup.css'

type Item = NonNullable<Wave['playback']>[number]
const fresh = (): Item => ({ said: '', answer: 'will', what: '' })

export function PlayBack({ wave }: { wave: Wave }) {
  const [items, setItems] = useState<Item[]>(wave.playback ?? [])
  const save = useWrite('setup.tour.playBack')
  return (
    <Section
      title="Playback"
      note={
        wave.playbackAt
          ? `Told on ${day(wave.playbackAt.slice(0, 10))}. Those who answered read it by their link; corrections show there.`
          : 'Those who answered are told by mail and read it by the link they have. Say what will not be done too, and why.'
      }
    >
      <div className="draft">
        <FormLines
          legend="What was heard"
          note="In the people’s own words where they may be quoted."
          one="line"
          lines={items}
          fresh={fresh}
          onChange={setItems}
        >
          {(item, change, place) => (
            <div className="playback-line">
              <TextInput
                label={`You said (${place})`}
                value={item.said}
                onChange={(e) => change({ said: e.currentTarget.value })}
              />
              <Select
                label="Answer"
                allowDeselect={false}
                value={item.answer}
                onChange={(v) => change({ answer: (v ?? 'will') as Item['answer'] })}
                data={[
                  { value: 'will', label: 'We will' },
                  { value: 'later', label: 'Later' },
                  { value: 'will-not', label: 'We will not' },
                ]}
              />
              <Textarea
                label="What, or why not"
                autosize
                value={item.what}
                onChange={(e) => change({ what: e.currentTarget.value })}
              />
            </div>
          )}
        </FormLines>
        {save.error ? <Failed error={save.error} /> : null}
        <Button
          size="xs"
          disabled={items.length === 0}
          loading={save.isPending}
          onClick={() => save.mutate({ id: wave.id, version: wave.version, items })}
        >
          {wave.playbackAt ? 'Save the correction' : 'Tell those who answered'}
        </Button>
      </div>
    </Section>
  )
}
