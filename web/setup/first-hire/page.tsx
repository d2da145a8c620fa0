/** Whom to hire first: the profile of the pillar, what to mind, the job description, and the interview kit. */
import { Button, Checkbox, NumberInput, Select, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useAsk, useRead, useWrite, type InputOf, type OutputOf } from '../../api.ts'
import { useMay } from '../../session.ts'
import { CopyLink } from '../../ui/copy-link.tsx'
import { CsvButton } from '../../ui/csv-button.tsx'
import { Page, Section } from '../../ui/page.tsx'
import { PageLink } from '../../ui/page-link.tsx'
import { Await, Empty, Failed, Remark } from '../../ui/states.tsx'
import { pillarNames } from '../words.ts'
import './first-hire.css'

type Hire = OutputOf<'setup.firstHire.get'>
type Draft = InputOf<'setup.firstHire.save'>

export function FirstHirePage() {
  const found = useRead('setup.firstHire.get', {})
  const mayEdit = useMay('setup:edit')
  return (
    <Page
      title="Whom do we hire first?"
      lead={found.data ? <p>{sentenceOf(found.data)}</p> : undefined}
      actions={<CopyLink />}
    >
      <Await query={found}>
        {(hire) => (
          <>
            <Section title="Who is looked for" note="Advice with its reason. It bans nothing.">
              <HireForm key={hire.draft.version} hire={hire} mayEdit={mayEdit} />
              {hire.advice.map((a) => (
                <p className={a.isCaution ? 'hire-advice is-caution' : 'hire-advice'} key={`${a.about} ${a.advice}`}>
                  <strong>{a.advice}</strong> <span className="soft">{a.because}</span>
                </p>
              ))}
            </Section>
            {hire.profile === null ? (
              <Empty title="No pillar is chosen yet">
                The profile follows the pillar. <PageLink to="/start/pillar">Choose one</PageLink>, or say above for
                which one the hire is.
              </Empty>
            ) : (
              <>
                <Description key={`text ${hire.draft.version}`} hire={hire} mayEdit={mayEdit} />
                <Kit profile={hire.profile} />
              </>
            )}
          </>
        )}
      </Await>
    </Page>
  )
}

function sentenceOf({ pillar, profile, ratio }: Hire): string {
  if (pillar === null || profile === null) return 'That follows the pillar, and none is chosen yet.'
  const served =
    ratio === null ? '' : ` Each person in Product Ops serves ${Math.round(ratio * 10) / 10} product managers.`
  return `For ${pillarNames[pillar].toLowerCase()}: ${profile.looksFor[0]!.charAt(0).toLowerCase()}${profile.looksFor[0]!.slice(1)}.${served}`
}

const backgrounds = {
  analyst: 'Business analyst',
  consultant: 'Consultant',
  'database-engineer': 'Database engineer',
  'product-manager': 'Product manager',
  'agile-coach': 'Agile coach',
  'research-ops': 'Research operations',
  researcher: 'Researcher',
}
const lines = {
  cpo: 'The CPO',
  'head-of-product': 'The head of product',
  operations: 'Operations',
  'business-operations': 'Business operations',
  'product-area': 'A product area',
}
const options = (names: Record<string, string>) => Object.entries(names).map(([value, label]) => ({ value, label }))

function HireForm({ hire: { draft: known }, mayEdit }: { hire: Hire; mayEdit: boolean }) {
  const [draft, setDraft] = useState<Draft>(known)
  const save = useWrite('setup.firstHire.save')
  const set = (some: Partial<Draft>) => setDraft((d) => ({ ...d, ...some }))
  const people = (v: string | number) => (v === '' ? null : Number(v))
  return (
    <form
      className="hire-form"
      onSubmit={(event) => {
        event.preventDefault()
        save.mutate(draft)
      }}
    >
      {save.error ? <Failed error={save.error} /> : null}
      <fieldset disabled={!mayEdit}>
        <div className="hire-three">
          <Select
            label="Pillar"
            placeholder="the one that was chosen"
            clearable
            data={options(pillarNames)}
            value={draft.pillar ?? null}
            onChange={(v) => set({ pillar: v as Draft['pillar'] })}
          />
          <Select
            label="Background"
            placeholder="not said"
            clearable
            data={options(backgrounds)}
            value={draft.background ?? null}
            onChange={(v) => set({ background: v as Draft['background'] })}
          />
          <Select
            label="Reports to"
            placeholder="not said"
            clearable
            data={options(lines)}
            value={draft.reportsTo ?? null}
            onChange={(v) => set({ reportsTo: v as Draft['reportsTo'] })}
          />
          <NumberInput
            label="Product managers"
            min={0}
            allowDecimal={false}
            value={draft.productManagers ?? ''}
            onChange={(v) => set({ productManagers: people(v) })}
          />
          <NumberInput
            label="People in Product Ops"
            min={0}
            allowDecimal={false}
            value={draft.productOps ?? ''}
            onChange={(v) => set({ productOps: people(v) })}
          />
          <Select
            label="The leader has time to coach"
            placeholder="not said"
            clearable
            data={[
              { value: 'yes', label: 'Yes' },
              { value: 'no', label: 'No' },
            ]}
            value={draft.leaderCoaches == null ? null : draft.leaderCoaches ? 'yes' : 'no'}
            onChange={(v) => set({ leaderCoaches: v === null ? null : v === 'yes' })}
          />
        </div>
        <Checkbox
          label="The person is to do all research themselves"
          checked={draft.doesAllResearch ?? false}
          onChange={(e) => set({ doesAllResearch: e.currentTarget.checked })}
        />
        {mayEdit ? (
          <div>
            <Button type="submit" variant="default" loading={save.isPending}>
              Save
            </Button>
          </div>
        ) : null}
      </fieldset>
    </form>
  )
}

function Download({ what, as, label }: { what: 'description' | 'kit'; as: 'markdown' | 'docx'; label: string }) {
  const ask = useAsk()
  const [error, setError] = useState<string | null>(null)
  const take = async () => {
    try {
      const { fileName, mediaType, base64 } = await ask('setup.firstHire.export', { what, as })
      const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))
      const address = URL.createObjectURL(new Blob([bytes], { type: mediaType }))
      const link = Object.assign(document.createElement('a'), { href: address, download: fileName })
      link.click()
      URL.revokeObjectURL(address)
      setError(null)
    } catch (failed) {
      setError(failed instanceof Error ? failed.message : 'The file could not be made.')
    }
  }
  return (
    <>
      <Button
        size="compact-xs"
        variant="default"
        onClick={() => {
          void take()
        }}
      >
        {label}
      </Button>
      {error ? <span role="alert">{error}</span> : null}
    </>
  )
}

function Description({ hire, mayEdit }: { hire: Hire; mayEdit: boolean }) {
  const save = useWrite('setup.firstHire.save')
  const [title, setTitle] = useState(hire.title)
  const [text, setText] = useState(hire.description)
  return (
    <Section
      title="Job description"
      note="In Markdown. Made of the profile and of what the charter promises, until somebody edits it."
      actions={
        <>
          <Download what="description" as="docx" label="Word" />
          <Download what="description" as="markdown" label="Markdown" />
        </>
      }
    >
      <form
        className="hire-form"
        onSubmit={(event) => {
          event.preventDefault()
          save.mutate({ ...hire.draft, title: title.trim(), description: text })
        }}
      >
        {save.error ? <Failed error={save.error} /> : null}
        <TextInput
          label="Title"
          readOnly={!mayEdit}
          maxLength={160}
          value={title}
          onChange={(e) => setTitle(e.currentTarget.value)}
        />
        <Textarea
          label="Description"
          readOnly={!mayEdit}
          autosize
          minRows={10}
          maxRows={24}
          maxLength={20_000}
          value={text}
          onChange={(e) => setText(e.currentTarget.value)}
        />
        {mayEdit ? (
          <div className="page-actions">
            <Button type="submit" variant="default" loading={save.isPending}>
              Save the description
            </Button>
            {hire.draft.description ? (
              <Button
                variant="subtle"
                color="gray"
                onClick={() => save.mutate({ ...hire.draft, title: '', description: '' })}
              >
                Begin again from the profile
              </Button>
            ) : null}
          </div>
        ) : null}
      </form>
    </Section>
  )
}

function Kit({ profile }: { profile: NonNullable<Hire['profile']> }) {
  return (
    <Section
      title="Interview kit"
      note="Each interviewer fills the scorecard in alone, before anybody talks about the candidate."
      actions={
        <>
          <Download what="kit" as="docx" label="Word" />
          <Download what="kit" as="markdown" label="Markdown" />
          <CsvButton operation="setup.firstHire.get" input={{}} />
        </>
      }
    >
      <Remark>No candidate is kept here. The files go to where candidates are kept.</Remark>
      <ol className="hire-questions">
        {profile.questions.map((q) => (
          <li key={q.question}>
            <p>
              <strong>{q.question}</strong>
            </p>
            <p>Listen for: {q.listenFor.join('; ')}.</p>
            {q.mind ? <p className="soft">Mind: {q.mind}</p> : null}
          </li>
        ))}
      </ol>
      <p className="hire-criteria">
        <strong>Scorecard</strong>, each from 1 (speaks against) to 4 (speaks for): {profile.criteria.join('; ')}.
      </p>
    </Section>
  )
}
