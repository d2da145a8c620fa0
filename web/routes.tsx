/** Every screen and its address. What is chosen on a page lives in its search parameters, so that a link shows the same. */
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router'
import { queryClient, useWorkspace } from './api.ts'
import { readSession, sessionKey } from './session.ts'
import { Nowhere } from './shell/nowhere.tsx'
import { Shell } from './shell/shell.tsx'
import { Failed, Loading } from './ui/states.tsx'

const session = () => queryClient.fetchQuery({ queryKey: sessionKey, queryFn: readSession, staleTime: 60_000 })

const root = createRootRoute({
  component: Outlet,
  notFoundComponent: () => <Nowhere home="/" />,
})

const start = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: async () => {
    const { person, workspaces } = await session()
    if (!person) throw redirect({ to: '/sign-in' })
    const last = localStorage.getItem('workspace')
    const known = workspaces.find((w) => w.slug === last) ?? workspaces[0]
    if (known) throw redirect({ to: '/w/$workspace', params: { workspace: known.slug } })
    throw redirect({ to: '/start' })
  },
})
const page = (path: string, load: () => Promise<Record<string, React.ComponentType>>, name: string) =>
  createRoute({ getParentRoute: () => root, path, component: lazyRouteComponent(load, name) })

const signIn = page('/sign-in', () => import('./joining/sign-in.tsx'), 'SignInPage')
const setUp = page('/setup', () => import('./joining/set-up.tsx'), 'SetUpPage')
const choose = page('/start', () => import('./joining/start.tsx'), 'StartPage')

const workspace = createRoute({
  getParentRoute: () => root,
  path: '/w/$workspace',
  component: Shell,
  notFoundComponent: function NowhereHere() {
    return <Nowhere home={`/w/${useWorkspace()}`} />
  },
  beforeLoad: async ({ params, location }) => {
    const { person, workspaces } = await session()
    if (!person) throw redirect({ to: '/sign-in', search: { to: location.href } })
    if (!workspaces.some((w) => w.slug === params.workspace)) throw redirect({ to: '/start' })
    localStorage.setItem('workspace', params.workspace)
  },
})
const within = (path: string, load: () => Promise<Record<string, React.ComponentType>>, name: string) =>
  createRoute({
    getParentRoute: () => workspace,
    path,
    component: lazyRouteComponent(load, name),
    validateSearch: (search: Record<string, unknown>): Record<string, unknown> => search,
  })

export const router = createRouter({
  routeTree: root.addChildren([
    start,
    signIn,
    setUp,
    choose,
    workspace.addChildren([
      within('/', () => import('./home/home.tsx'), 'HomePage'),
      within('/insights/adoption', () => import('./insights/adoption/page.tsx'), 'AdoptionPage'),
      within('/insights/association', () => import('./insights/association/page.tsx'), 'AssociationPage'),
      within('/insights/association/feature', () => import('./insights/association/evidence-page.tsx'), 'EvidencePage'),
      within('/insights/revenue', () => import('./insights/revenue/page.tsx'), 'RevenuePage'),
      within('/insights/analyses', () => import('./insights/analyses/page.tsx'), 'AnalysesPage'),
      within('/insights/account', () => import('./insights/account/page.tsx'), 'AccountPage'),
      within('/insights/renewals', () => import('./insights/renewals/page.tsx'), 'RenewalsPage'),
      within('/insights/time-to-adopt', () => import('./insights/time-to-adopt/page.tsx'), 'TimeToAdoptPage'),
      within('/insights/adoption-funnel', () => import('./insights/funnel/page.tsx'), 'FunnelPage'),
      within('/insights/metrics', () => import('./insights/metrics/list.tsx'), 'MetricsPage'),
      within('/insights/metrics/$measure', () => import('./insights/metrics/metric.tsx'), 'MetricPage'),
      within('/insights/objectives', () => import('./insights/objectives/page.tsx'), 'ObjectivesPage'),
      within('/insights/nrr-variants', () => import('./insights/metrics/variants.tsx'), 'NrrVariantsPage'),
      within('/insights/changes', () => import('./insights/changes/page.tsx'), 'ChangesPage'),
      within('/insights/health', () => import('./insights/health/page.tsx'), 'HealthPage'),
      within('/insights/stickiness', () => import('./insights/stickiness/page.tsx'), 'StickinessPage'),
      within('/insights/breadth', () => import('./insights/breadth/page.tsx'), 'BreadthPage'),
      within('/insights/cohorts', () => import('./insights/cohorts/page.tsx'), 'CohortsPage'),
      within('/insights/features', () => import('./insights/features/page.tsx'), 'FeaturesPage'),
      within('/insights/whitespace', () => import('./insights/whitespace/page.tsx'), 'WhitespacePage'),
      within('/insights/stories', () => import('./insights/stories/page.tsx'), 'StoriesPage'),
      within('/insights/feature', () => import('./insights/features/feature-page.tsx'), 'FeaturePage'),
      within('/insights/states', () => import('./insights/features/states-page.tsx'), 'FeatureStatesPage'),
      within('/insights/accounts', () => import('./insights/accounts/page.tsx'), 'AccountsPage'),
      within('/insights/definitions', () => import('./insights/definitions.tsx'), 'DefinitionsPage'),
      within('/shared', () => import('./insights/views/page.tsx'), 'ViewsPage'),
      within('/shared/$id', () => import('./insights/views/shared-page.tsx'), 'SharedPage'),
      within('/decisions', () => import('./decisions/page.tsx'), 'DecisionsPage'),
      within('/decisions/$id', () => import('./decisions/decision.tsx'), 'DecisionPage'),
      within('/requests', () => import('./requests/page.tsx'), 'RequestsPage'),
      within('/data', () => import('./insights/data/page.tsx'), 'DataPage'),
      within('/data/import', () => import('./insights/data/import.tsx'), 'ImportPage'),
      within('/data/out', () => import('./insights/out/page.tsx'), 'OutPage'),
      within('/settings/workspace', () => import('./settings/workspace.tsx'), 'WorkspacePage'),
      within('/settings/people', () => import('./settings/people.tsx'), 'PeoplePage'),
      within('/settings/audit', () => import('./settings/audit.tsx'), 'AuditPage'),
      within('/settings/jobs', () => import('./settings/jobs.tsx'), 'JobsPage'),
    ]),
  ]),
  defaultPendingComponent: () => (
    <div className="page">
      <Loading />
    </div>
  ),
  defaultErrorComponent: ({ error, reset }) => (
    <div className="page">
      <Failed error={error as never} onRetry={reset} />
    </div>
  ),
  defaultPreload: 'intent',
  defaultPendingMs: 300,
  scrollRestoration: true,
})
