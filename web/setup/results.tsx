/** What the counted answers of a wave say; a wave without a whole group says when it will. */
import { Select } from '@mantine/core'
import { useRead, type OutputOf } from '../api.ts'
import { useMay } from '../session.ts'
import { useAddress } from '../ui/address.ts'
import { count, plural } from '../ui/format.ts'
import { Section } from '../ui/page.tsx'
import { Await, Remark } from '../ui/states.tsx'
import { Coding } from './coding.tsx'
import { FrictionBars, PillarTotals } from './friction-bars.tsx'
import type { Wave } from './wave.tsx'
import { between, hours, share } from './words.ts'
import './setup.css'

type Found = OutputOf<'setup.tour.results'>

export function Results({ wave }: { wave: Wave }) {
  const [state, set] = useAddress<{ area?: string }>()
  const results = useRead(
    'setup.tour.results',
    { id: wave.id, ...(state.area ? { area: state.area } : {}) },
    { keepPrevious: true },
  )
  const mayListen = useMay('setup:listen')
  return (
    <Await query={results}>
      {(data) =>
        data.people === 0 ? (
          <Section title="What they say">
            <p className="results-wait">
              Nothing yet. What is said appears with the answer number {wave.groupOf}, and then {wave.groupOf} or more
              at a time, so that no answer can be told from the others.
            </p>
          </Section>
        ) : (
          <>
            <Answer data={data} />
            <Section
              title="Where the hours go"
              note={`Hours a week of all ${count(state.area ? data.people : data.wave.invited)} ${state.area ? 'who answered from this area' : 'who were asked'}: how often × how long × how many. The line is the 95 % interval.`}
              actions={
                data.areas.length > 1 ? (
                  <Select
                    aria-label="Area"
                    size="xs"
                    placeholder="All areas"
                    clearable
                    value={state.area ?? null}
                    onChange={(v) => set({ area: v ?? undefined })}
                    data={data.areas.map((a) => ({ value: a.name, label: `${a.name} (${a.people})` }))}
                  />
                ) : null
              }
            >
              <PillarTotals frictions={data.frictions} />
              <FrictionBars frictions={data.frictions} />
              {data.otherAreas ? (
                <p className="small faint">
                  {plural(data.otherAreas.people, 'answer', 'answers')} of areas with too few, or without an area, are
                  shown only together with all.
                </p>
              ) : null}
            </Section>
            <Choices data={data} />
            <Words data={data} />
            {mayListen ? <Coding wave={wave} /> : null}
          </>
        )
      }
    </Await>
  )
}

function Answer({ data }: { data: Found }) {
  const [first] = data.frictions
  const total = data.frictions.reduce((sum, f) => sum + f.hoursPerWeek, 0)
  const lack = data.frictions.reduce((sum, f) => sum + f.lacksSkill, 0)
  const named = data.frictions.reduce((sum, f) => sum + f.people, 0)
  return (
    <div className="results-answer">
      <p className="results-sentence">
        {first ? (
          <>
            <strong>{hours(total)}</strong> a week go into what does not help to decide; most into{' '}
            <strong>{first.name.charAt(0).toLowerCase() + first.name.slice(1)}</strong>, {hours(first.hoursPerWeek)}.
          </>
        ) : (
          'No friction was named.'
        )}
      </p>
      <dl className="results-figures">
        {data.share ? (
          <div>
            <dt>of a week goes into data and logistics</dt>
            <dd className="number">{share(data.share.value)}</dd>
            <dd className="small faint">{between(data.share, share)} with 95 % certainty</dd>
          </div>
        ) : null}
        <div>
          <dt>counted answers</dt>
          <dd className="number">{count(data.people)}</dd>
          <dd className="small faint">of {count(data.wave.invited)} asked</dd>
        </div>
        {named > 0 ? (
          <div>
            <dt>of what was named lacks a skill too</dt>
            <dd className="number">{share(lack / named)}</dd>
            <dd className="small faint">Product Operations does not cover for skills</dd>
          </div>
        ) : null}
      </dl>
    </div>
  )
}

function Choices({ data }: { data: Found }) {
  return (
    <>
      {data.choices.map((c) => {
        const all = c.options.reduce((sum, o) => sum + o.people, 0)
        return (
          <Section key={c.question} title={c.question} note={`${plural(all, 'answer', 'answers')}`}>
            <ol className="choice-bars">
              {c.options.map((o, i) => (
                <li key={o.name}>
                  <span>
                    {o.name}
                    {c.kind === 'scale' && (i === 0 || i === c.options.length - 1)
                      ? ` ${c.ends[i === 0 ? 0 : 1] ?? ''}`
                      : ''}
                  </span>
                  <span className="friction-track">
                    <span
                      className="friction-bar pillar-data"
                      style={{ width: `${all === 0 ? 0 : (o.people / all) * 100}%` }}
                    />
                  </span>
                  <span className="number">{count(o.people)}</span>
                </li>
              ))}
            </ol>
          </Section>
        )
      })}
    </>
  )
}

function Words({ data }: { data: Found }) {
  if (data.texts.length === 0 && data.hidden === 0) return null
  return (
    <Section title="In their own words" note="In the order of the alphabet, apart from whatever else an answer said.">
      <div className="own-words">
        {data.texts
          .filter((t) => t.said.length > 0)
          .map((t) => (
            <section key={t.question} aria-label={t.question}>
              <h3>{t.question}</h3>
              <ul>
                {t.said.map((s, i) => (
                  <li key={i}>
                    {s.text}
                    {s.mayQuote ? <span className="small faint"> may be quoted</span> : null}
                  </li>
                ))}
              </ul>
            </section>
          ))}
      </div>
      {data.hidden > 0 ? (
        <Remark>
          {plural(data.hidden, 'text is', 'texts are')} read by Product Ops alone: whoever wrote them asked not to be
          quoted.
        </Remark>
      ) : null}
    </Section>
  )
}
