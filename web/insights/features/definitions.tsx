/** The versions of a feature's definition of adoption, what waits for approval, and the form that proposes one while showing what it would do. */
import { Button, Checkbox, NumberInput, SegmentedControl, Select, Textarea, TextInput } from '@mantine/core'
import { useDebouncedValue, useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import type { AdoptionRule, Definition } from '../../../src/insights/features/schemas.ts'
import { useRead, useIsShared, useWrite, type OutputOf } from '../../api.ts'
import { useMay } from '../../session.ts'
import { count, day, month, percent, plural } from '../../ui/format.ts'
import { Section } from '../../ui/page.tsx'
import { SideDrawer } from '../../ui/side-drawer.tsx'
import { Failed, Remark } from '../../ui/states.tsx'
import '../../ui/form-lines.css'
import './feature-page.css'

type Known = OutputOf<'insights.features.get'>
const stateWord = (d: Definition) =>
  d.state === 'proposed'
    ? 'waits for approval'
    : d.state === 'withdrawn'
      ? 'withdrawn'
      : d.isInForce
        ? 'in force'
        : 'approved'

export function Definitions({ known }: { known: Known }) {
  const mayEdit = useMay('insights:edit')
  const isShared = useIsShared()
  const [isOpen, form] = useDisclosure(false)
  const { feature, definitions } = known
  return (
    <Section
      title="When an account has adopted it"
      note={`${feature.adoption.charAt(0).toUpperCase()}${feature.adoption.slice(1)}, while the account pays${feature.definitionVersion === null ? '. This is the default' : isShared ? `. Version ${feature.definitionVersion} of its definition` : ''}.`}
      actions={
        mayEdit ? (
          <Button size="xs" variant="default" onClick={form.open}>
            Propose another definition
          </Button>
        ) : undefined
      }
    >
      {isShared ? null : definitions.length === 0 ? (
        <p className="soft small">
          A definition of its own says how much use is adoption. It gets a version, holds from a day on, and a second
          person can approve it.
        </p>
      ) : (
        <ol className="versions">
          {definitions.map((d) => (
            <Version key={d.id} definition={d} mayDecide={mayEdit} />
          ))}
        </ol>
      )}
      <SideDrawer
        of={isOpen ? known : null}
        onClose={form.close}
        title={({ feature: { name } }) => `When has an account adopted ${name}?`}
      >
        {(one) => <Form known={one} onClose={form.close} />}
      </SideDrawer>
    </Section>
  )
}

function Version({ definition: d, mayDecide }: { definition: Definition; mayDecide: boolean }) {
  const approve = useWrite('insights.features.approveDefinition')
  const withdraw = useWrite('insights.features.withdrawDefinition')
  const error = approve.error ?? withdraw.error
  return (
    <li className={d.isInForce ? 'version is-in-force' : 'version'}>
      <div className="version-head">
        <strong>Version {d.version}</strong> <span className={`version-state is-${d.state}`}>{stateWord(d)}</span>{' '}
        <span className="faint small">{d.validFrom ? `holds from ${day(d.validFrom)}` : 'holds for all time'}</span>
      </div>
      <p>
        {d.words.charAt(0).toUpperCase()}
        {d.words.slice(1)}
      </p>
      <p className="small soft">{d.why}</p>
      <p className="small faint">
        Proposed by {d.proposedBy} on {day(d.proposedAt.slice(0, 10))}
        {d.state === 'approved'
          ? `, approved ${d.approval === 'by-oneself' ? 'by the same person' : `by ${d.decidedBy}`} on ${day(d.decidedAt!.slice(0, 10))}`
          : d.state === 'withdrawn'
            ? `, withdrawn by ${d.decidedBy}`
            : ''}
      </p>
      {error ? <Failed error={error} /> : null}
      {d.state === 'proposed' && mayDecide ? (
        <div className="version-actions">
          <Button
            size="compact-sm"
            loading={approve.isPending}
            onClick={() =>
              approve.mutate(
                { id: d.id },
                {
                  onSuccess: () =>
                    notifications.show({
                      title: `Version ${d.version} is approved`,
                      message: 'The figures are being refreshed.',
                    }),
                },
              )
            }
          >
            Approve
          </Button>
          <Button
            size="compact-sm"
            variant="default"
            loading={withdraw.isPending}
            onClick={() => withdraw.mutate({ id: d.id })}
          >
            Withdraw
          </Button>
        </div>
      ) : null}
    </li>
  )
}

const start: AdoptionRule = { unit: 'days', atLeast: 4, windowKind: 'calendar', windowLength: 1, valueEvents: null }

function Form({ known, onClose }: { known: Known; onClose: () => void }) {
  const last = known.definitions.find((d) => d.state === 'approved')
  const [rule, setRule] = useState<AdoptionRule>(
    last
      ? {
          unit: last.unit,
          atLeast: last.atLeast,
          windowKind: last.windowKind,
          windowLength: last.windowLength,
          valueEvents: last.valueEvents,
        }
      : start,
  )
  const [validFrom, setValidFrom] = useState(() => (last ? new Date().toISOString().slice(0, 10) : ''))
  const [why, setWhy] = useState('')
  const [approve, setApprove] = useState(false)
  const propose = useWrite('insights.features.define')
  const change = (next: Partial<AdoptionRule>) => setRule({ ...rule, ...next })
  const counted =
    rule.valueEvents === null
      ? null
      : new Set(
          known.eventNames
            .filter((n) =>
              rule.valueEvents!.some((r) =>
                r.kind === 'exact' ? n.name === r.value : r.kind === 'prefix' ? n.name.startsWith(r.value) : false,
              ),
            )
            .map((n) => n.name),
        )
  const toggle = (name: string, on: boolean) => {
    const now = new Set(counted ?? [])
    if (on) now.add(name)
    else now.delete(name)
    change({ valueEvents: [...now].map((value) => ({ kind: 'exact' as const, value })) })
  }
  const save = () =>
    propose.mutate(
      { featureId: known.feature.id, ...rule, validFrom: validFrom || null, why, approve },
      {
        onSuccess: ({ version }) => {
          notifications.show({
            title: `Version ${version} is ${approve ? 'approved by you' : 'proposed'}`,
            message: approve ? 'The figures are being refreshed.' : 'It holds once somebody approves it.',
          })
          onClose()
        },
      },
    )
  return (
    <form
      className="feature-form"
      onSubmit={(e) => {
        e.preventDefault()
        save()
      }}
    >
      {propose.error ? <Failed error={propose.error} /> : null}
      <div className="rule-line">
        <NumberInput
          label="At least"
          w={110}
          min={1}
          max={100_000}
          value={rule.atLeast}
          onChange={(v) => {
            if (typeof v === 'number' && v >= 1) change({ atLeast: Math.round(v) })
          }}
        />
        <Select
          label="Of"
          w={170}
          data={[
            { value: 'events', label: 'uses (events)' },
            { value: 'users', label: 'distinct users' },
            { value: 'days', label: 'days with use' },
          ]}
          value={rule.unit}
          allowDeselect={false}
          onChange={(v) => change({ unit: v as AdoptionRule['unit'] })}
        />
      </div>
      <div className="rule-line">
        <NumberInput
          label="Within"
          w={110}
          min={1}
          max={rule.windowKind === 'calendar' ? 12 : 366}
          value={rule.windowLength}
          onChange={(v) => {
            if (typeof v === 'number' && v >= 1) change({ windowLength: Math.round(v) })
          }}
        />
        <SegmentedControl
          aria-label="Kind of window"
          value={rule.windowKind}
          onChange={(v) =>
            change({ windowKind: v === 'rolling' ? 'rolling' : 'calendar', windowLength: v === 'rolling' ? 30 : 1 })
          }
          data={[
            { value: 'calendar', label: 'full months' },
            { value: 'rolling', label: 'days, rolling' },
          ]}
        />
      </div>
      <fieldset className="form-lines">
        <legend>Which events count</legend>
        <Checkbox
          label="All events of the feature"
          checked={rule.valueEvents === null}
          onChange={(e) =>
            change({
              valueEvents: e.currentTarget.checked
                ? null
                : known.eventNames.slice(0, 1).map((n) => ({ kind: 'exact' as const, value: n.name })),
            })
          }
        />
        {rule.valueEvents === null ? null : (
          <div className="value-events">
            {known.eventNames.slice(0, 60).map((n) => (
              <Checkbox
                key={n.name}
                size="xs"
                label={
                  <>
                    <code>{n.name}</code> <span className="faint">{count(n.events)}</span>
                  </>
                }
                checked={counted!.has(n.name)}
                onChange={(e) => toggle(n.name, e.currentTarget.checked)}
              />
            ))}
          </div>
        )}
      </fieldset>
      <Trial featureId={known.feature.id} rule={rule} />
      <TextInput
        label="Holds from"
        type="date"
        description="Before that day the version before it holds; empty: it always held"
        value={validFrom}
        onChange={(e) => setValidFrom(e.currentTarget.value)}
      />
      <Textarea
        label="Why"
        required
        minLength={3}
        maxLength={1000}
        autosize
        minRows={2}
        value={why}
        onChange={(e) => setWhy(e.currentTarget.value)}
      />
      <Checkbox
        label="Approve it myself; that is recorded"
        checked={approve}
        onChange={(e) => setApprove(e.currentTarget.checked)}
      />
      <div className="feature-actions">
        <Button type="submit" loading={propose.isPending} disabled={why.trim().length < 3}>
          {approve ? 'Approve and use' : 'Propose'}
        </Button>
      </div>
    </form>
  )
}

function Trial({ featureId, rule }: { featureId: string; rule: AdoptionRule }) {
  const [settled] = useDebouncedValue(rule, 300)
  const trial = useRead('insights.features.tryDefinition', { featureId, ...settled }, { keepPrevious: true })
  if (trial.error) return <Remark>{trial.error.message}</Remark>
  if (!trial.data)
    return (
      <p className="small faint" role="status">
        Counting …
      </p>
    )
  const t = trial.data
  return (
    <div className="trial" role="status">
      <p>
        <strong>
          {t.words.charAt(0).toUpperCase()}
          {t.words.slice(1)}.
        </strong>
      </p>
      {t.problem ? (
        <Remark>{t.problem}</Remark>
      ) : t.month === null ? (
        <p className="small soft">There is no usage to try it on yet.</p>
      ) : (
        <p className="small soft">
          At the end of {month(t.month)} {plural(t.adopters, 'account', 'accounts')} of {count(t.paying)} that pay would
          have adopted, {percent(t.paying === 0 ? 0 : t.adopters / t.paying)}; by the definition in force it is{' '}
          {count(t.adoptersNow)}.
        </p>
      )}
    </div>
  )
}
