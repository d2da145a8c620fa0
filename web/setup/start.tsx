/** Whether it is time: three triggers, what each rests on, and what the company says where nothing is measured. */
import { Button, NumberInput, SegmentedControl } from '@mantine/core'
import { useState } from 'react'
import { useRead, useWrite, type InputOf, type OutputOf } from '../api.ts'
import { useMay } from '../session.ts'
import { day } from '../ui/format.ts'
import { Page, Section } from '../ui/page.tsx'
import { PlaceLink } from '../ui/place-link.tsx'
import { Await, Failed } from '../ui/states.tsx'
import { between, share } from './words.ts'
import './setup.css'

type Readiness = OutputOf<'setup.readiness.read'>
type Trigger = Readiness['triggers'][number]

const verdicts = {
  yes: 'It is time: more than one sign is there.',
  likely: 'One sign is there. Look at the others before you decide.',
  'not-yet': 'Not yet, by what is known.',
  unknown: 'Nobody can tell yet: nothing has been measured or said.',
}

export function StartPage() {
  const readiness = useRead('setup.readiness.read', {})
  return (
    <Page
      title="Is it time for Product Operations?"
      lead={readiness.data ? <p>{verdicts[readiness.data.verdict]}</p> : undefined}
    >
      <Await query={readiness} rows={6}>
        {(data) => (
          <>
            <div className="triggers">
              {data.triggers.map((t) => (
                <TriggerLine key={t.key} trigger={t} />
              ))}
            </div>
            <Section
              title="How to know better"
              note="A listening tour measures the first two: who does the work answers in under four minutes, on a phone, and nobody can look up who wrote what."
            >
              <PlaceLink address={`/start/tour`}>Open the listening tour</PlaceLink>
            </Section>
            <Say key={data.version} data={data} />
          </>
        )}
      </Await>
    </Page>
  )
}

const valueOf = (t: Trigger): string =>
  t.value === null
    ? 'not known'
    : t.key === 'teams'
      ? `${t.value} teams`
      : t.key === 'opaque' && t.basis === 'said'
        ? t.value > 0
          ? 'yes'
          : 'no'
        : share(t.value)

const stateOf = (t: Trigger): string =>
  t.isMet === null ? 'Not known' : t.isOnTheLine ? 'On the line' : t.isMet ? 'Yes' : 'No'

function TriggerLine({ trigger: t }: { trigger: Trigger }) {
  const threshold = t.key === 'teams' ? `more than ${t.threshold} teams` : `more than ${share(t.threshold)}`
  return (
    <section className={`trigger is-${t.isMet === null ? 'unknown' : t.isMet ? 'met' : 'unmet'}`} aria-label={t.title}>
      <p className="trigger-state">{stateOf(t)}</p>
      <h2>{t.title}</h2>
      <p className="trigger-value number">{valueOf(t)}</p>
      {t.low !== null && t.high !== null ? (
        <p className="small soft">{between({ low: Math.max(0, t.low), high: t.high }, share)} with 95 % certainty</p>
      ) : null}
      <p className="small faint">
        Sign: {threshold}. Rests on {t.restsOn}
        {t.asOf ? `, ${day(t.asOf)}` : ''}.
      </p>
    </section>
  )
}

function Say({ data }: { data: Readiness }) {
  const mayEdit = useMay('setup:edit')
  const write = useWrite('setup.readiness.set')
  const thresholdOf = (key: Trigger['key']) => data.triggers.find((t) => t.key === key)!.threshold
  const [values, setValues] = useState({
    saidShare: data.said.share === null ? '' : data.said.share * 100,
    saidOpaque: data.said.opaque ?? 'unknown',
    saidTeams: data.said.teams ?? '',
    shareAbove: thresholdOf('share') * 100,
    opaqueAbove: thresholdOf('opaque') * 100,
    teamsAbove: thresholdOf('teams'),
  })
  if (!mayEdit) return null
  const set = (change: Partial<typeof values>) => setValues((v) => ({ ...v, ...change }))
  const number = (v: string | number) => (v === '' ? null : Number(v))
  const shareSaid = number(values.saidShare)
  const input: InputOf<'setup.readiness.set'> = {
    version: data.version,
    saidShare: shareSaid === null ? null : shareSaid / 100,
    saidOpaque: values.saidOpaque === 'unknown' ? null : (values.saidOpaque as 'yes' | 'no'),
    saidTeams: number(values.saidTeams),
    shareAbove: Number(values.shareAbove) / 100,
    opaqueAbove: Number(values.opaqueAbove) / 100,
    teamsAbove: Number(values.teamsAbove),
  }
  return (
    <Section title="Where nothing is measured, say it" note="What is measured goes before what is said here.">
      <div className="say">
        <NumberInput
          label="Share of a product manager’s week on data and logistics"
          suffix=" %"
          min={0}
          max={100}
          value={values.saidShare}
          onChange={(saidShare) => set({ saidShare })}
        />
        <div>
          <p className="say-label" id="opaque">
            Do leaders lack a view of the whole portfolio?
          </p>
          <SegmentedControl
            aria-labelledby="opaque"
            size="xs"
            value={values.saidOpaque}
            onChange={(saidOpaque) => set({ saidOpaque })}
            data={[
              { value: 'yes', label: 'Yes' },
              { value: 'no', label: 'No' },
              { value: 'unknown', label: 'Not known' },
            ]}
          />
        </div>
        <NumberInput
          label="Number of product teams"
          min={0}
          value={values.saidTeams}
          onChange={(saidTeams) => set({ saidTeams })}
        />
      </div>
      <h3 className="say-head">Your own thresholds</h3>
      <div className="say">
        <NumberInput
          label="Share of the week above"
          suffix=" %"
          min={0}
          max={100}
          value={values.shareAbove}
          onChange={(v) => set({ shareAbove: Number(v) })}
        />
        <NumberInput
          label="Share of leaders without a view above"
          suffix=" %"
          min={0}
          max={100}
          value={values.opaqueAbove}
          onChange={(v) => set({ opaqueAbove: Number(v) })}
        />
        <NumberInput
          label="Number of teams above"
          description="10 to 20 is where it is felt"
          min={1}
          max={1000}
          value={values.teamsAbove}
          onChange={(v) => set({ teamsAbove: Number(v) })}
        />
      </div>
      {write.error ? <Failed error={write.error} /> : null}
      <Button mt="md" loading={write.isPending} onClick={() => write.mutate(input)}>
        Save
      </Button>
    </Section>
  )
}
