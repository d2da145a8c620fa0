/** What every number means, each with an address of its own. */
import { TextInput } from '@mantine/core'
import { useLocation } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useRead, type OutputOf } from '../api.ts'
import { day } from '../ui/format.ts'
import { Page } from '../ui/page.tsx'
import { Await } from '../ui/states.tsx'
import './definitions.css'

type Definition = OutputOf<'insights.metrics.definitions'>['rows'][number]

export function DefinitionsPage() {
  const definitions = useRead('insights.metrics.definitions', {})
  const [search, setSearch] = useState('')
  const { hash } = useLocation()
  useEffect(() => {
    if (definitions.data && hash) document.getElementById(hash)?.scrollIntoView()
  }, [definitions.data, hash])
  const fits = (d: Definition) => `${d.name} ${d.short} ${d.definition}`.toLowerCase().includes(search.toLowerCase())
  return (
    <Page
      title="What do the numbers mean?"
      lead="Each as it is computed here, with its base, its time and what is not counted. A definition that changes gets a new version."
      controls={
        <TextInput
          w={280}
          placeholder="Search definitions"
          aria-label="Search definitions"
          value={search}
          onChange={(e) => setSearch(e.currentTarget.value)}
        />
      }
    >
      <Await query={definitions}>
        {({ rows }) => {
          const shown = rows.filter(fits)
          return (
            <div className="definitions">
              <nav aria-label="Definitions">
                <ul>
                  {shown.map((d) => (
                    <li key={d.key}>
                      <a href={`#${d.key}`}>{d.name}</a>
                    </li>
                  ))}
                </ul>
              </nav>
              <div>
                {shown.length === 0 ? (
                  <p className="soft">No definition holds “{search}”.</p>
                ) : (
                  shown.map((d) => <Entry key={d.key} definition={d} isCurrent={hash === d.key} />)
                )}
              </div>
            </div>
          )
        }}
      </Await>
    </Page>
  )
}

function Entry({ definition: d, isCurrent }: { definition: Definition; isCurrent: boolean }) {
  const facts = (
    [
      ['Base', d.base],
      ['Time', d.window],
      ['Unit', d.unit],
      ['Shown', d.suppression],
      ['Not counted', d.notCounted.join('; ') || null],
      ['Source', d.source],
      ['Version', String(d.version)],
    ] as const
  ).filter(([, text]) => text)
  return (
    <section id={d.key} className={isCurrent ? 'definition is-current' : 'definition'} aria-label={d.name}>
      <h2>
        {d.name}{' '}
        <a className="definition-link" href={`#${d.key}`} aria-label={`Link to ${d.name}`}>
          #
        </a>
      </h2>
      <p>{d.definition}</p>
      {d.formula ? <p className="definition-formula">{d.formula}</p> : null}
      {d.example ? <p className="soft">{d.example}</p> : null}
      {d.changes.length > 0 ? (
        <ul className="small faint">
          {d.changes.map((c) => (
            <li key={c.version}>
              Version {c.version}, since {day(c.on)}: {c.text}.
            </li>
          ))}
        </ul>
      ) : null}
      <dl>
        {facts.map(([what, text]) => (
          <div key={what}>
            <dt>{what}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
