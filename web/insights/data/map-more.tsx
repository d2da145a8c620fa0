/** What some files need besides their columns: rates of other currencies, and what is kept as attributes. */
import { Checkbox, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { Mapping, Preview } from '../../../src/insights/datasets/schemas.ts'
import { useCurrency } from '../../session.ts'
import { count } from '../../ui/format.ts'

export function Rates({ mapping, onMapping }: { mapping: Mapping; onMapping: (mapping: Mapping) => void }) {
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

export function Attributes({
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
