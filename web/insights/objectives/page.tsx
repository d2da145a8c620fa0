/** Objectives: did what we set out to do change the figures, and are we on the line. */
import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMemo } from 'react'
import type { Objective } from '../../../src/insights/targets/schemas.ts'
import { useWrite } from '../../api.ts'
import { useMay } from '../../session.ts'
import { month, plural } from '../../ui/format.ts'
import { List } from '../../ui/list/list.tsx'
import { usePages } from '../../ui/list/pages.ts'
import { Page, Section } from '../../ui/page.tsx'
import { Empty } from '../../ui/states.tsx'
import { useOpening, type Opening } from '../../ui/thing/opening.ts'
import { Thing, ThingDrawer } from '../../ui/thing/thing.tsx'
import { showUndo } from '../../ui/undo.tsx'
import { State } from '../metrics/state.tsx'
import { figure, progressStates } from '../metrics/words.ts'
import { ObjectiveForm } from './form.tsx'
import { resultColumns, Way } from './list.tsx'
import '../metrics/metrics.css'
import './objectives.css'

export function ObjectivesPage() {
  const may = useMay('insights:edit')
  const opening = useOpening()
  const pages = usePages('insights.objectives.list', {})
  const { rows: objectives } = pages
  const currency = pages.first?.currency ?? 'EUR'
  const results = useMemo(
    () => objectives.flatMap((objective) => objective.keyResults.map((k) => ({ ...k, objective }))),
    [objectives],
  )
  const add = (variant: 'default' | 'filled') =>
    may ? (
      <Button variant={variant} onClick={() => opening.open('new')}>
        New objective
      </Button>
    ) : undefined
  return (
    <Page
      title="Did it change what we set out to change?"
      lead={
        objectives.length > 0
          ? leadOf(objectives)
          : 'An objective says what should become better. Its key results are figures of the data, so that effect is seen and not just spend.'
      }
      actions={add('default')}
    >
      <Section
        title="Key results"
        note="On the line means within a twentieth of the way from the straight line between start and target."
      >
        <List
          name="objectives"
          label="Key results"
          of={['key result', 'key results']}
          columns={useMemo(() => resultColumns(currency), [currency])}
          pages={{ ...pages, rows: results }}
          keyOf={(k) => k.id}
          onOpen={(k) => opening.open(k.objective.id)}
          initialGroup="objective"
          groupNote={([first]) =>
            first ? `${first.objective.owner}; ${month(first.objective.from)} to ${month(first.objective.to)}` : null
          }
          csv={{ operation: 'insights.objectives.list', input: {} }}
          empty={
            <Empty title="No objective is set yet" action={add('filled')}>
              For example: “Enterprise stays”, with NRR of Enterprise from 97 % to 105 % by the end of the year.
            </Empty>
          }
        />
      </Section>
      <Drawer
        opening={{ ...opening, among: objectives.map((o) => o.id) }}
        objectives={objectives}
        currency={currency}
        may={may}
      />
    </Page>
  )
}

function leadOf(rows: readonly Objective[]): string {
  const all = rows.flatMap((o) => o.keyResults)
  const of = (...states: string[]) => all.filter((k) => states.includes(k.state)).length
  return `${plural(all.length, 'key result', 'key results')} of ${plural(rows.length, 'objective', 'objectives')}: ${of('reached', 'ahead')} reached or ahead, ${of('on-the-line')} on the line, ${of('behind', 'not-reached')} behind.`
}

interface DrawerProps {
  opening: Opening
  objectives: readonly Objective[]
  currency: string
  may: boolean
}
function Drawer({ opening, objectives, currency, may }: DrawerProps) {
  return (
    <ThingDrawer opening={opening} width={640} kind={(id) => (id === 'new' ? 'New objective' : 'Objective')}>
      {(id) => {
        const objective = objectives.find((o) => o.id === id)
        if (id === 'new' && may) return <ObjectiveForm objective={null} onDone={opening.close} />
        if (!objective) return <p className="soft">There is no such objective here any more.</p>
        return <ObjectiveThing objective={objective} currency={currency} may={may} onClose={opening.close} />
      }}
    </ThingDrawer>
  )
}

function ObjectiveThing({
  objective: o,
  currency,
  may,
  onClose,
}: {
  objective: Objective
  currency: string
  may: boolean
  onClose: () => void
}) {
  const takeOut = useTakeOut(o, onClose)
  return (
    <Thing
      kind="objective"
      id={o.id}
      title={o.title}
      state={`${month(o.from)} to ${month(o.to)}`}
      owner={o.owner}
      facts={o.keyResults.map((k) => [
        k.title,
        <div key={k.id}>
          <Way result={k} currency={currency} />
          <State of={progressStates[k.state]} /> {figure(k.point?.value, k.unit, currency)}
        </div>,
      ])}
      address={`/insights/objectives?open=${o.id}`}
      actions={
        may ? (
          <Button size="compact-xs" variant="default" onClick={takeOut}>
            Take out
          </Button>
        ) : undefined
      }
    >
      {may ? (
        <section className="thing-part" aria-label="Change it">
          <h3>Change it</h3>
          <ObjectiveForm objective={o} onDone={onClose} />
        </section>
      ) : null}
    </Thing>
  )
}

function useTakeOut(o: Objective, onDone: () => void): () => void {
  const remove = useWrite('insights.objectives.remove')
  const create = useWrite('insights.objectives.create')
  const { title, owner, from, to } = o
  const keyResults = o.keyResults.map(({ ref, startMonth, startValue, targetMonth, targetValue }) => ({
    ref,
    startMonth,
    startValue,
    targetMonth,
    targetValue,
  }))
  const onSuccess = () => {
    showUndo(`“${title}” is taken out`, () => create.mutate({ title, owner, from, to, keyResults }))
    onDone()
  }
  // What it stands on is gone by then, and with it what a callback of `mutate` would need.
  return () =>
    void remove.mutateAsync({ id: o.id }).then(onSuccess, ({ message }: Error) => {
      notifications.show({ color: 'red', title: 'This did not work', message })
    })
}
