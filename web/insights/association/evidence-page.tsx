/** The evidence of one feature as a page of its own, so that it can be shared without the others. */
import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useRead, useIsShared, useWorkspace } from '../../api.ts'
import { day, tied } from '../../ui/format.ts'
import { Page, Section } from '../../ui/page.tsx'
import { Await, Empty } from '../../ui/states.tsx'
import { EvidenceParts, questionOf, TakeEvidence } from './feature-evidence.tsx'
import { classOf, inputOf, useAssociationState, type AssociationState } from './state.ts'
import './association.css'

export function EvidencePage() {
  const [state] = useAssociationState()
  if (!state.feature)
    return (
      <Page title="Is it associated with staying?" actions={<AllFeatures state={state} />}>
        <Empty title="No feature is named in the address">Open one from the page of all features.</Empty>
      </Page>
    )
  return <Evidence state={state} feature={state.feature} />
}

function Evidence({ state, feature }: { state: AssociationState; feature: string }) {
  const input = { ...inputOf(state), feature, ...(state.show ? { segment: state.show } : {}) }
  const detail = useRead('insights.analyses.associationDetail', input)
  const d = detail.data
  return (
    <Page
      title={questionOf(feature, state.show)}
      actions={<AllFeatures state={state} />}
      lead={
        d ? (
          <div className="answer">
            <p className={`detail-word ${classOf(d.row)}`}>{d.row.word}</p>
            <p className="answer-text">{tied(d.sentence)}</p>
            <p className="small faint">{tied(d.row.caveat)}</p>
          </div>
        ) : undefined
      }
    >
      <Section
        title="The evidence"
        note={d ? `Adoption on ${day(d.baseDay)}, staying until ${day(d.endDay)}.` : undefined}
      >
        <Await query={detail} rows={12}>
          {(known) => <EvidenceParts d={known} actions={<TakeEvidence input={input} />} />}
        </Await>
      </Section>
    </Page>
  )
}

function AllFeatures({ state: { feature: _, ...state } }: { state: AssociationState }) {
  const workspace = useWorkspace()
  if (useIsShared()) return null
  return (
    <Button
      variant="default"
      component={Link}
      to={`/w/${workspace}/insights/association`}
      {...({ search: state } as object)}
    >
      All features
    </Button>
  )
}
