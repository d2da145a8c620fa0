import { Button, MultiSelect, Select, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { useWrite } from '../../api.ts'
import { plural } from '../../ui/format.ts'
import { Failed } from '../../ui/states.tsx'
import type { Out } from './page.tsx'

type Mode = Out['setting']['mode']
const modes: { value: Mode; label: string }[] = [
  { value: 'off', label: 'only when somebody says so' },
  { value: 'after-refresh', label: 'after each refresh' },
  { value: 'daily', label: 'daily' },
]

export function OutForm({ out }: { out: Out }) {
  const { version, ...start } = out.setting
  const save = useWrite('insights.out.set')
  const [setting, setSetting] = useState(start)
  const change = (some: Partial<typeof start>) => setSetting((now) => ({ ...now, ...some }))
  const isChanged = JSON.stringify(setting) !== JSON.stringify(start)
  return (
    <form
      className="out-form"
      onSubmit={(event) => {
        event.preventDefault()
        save.mutate(
          { ...setting, version },
          {
            onSuccess: () =>
              notifications.show({ title: 'It is set', message: 'It holds from the next time the table is written.' }),
          },
        )
      }}
    >
      {save.error ? <Failed error={save.error} /> : null}
      <div className="out-fields">
        <Select
          label="Write it"
          w={260}
          data={modes}
          value={setting.mode}
          onChange={(mode) => change({ mode: mode as Mode })}
          allowDeselect={false}
        />
        {setting.mode === 'daily' ? (
          <TextInput
            label="At, in UTC"
            type="time"
            w={130}
            required
            value={setting.dailyAt}
            onChange={(e) => change({ dailyAt: e.currentTarget.value })}
          />
        ) : null}
        <MultiSelect
          label="Also cut by"
          w={320}
          placeholder={setting.segmentBys.length > 0 ? '' : 'nothing more'}
          data={out.choices.map((c) => ({
            value: c.key,
            label: c.key === 'arr' ? 'ARR, in bands' : `${c.key}, ${plural(c.values, 'value', 'values')}`,
          }))}
          value={setting.segmentBys}
          onChange={(segmentBys) => change({ segmentBys })}
          maxValues={8}
          searchable
          clearable
        />
        <Button type="submit" variant="default" disabled={!isChanged} loading={save.isPending}>
          Save
        </Button>
      </div>
    </form>
  )
}
