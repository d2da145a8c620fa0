/** A shared view: the page itself, its controls fixed, with what was granted and nothing else. */
import { useParams } from '@tanstack/react-router'
import { lazy, Suspense, useMemo, type ComponentType, type LazyExoticComponent } from 'react'
import { SharedFrameContext, useRead, type OutputOf, type SharedFrame } from '../../api.ts'
import { linkTo } from '../../ui/address.ts'
import { CopyLink } from '../../ui/copy-link.tsx'
import { day, moment } from '../../ui/format.ts'
import { Page, Section } from '../../ui/page.tsx'
import { Empty, Failed, Loading } from '../../ui/states.tsx'
import { grantWords } from './view-list.tsx'
import './views.css'

const page = <K extends string>(load: () => Promise<Record<K, ComponentType>>, name: K) =>
  lazy(() => load().then((m) => ({ default: m[name] })))
const pages: Record<string, LazyExoticComponent<ComponentType>> = {
  '/insights/adoption': page(() => import('../adoption/page.tsx'), 'AdoptionPage'),
  '/insights/revenue': page(() => import('../revenue/page.tsx'), 'RevenuePage'),
  '/insights/renewals': page(() => import('../renewals/page.tsx'), 'RenewalsPage'),
  '/insights/changes': page(() => import('../changes/page.tsx'), 'ChangesPage'),
  '/insights/adoption-funnel': page(() => import('../funnel/page.tsx'), 'FunnelPage'),
  '/insights/time-to-adopt': page(() => import('../time-to-adopt/page.tsx'), 'TimeToAdoptPage'),
  '/insights/stickiness': page(() => import('../stickiness/page.tsx'), 'StickinessPage'),
  '/insights/breadth': page(() => import('../breadth/page.tsx'), 'BreadthPage'),
  '/insights/cohorts': page(() => import('../cohorts/page.tsx'), 'CohortsPage'),
  '/insights/health': page(() => import('../health/page.tsx'), 'HealthPage'),
  '/insights/states': page(() => import('../features/states-page.tsx'), 'FeatureStatesPage'),
  '/insights/nrr-variants': page(() => import('../metrics/variants.tsx'), 'NrrVariantsPage'),
  '/insights/association': page(() => import('../association/page.tsx'), 'AssociationPage'),
  '/insights/association/feature': page(() => import('../association/evidence-page.tsx'), 'EvidencePage'),
  '/insights/whitespace': page(() => import('../whitespace/page.tsx'), 'WhitespacePage'),
  '/insights/feature': page(() => import('../features/feature-page.tsx'), 'FeaturePage'),
}

type Opened = OutputOf<'insights.views.open'>

export function SharedPage() {
  const { id = '' } = useParams({ strict: false })
  const opened = useRead('insights.views.open', { id })
  // What a view shows is given to its page, which asks nothing: the names of definitions too, that everybody may read.
  const definitions = useRead('insights.metrics.definitions', {})
  if (opened.data && !definitions.isPending)
    return <Shown opened={opened.data} definitions={definitions.data} at={opened.dataUpdatedAt} />
  if (!opened.error)
    return (
      <Page title="A shared view">
        <Section title="Reading">
          <Loading rows={12} />
        </Section>
      </Page>
    )
  return (
    <Page title="A shared view">
      <Section title="It cannot be shown">
        {opened.error.code === 'not-found' || opened.error.code === 'invalid' ? (
          <Empty title="It was not shared with you, or was taken back">
            Ask who gave you the link to share it with you.
          </Empty>
        ) : (
          <Failed
            error={opened.error}
            onRetry={() => {
              void opened.refetch()
            }}
          />
        )}
      </Section>
    </Page>
  )
}

function Shown({
  opened,
  definitions,
  at,
}: {
  opened: Opened
  definitions: OutputOf<'insights.metrics.definitions'> | undefined
  at: number
}) {
  const { view } = opened
  const Shared = pages[view.path]
  const frame = useMemo(
    (): SharedFrame => ({
      id: view.id,
      search: linkTo('', `${view.path}${view.search}`).search,
      accounts: opened.accounts,
      hasNames: view.grants.names,
      mayExport: view.grants.export,
      at,
      answers: new Map([
        ['insights.analyses.options', opened.options],
        ...(definitions ? [['insights.metrics.definitions', definitions] as const] : []),
        ...opened.answers.map((a) => [a.operation, a.output] as const),
      ]),
    }),
    [opened, definitions, view, at],
  )
  return (
    <>
      <aside className="shared-bar" aria-label="Shared view">
        <div>
          <strong>{view.title}</strong>
          {view.note ? <p className="soft">{view.note}</p> : null}
          <p className="small soft">
            Shared by {view.sharedBy} on {moment(view.sharedAt)}; live figures, last data to {day(opened.dataTo)}. Shows{' '}
            {grantWords(view.grants)}; what it asks is fixed.
          </p>
          {opened.withheld.map((text) => (
            <p key={text} className="small soft">
              {text}
            </p>
          ))}
        </div>
        <CopyLink />
      </aside>
      <SharedFrameContext value={frame}>
        {Shared ? (
          <Suspense
            fallback={
              <div className="page">
                <Loading rows={12} />
              </div>
            }
          >
            <Shared />
          </Suspense>
        ) : (
          <Page title={view.question}>
            <Section title="It cannot be shown">
              <Empty title="This page is no longer there">Ask who shared it for another.</Empty>
            </Section>
          </Page>
        )}
      </SharedFrameContext>
    </>
  )
}
