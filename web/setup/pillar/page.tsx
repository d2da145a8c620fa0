/** Which pillar to begin with: the sum of reasons, what would change it, and the choice of a person. */
import { Button, Radio, Textarea } from '@mantine/core'
import { useState } from 'react'
import type { Pillar } from '../../../src/setup/taxonomy.ts'
import { useRead, useWrite, type OutputOf } from '../../api.ts'
import { useMay } from '../../session.ts'
import { CopyLink } from '../../ui/copy-link.tsx'
import { CsvButton } from '../../ui/csv-button.tsx'
import { day } from '../../ui/format.ts'
import { Page, Section } from '../../ui/page.tsx'
import { Await, Failed } from '../../ui/states.tsx'
import '../../ui/table.css'
import { pillarNames } from '../words.ts'
import { SituationForm } from './situation-form.tsx'
import './pillar.css'

type Found = OutputOf<'setup.pillar.get'>

export function PillarPage() {
  const found = useRead('setup.pillar.get', {})
  const mayEdit = useMay('setup:edit')
  return (
    <Page
      title="Which pillar do we begin with?"
      lead={found.data ? <p>{sentenceOf(found.data)}</p> : undefined}
      actions={<CopyLink />}
    >
      <Await query={found}>
        {(f) => (
          <>
            <Section
              title="The sum"
              note="Points for each reason, added up. What is not known is worth nothing."
              actions={<CsvButton operation="setup.pillar.get" input={{}} />}
            >
              <Sums found={f} />
              {f.missing.length > 0 ? (
                <>
                  <p className="pillar-missing">What is not known yet:</p>
                  <ul className="pillar-list soft">
                    {f.missing.map((m) => (
                      <li key={m}>{m}</li>
                    ))}
                  </ul>
                </>
              ) : null}
            </Section>
            {f.sensitivity.length > 0 ? <Sensitivity found={f} /> : null}
            <Section title="What we say of ourselves" note="What the listening tour cannot measure.">
              <SituationForm key={f.said.version} said={f.said} mayEdit={mayEdit} />
            </Section>
            <Choice key={`choice ${f.choice.version}`} found={f} />
          </>
        )}
      </Await>
    </Page>
  )
}

function sentenceOf({ choice, recommended, sums }: Found): string {
  if (choice.pillar !== null) {
    const otherwise =
      choice.recommended !== null && choice.recommended !== choice.pillar
        ? `, where ${pillarNames[choice.recommended]} was recommended`
        : ''
    return `${pillarNames[choice.pillar]}: chosen by ${choice.by ?? 'somebody'} on ${day(choice.at?.slice(0, 10))}${otherwise}.`
  }
  if (recommended === null)
    return sums[0]!.points > 0
      ? 'Two pillars have the same points, so nothing is recommended. A person chooses.'
      : 'Too little is known to recommend one. Below is what is missing.'
  return `${pillarNames[recommended]} has most points, ${sums[0]!.points} against ${sums[1]!.points}. Nobody has chosen yet.`
}

function Sums({ found: { sums, recommended } }: { found: Found }) {
  return (
    <div className="table-frame" tabIndex={0} role="region" aria-label="Points by pillar">
      <table className="table pillar-sums" aria-label="Points by pillar">
        <thead>
          <tr>
            <th scope="col">Reason</th>
            {sums.map((s) => (
              <th scope="col" key={s.pillar}>
                {pillarNames[s.pillar]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sums[0]!.reasons.map((r, i) => (
            <tr key={r.reason}>
              <th scope="row">{r.reason}</th>
              {sums.map((s) => (
                <td key={s.pillar}>
                  <span className="pillar-points">{signed(s.reasons[i]!.points)}</span>{' '}
                  <span className="faint small">{s.reasons[i]!.because}</span>
                </td>
              ))}
            </tr>
          ))}
          <tr className="pillar-total">
            <th scope="row">Sum</th>
            {sums.map((s) => (
              <td key={s.pillar}>
                <span className="pillar-points">{s.points}</span> {s.pillar === recommended ? 'recommended' : ''}
              </td>
            ))}
          </tr>
        </tbody>
      </table>
    </div>
  )
}
const signed = (points: number) => (points < 0 ? `−${-points}` : String(points))

function Sensitivity({ found: { sensitivity } }: { found: Found }) {
  return (
    <Section title="What would change it?" note="Each alone would put another pillar first.">
      <dl className="pillar-changes">
        {sensitivity.map((s) => (
          <div key={s.pillar}>
            <dt>
              {pillarNames[s.pillar]} <span className="faint">{s.behind} points behind</span>
            </dt>
            <dd>
              {s.changes.length === 0 ? (
                <span className="soft">No single change would.</span>
              ) : (
                <ul className="pillar-list">
                  {s.changes.map((c) => (
                    <li key={c}>{c}</li>
                  ))}
                </ul>
              )}
            </dd>
          </div>
        ))}
      </dl>
    </Section>
  )
}

function Choice({ found: { choice, recommended } }: { found: Found }) {
  const may = useMay('setup:choose')
  const choose = useWrite('setup.pillar.choose')
  const [pillar, setPillar] = useState<Pillar | null>(choice.pillar ?? recommended)
  const [because, setBecause] = useState(choice.because ?? '')
  const needsReason = pillar !== recommended
  return (
    <Section
      title="The choice"
      note="A person chooses, in their own name, and may choose otherwise with a reason. What to begin with follows it."
    >
      {choice.because ? <p className="pillar-because">{choice.because}</p> : null}
      {may ? (
        <form
          className="pillar-form"
          onSubmit={(event) => {
            event.preventDefault()
            if (pillar)
              choose.mutate({ pillar, because: because.trim() === '' ? null : because.trim(), version: choice.version })
          }}
        >
          {choose.error ? <Failed error={choose.error} /> : null}
          <Radio.Group label="Pillar" value={pillar} onChange={(v) => setPillar(v as Pillar)}>
            <div className="pillar-radios">
              {Object.entries(pillarNames).map(([value, label]) => (
                <Radio key={value} value={value} label={value === recommended ? `${label}, recommended` : label} />
              ))}
            </div>
          </Radio.Group>
          <Textarea
            label="Why"
            description={needsReason ? 'It is not the recommended one: say why' : 'Where the sum does not say it all'}
            required={needsReason}
            autosize
            minRows={2}
            maxLength={2000}
            value={because}
            onChange={(e) => setBecause(e.currentTarget.value)}
          />
          <div>
            <Button
              type="submit"
              disabled={pillar === null || (needsReason && because.trim().length < 3)}
              loading={choose.isPending}
            >
              {choice.pillar === null ? 'Choose it, in my name' : 'Choose anew, in my name'}
            </Button>
          </div>
        </form>
      ) : (
        <p className="soft">A leader or an admin chooses.</p>
      )}
    </Section>
  )
}
