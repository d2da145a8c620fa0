/** What friction costs: hours by friction and pillar, the share of each audience's week, and money at a rate that somebody states. */
import { Button, NumberInput, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useRead, useWrite, type OutputOf } from '../api.ts'
import { useMay } from '../session.ts'
import { useAddress } from '../ui/address.ts'
import { day, money, plural } from '../ui/format.ts'
import { Page, Section } from '../ui/page.tsx'
import { PlaceLink } from '../ui/place-link.tsx'
import { StateChoice } from '../ui/state-choice.tsx'
import { Await, Empty, Failed } from '../ui/states.tsx'
import { FrictionBars, joined, PillarTotals } from './friction-bars.tsx'
import { audienceNames, between, hours, share } from './words.ts'
import './setup.css'

type Cost = OutputOf<'setup.cost.read'>

export function CostPage() {
  const cost = useRead('setup.cost.read', {})
  return (
    <Page
      isWide
      title="What does friction cost us?"
      lead={cost.data && cost.data.frictions.length > 0 ? <Lead data={cost.data} /> : undefined}
    >
      <Await query={cost}>
        {(data) =>
          data.frictions.length === 0 ? (
            <Empty
              title="Nobody has said yet where the hours go"
              action={<PlaceLink address={`/start/tour`}>Open the listening tour</PlaceLink>}
            >
              The map is drawn from counted answers of the listening tour, or from three interviews with an audience.
            </Empty>
          ) : (
            <Found data={data} />
          )
        }
      </Await>
    </Page>
  )
}

function Lead({ data }: { data: Cost }) {
  return (
    <p>
      About <strong>{hours(data.hoursPerWeek)}</strong> a week
      {data.money === null ? (
        ''
      ) : (
        <>
          , <strong>{money(data.money, data.rate.currency)}</strong> a year
        </>
      )}
      , estimated from what{' '}
      {plural(
        data.shares.reduce((sum, s) => sum + s.people, 0),
        'person',
        'people',
      )}{' '}
      said
      {data.asOf ? ` until ${day(data.asOf)}` : ''}.
    </p>
  )
}

function Found({ data }: { data: Cost }) {
  const [state, set] = useAddress<{ audience?: Cost['frictions'][number]['audience'] }>()
  const shown = state.audience ? data.frictions.filter((f) => f.audience === state.audience) : joined(data.frictions)
  return (
    <>
      <ul className="week-shares">
        {data.shares
          .filter((s) => s.people > 0)
          .map((s) => (
            <li key={s.audience}>
              <p className="week-share number">{s.share ? share(s.share.value) : '–'}</p>
              <p>
                {audienceNames[s.audience]}
                <small>
                  {s.share
                    ? `${between(s.share, share)} of a week, from ${s.people}`
                    : `too few said so, of ${s.people}`}
                </small>
              </p>
            </li>
          ))}
      </ul>
      <Section
        title="The friction map"
        note="How often × how long × how many, for everybody who was asked. The line is the 95 % interval; it covers chance, and not that those who stay silent may think otherwise."
        actions={
          <StateChoice
            label="Whose"
            states={audienceNames}
            value={state.audience}
            onChange={(audience) => set({ audience })}
          />
        }
      >
        <PillarTotals frictions={shown} />
        <FrictionBars frictions={shown} />
      </Section>
      <div className="cost-cuts">
        <Named title="By system" frictions={shown} of="systems" />
        <Named title="By area" frictions={shown} of="areas" />
        <Skills frictions={shown} />
      </div>
      {data.quotes.length > 0 ? (
        <Section title="In their words" note="Of people who agreed to be quoted, without their names.">
          <ul className="quotes">
            {data.quotes
              .filter((q) => !state.audience || q.audience === state.audience)
              .slice(0, 9)
              .map((q) => (
                <li key={q.text}>
                  <blockquote>{q.text}</blockquote>
                  <p className="small faint">{audienceNames[q.audience]}</p>
                </li>
              ))}
          </ul>
        </Section>
      ) : null}
      <Rate key={data.rate.version} data={data} />
    </>
  )
}

function Named({ title, frictions, of }: { title: string; frictions: Cost['frictions']; of: 'systems' | 'areas' }) {
  const people = new Map<string, number>()
  for (const f of frictions) for (const s of f[of]) people.set(s.name, (people.get(s.name) ?? 0) + s.people)
  const rows = [...people].sort((a, b) => b[1] - a[1]).slice(0, 8)
  const most = Math.max(1, ...rows.map(([, n]) => n))
  return (
    <Section title={title} note="How often it was named; fewer than three are not shown.">
      {rows.length === 0 ? (
        <p className="soft">
          {of === 'areas'
            ? 'Told once a wave is closed and its areas are large enough.'
            : 'None was named by three people.'}
        </p>
      ) : (
        <ol className="choice-bars">
          {rows.map(([name, n]) => (
            <li key={name}>
              <span>{name}</span>
              <span className="friction-track">
                <span className="friction-bar pillar-data" style={{ width: `${(n / most) * 100}%` }} />
              </span>
              <span className="number">{n}</span>
            </li>
          ))}
        </ol>
      )}
    </Section>
  )
}

function Skills({ frictions }: { frictions: Cost['frictions'] }) {
  const rows = frictions
    .filter((f) => f.lacksSkill > 0)
    .sort((a, b) => b.lacksSkill / b.people - a.lacksSkill / a.people)
    .slice(0, 5)
  return (
    <Section
      title="A system, or a skill?"
      note="Product Operations takes systems off people’s desks. What lacks a skill is for coaching and training."
    >
      {rows.length === 0 ? (
        <p className="soft">Nobody says that a skill is missing.</p>
      ) : (
        <ol className="choice-bars">
          {rows.map((f) => (
            <li key={`${f.code} ${f.audience}`}>
              <span>{f.name}</span>
              <span className="friction-track">
                <span className="friction-bar pillar-none" style={{ width: `${(f.lacksSkill / f.people) * 100}%` }} />
              </span>
              <span className="number">
                {f.lacksSkill} of {f.people}
              </span>
            </li>
          ))}
        </ol>
      )}
    </Section>
  )
}

function Rate({ data }: { data: Cost }) {
  const mayEdit = useMay('setup:edit')
  const [amount, setAmount] = useState<string | number>(data.rate.amount ?? '')
  const [basis, setBasis] = useState(data.rate.basis)
  const save = useWrite('setup.cost.setRate')
  return (
    <Section
      title="What an hour costs"
      note={
        data.rate.amount === null
          ? 'Money is shown once somebody states a rate, and where it comes from.'
          : `${money(data.rate.amount, data.rate.currency)} an hour, over ${data.workingWeeks} working weeks a year. ${data.rate.basis}`
      }
    >
      {mayEdit ? (
        <div className="say">
          <NumberInput label={`${data.rate.currency} an hour`} min={0} value={amount} onChange={setAmount} />
          <TextInput
            label="Where the figure comes from"
            placeholder="Controlling, full cost 2026"
            value={basis}
            onChange={(e) => setBasis(e.currentTarget.value)}
          />
          <Button
            variant="default"
            loading={save.isPending}
            onClick={() =>
              save.mutate({ version: data.rate.version, amount: amount === '' ? null : Number(amount), basis })
            }
          >
            Save the rate
          </Button>
        </div>
      ) : null}
      {save.error ? <Failed error={save.error} /> : null}
    </Section>
  )
}
