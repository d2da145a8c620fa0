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
import { moved, pages } from './rooms.ts'
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
const forgotten = page('/forgotten', () => import('./joining/forgotten.tsx'), 'ForgottenPage')
const newPassword = page('/new-password', () => import('./joining/new-password.tsx'), 'NewPasswordPage')
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
const within = (path: string) => ({
  getParentRoute: () => workspace,
  path: path === '' ? '/' : path,
  validateSearch: (search: Record<string, unknown>): Record<string, unknown> => search,
})
const pageRoutes = pages.map(({ path, load }) =>
  createRoute({
    ...within(path),
    component: lazyRouteComponent(async () => ({ default: await load() })),
  }),
)
/** What the address of before named in its path goes into the search parameters of the one of now. */
const movedRoutes = moved.map(([from, to]) =>
  createRoute({
    ...within(from),
    beforeLoad: ({ params: { workspace: slug, ...named }, search, location }) => {
      throw redirect({
        to: `/w/$workspace${to}`,
        params: { workspace: slug },
        search: { ...search, ...named } as never,
        hash: location.hash,
        replace: true,
      })
    },
  }),
)

export const router = createRouter({
  routeTree: root.addChildren([
    start,
    signIn,
    setUp,
    forgotten,
    newPassword,
    choose,
    workspace.addChildren([...pageRoutes, ...movedRoutes]),
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
