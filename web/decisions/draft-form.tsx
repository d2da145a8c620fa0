/** Preparing a decision, in one column, saved as it is written. Only the product manager who is named takes it. */
import { Button, Radio, Select, Textarea, TextInput } from '@mantine/core'
import { useSearch } from '@tanstack/react-router'
import { useState, type ReactNode } from 'react'
import type { Decision, DecisionContent, LinkedThing } from '../../src/decisions/schemas.ts'
import { useRead, useWrite } from '../api.ts'
import type { MeasureRef } from '../../src/insights/targets/measures.ts'
import type { z } from 'zod'
import { useMay, useSession } from '../session.ts'
import { Page, Section } from '../ui/page.tsx'
import { Await, Failed } from '../ui/states.tsx'
import type { GivenFinding } from './decide-button.tsx'
import { FindingQuote } from './finding.tsx'
import { MeasureField } from './measure-field.tsx'
import type { Saving } from '../ui/form/autosave.ts'
import { useSavedDraft, type Draft } from './saved-draft.ts'

const blankOption = { title: '', pros: '', cons: '' }
const filled = (ref: z.input<typeof MeasureRef>): z.output<typeof MeasureRef> => ({
  featureId: null,
  segmentBy: 'segment',
  bands: [],
  segment: null,
  window: 12,
  adoptionMonths: 3,
  ...ref,
})

function contentFrom(given: GivenFinding | undefined): DecisionContent {
  const measures = (given?.measures ?? []).map(filled)
  return {
    title: given?.title ?? '',
    note: '',
    why: '',
    taken: null,
    revisitOn: null,
    options: [blankOption, { ...blankOption, title: 'Leave it as it is' }],
    finding: {
      text: given?.text ?? '',
      address: given?.address ?? null,
      numbers: (given?.numbers ?? []).map((n) => ({ ...n, value: n.value ?? null })),
      measures,
    },
    expectation: measures[0] ? { measure: measures[0], expected: { as: 'direction', direction: 'up' } } : null,
  }
}

export function DraftForm({ stored: start }: { stored: Decision | null }) {
  const given = (useSearch({ strict: false }) as { finding?: GivenFinding }).finding
  const me = useSession()?.person?.id ?? null
  const mayDecide = useMay('decisions:decide')
  const [first] = useState(start)
  const [from] = useState<LinkedThing[]>(given?.from ?? [])
  const [draft, setDraft] = useState<Draft>(() =>
    first
      ? { content: first.content, deciderId: first.decider?.id ?? null }
      : { content: contentFrom(given), deciderId: mayDecide ? me : null },
  )
  const { stored, saving, error, flush } = useSavedDraft(draft, first, from)
  const options = useRead('decisions.options', {})
  const { content } = draft
  const set = (change: Partial<DecisionContent>) => setDraft((d) => ({ ...d, content: { ...d.content, ...change } }))
  return (
    <Page
      title={content.title === '' ? 'Prepare a decision' : content.title}
      lead={
        <p>
          What was found, what could be done, which is taken and why, and what is expected by when. It is saved as you
          write.
        </p>
      }
    >
      <form className="decision-form" onSubmit={(event) => event.preventDefault()}>
        <Part title="What was found">
          <TextInput
            label="Title"
            description="In a few words: what this decision is about"
            required
            maxLength={160}
            value={content.title}
            onChange={(e) => set({ title: e.currentTarget.value })}
          />
          {content.finding.address === null ? (
            <Textarea
              label="Finding"
              description="What is known, with its number"
              required
              autosize
              minRows={2}
              maxLength={2000}
              value={content.finding.text}
              onChange={(e) => set({ finding: { ...content.finding, text: e.currentTarget.value } })}
            />
          ) : (
            <FindingQuote finding={content.finding} />
          )}
          <Textarea
            label="What it means"
            description="In your own words, where the finding needs them"
            autosize
            minRows={2}
            maxLength={4000}
            value={content.note}
            onChange={(e) => set({ note: e.currentTarget.value })}
          />
        </Part>
        <OptionsPart content={content} onChange={set} />
        <Part title="Why">
          <Textarea
            label="Why this option"
            required
            autosize
            minRows={2}
            maxLength={4000}
            value={content.why}
            onChange={(e) => set({ why: e.currentTarget.value })}
          />
        </Part>
        <Part title="What is expected of it">
          <Await query={options} rows={2}>
            {(o) => (
              <MeasureField options={o} value={content.expectation} onChange={(expectation) => set({ expectation })} />
            )}
          </Await>
          <TextInput
            label="Look at it again on"
            description="On that day this page and Home ask what came of it"
            type="date"
            maw={320}
            value={content.revisitOn ?? ''}
            onChange={(e) => set({ revisitOn: e.currentTarget.value || null })}
          />
        </Part>
        <Part title="Who decides">
          <Await query={options} rows={1}>
            {(o) =>
              o.productManagers.length === 0 ? (
                <p className="soft">
                  There is no product manager in this workspace yet. An admin invites one under People and roles.
                </p>
              ) : (
                <Select
                  label="Product manager"
                  description="Only this person, signed in, takes the decision"
                  maw={320}
                  data={o.productManagers.map((p) => ({ value: p.id, label: p.id === me ? `${p.name} (me)` : p.name }))}
                  value={draft.deciderId}
                  onChange={(deciderId) => setDraft((d) => ({ ...d, deciderId }))}
                  clearable
                  searchable
                />
              )
            }
          </Await>
        </Part>
        {error ? (
          <Failed
            error={error}
            onRetry={
              error.code === 'conflict'
                ? () => window.location.reload()
                : () => {
                    void flush()
                  }
            }
          />
        ) : null}
        <Take stored={stored} saving={saving} isMine={mayDecide && draft.deciderId === me} flush={flush} />
      </form>
    </Page>
  )
}

const Part = ({ title, children }: { title: string; children: ReactNode }) => (
  <Section title={title}>
    <div className="decision-part">{children}</div>
  </Section>
)

function OptionsPart({
  content,
  onChange,
}: {
  content: DecisionContent
  onChange: (change: Partial<DecisionContent>) => void
}) {
  const { options, taken } = content
  const setOption = (at: number, change: Partial<(typeof options)[number]>) =>
    onChange({ options: options.map((o, i) => (i === at ? { ...o, ...change } : o)) })
  const remove = (at: number) =>
    onChange({
      options: options.filter((_, i) => i !== at),
      taken: taken === null || taken === at ? null : taken > at ? taken - 1 : taken,
    })
  return (
    <Part title="What could be done">
      {options.map((option, i) => (
        <fieldset className="decision-option" key={i}>
          <legend className="visually-hidden">Option {i + 1}</legend>
          <TextInput
            label={`Option ${i + 1}`}
            maxLength={200}
            value={option.title}
            onChange={(e) => setOption(i, { title: e.currentTarget.value })}
          />
          <div className="decision-sides">
            <Textarea
              label="What speaks for it"
              autosize
              minRows={2}
              maxLength={2000}
              value={option.pros}
              onChange={(e) => setOption(i, { pros: e.currentTarget.value })}
            />
            <Textarea
              label="What speaks against it"
              autosize
              minRows={2}
              maxLength={2000}
              value={option.cons}
              onChange={(e) => setOption(i, { cons: e.currentTarget.value })}
            />
          </div>
          <div className="decision-option-foot">
            <Radio
              name="taken"
              label={`Option ${i + 1} is taken`}
              checked={taken === i}
              onChange={() => onChange({ taken: i })}
            />
            {options.length > 2 ? (
              <Button
                size="compact-xs"
                variant="subtle"
                color="gray"
                aria-label={`Remove option ${i + 1}`}
                onClick={() => remove(i)}
              >
                Remove
              </Button>
            ) : null}
          </div>
        </fieldset>
      ))}
      {options.length < 8 ? (
        <div>
          <Button size="compact-sm" variant="default" onClick={() => onChange({ options: [...options, blankOption] })}>
            Add an option
          </Button>
        </div>
      ) : null}
    </Part>
  )
}

const savingWords: Record<Saving, string> = {
  clean: 'Nothing is saved yet',
  waiting: 'Not saved yet',
  saving: 'Saving',
  saved: 'Saved as a draft',
}

function Take({
  stored,
  saving,
  isMine,
  flush,
}: {
  stored: Decision | null
  saving: Saving
  isMine: boolean
  flush: () => Promise<Decision | null>
}) {
  const decide = useWrite('decisions.decide')
  const withdraw = useWrite('decisions.withdraw')
  const missing = stored?.missing ?? []
  const take = async () => {
    const saved = await flush()
    if (saved) decide.mutate({ id: saved.id, version: saved.version })
  }
  const dropIt = async () => {
    const saved = await flush()
    if (saved) withdraw.mutate({ id: saved.id, version: saved.version, because: 'The draft was given up.' })
  }
  const error = decide.error ?? withdraw.error
  return (
    <div className="decision-take">
      {error ? <Failed error={error} /> : null}
      {stored && missing.length > 0 ? (
        <p className="small soft">Before it can be decided it takes: {missing.join(', ')}.</p>
      ) : null}
      <div className="decision-actions">
        {isMine ? (
          <Button
            disabled={stored === null || missing.length > 0}
            loading={decide.isPending}
            onClick={() => {
              void take()
            }}
          >
            Decide
          </Button>
        ) : (
          <Button
            disabled={saving === 'saving'}
            onClick={() => {
              void flush()
            }}
          >
            Save the draft
          </Button>
        )}
        {stored ? (
          <Button
            variant="default"
            loading={withdraw.isPending}
            onClick={() => {
              void dropIt()
            }}
          >
            Give the draft up
          </Button>
        ) : null}
        <span className="small faint" role="status">
          {savingWords[saving]}
          {stored && !isMine
            ? `; ${stored.decider ? `${stored.decider.name} decides` : 'nobody is named yet who decides'}`
            : ''}
        </span>
      </div>
      {isMine ? (
        <p className="small faint">
          Once decided, the finding, the option and the expectation stand. Words can be corrected as a new edition.
        </p>
      ) : null}
    </div>
  )
}
