/** The frame: rail to the left (a bar below on a phone), top line with search, freshness and me. */
import { Kbd, Menu, Tooltip, UnstyledButton, useMantineColorScheme, Drawer } from '@mantine/core'
import { useDisclosure, useHotkeys, useLocalStorage } from '@mantine/hooks'
import { Link, Outlet, useLocation, useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, type ReactNode } from 'react'
import type { Permission } from '../src/platform/auth/permissions.ts'
import { useWorkspace } from './api.ts'
import { Freshness } from './freshness.tsx'
import { NotShared } from './insights/views/not-shared.tsx'
import { useLive } from './live.ts'
import { RunningJobs } from './running-jobs.tsx'
import { signOut, useHere, useSession } from './session.ts'
import {
  AskIcon,
  BookIcon,
  CollapseIcon,
  DataIcon,
  DecideIcon,
  DownIcon,
  EvidenceIcon,
  FeatureIcon,
  FlagIcon,
  GearIcon,
  GridIcon,
  HomeIcon,
  JobIcon,
  LightIcon,
  LinkIcon,
  LogIcon,
  MoreIcon,
  OutIcon,
  PeopleIcon,
  QuestionIcon,
  SearchIcon,
  ShareIcon,
  SpaceIcon,
  StackIcon,
  StepsIcon,
  StoryIcon,
  TargetIcon,
  TrendIcon,
} from './ui/icons.tsx'
import mark from './mark.svg'
import './shell.css'

export interface Place {
  to: string
  label: string
  icon: ReactNode
  group: 'top' | 'Insights' | 'Decide' | 'Data' | 'Settings'
  needs?: Permission
  words?: string
  /** Found by search and from the page that lists it; the rail stays short. */ inRail?: false
}

export const places: Place[] = [
  { to: '', label: 'Home', icon: <HomeIcon />, group: 'top' },
  {
    to: '/insights/stories',
    label: 'Stories',
    icon: <StoryIcon />,
    group: 'Insights',
    needs: 'insights:read',
    words: 'what stands out findings dismissed',
  },
  {
    to: '/insights/adoption',
    label: 'Adoption and retention',
    icon: <GridIcon />,
    group: 'Insights',
    needs: 'insights:read',
    words: 'features keep customers heat map nrr',
  },
  {
    to: '/insights/association',
    label: 'Evidence',
    icon: <EvidenceIcon />,
    group: 'Insights',
    needs: 'insights:read',
    words: 'association which features are associated with staying churn placebo confounding significance interval',
  },
  {
    to: '/insights/states',
    label: 'ARR by adoption',
    icon: <StackIcon />,
    group: 'Insights',
    needs: 'insights:read',
    words: 'states adopted dormant tried never used arr feature',
  },
  {
    to: '/insights/whitespace',
    label: 'Whitespace',
    icon: <SpaceIcon />,
    group: 'Insights',
    needs: 'insights:read',
    words: 'not adopting list hand over owners mail webhook',
  },
  {
    to: '/insights/revenue',
    label: 'Revenue and movements',
    icon: <TrendIcon />,
    group: 'Insights',
    needs: 'insights:read',
    words: 'arr mrr nrr grr churn bridge',
  },
  {
    to: '/insights/analyses',
    label: 'Analyses',
    icon: <QuestionIcon />,
    group: 'Insights',
    needs: 'insights:read',
    words: 'what can be asked questions',
  },
  {
    to: '/insights/renewals',
    label: 'Renewal calendar',
    icon: <TrendIcon />,
    group: 'Insights',
    needs: 'insights:read',
    words: 'renew contract calendar core features',
    inRail: false,
  },
  {
    to: '/insights/time-to-adopt',
    label: 'Time to adopt',
    icon: <JobIcon />,
    group: 'Insights',
    needs: 'insights:read',
    words: 'kaplan meier days first use median',
    inRail: false,
  },
  {
    to: '/insights/adoption-funnel',
    label: 'Adoption funnel',
    icon: <FeatureIcon />,
    group: 'Insights',
    needs: 'insights:read',
    words: 'steps entitled ever used',
    inRail: false,
  },
  {
    to: '/insights/changes',
    label: 'What changed',
    icon: <TrendIcon />,
    group: 'Insights',
    needs: 'insights:read',
    words: 'since last month news',
    inRail: false,
  },
  {
    to: '/insights/health',
    label: 'Product health',
    icon: <GridIcon />,
    group: 'Insights',
    needs: 'insights:read',
    words: 'area nps csat satisfaction trend',
    inRail: false,
  },
  {
    to: '/insights/stickiness',
    label: 'Stickiness',
    icon: <PeopleIcon />,
    group: 'Insights',
    needs: 'insights:read',
    words: 'dau wau mau active users come back rolling',
    inRail: false,
  },
  {
    to: '/insights/breadth',
    label: 'Breadth and frequency',
    icon: <FeatureIcon />,
    group: 'Insights',
    needs: 'insights:read',
    words: 'depth how widely often days used core features per account',
    inRail: false,
  },
  {
    to: '/insights/cohorts',
    label: 'Cohort retention',
    icon: <TrendIcon />,
    group: 'Insights',
    needs: 'insights:read',
    words: 'cohorts come back n-day unbounded bracket new accounts users',
    inRail: false,
  },
  {
    to: '/insights/account',
    label: 'One account',
    icon: <PeopleIcon />,
    group: 'Insights',
    needs: 'insights:accounts',
    words: 'customer history usage attributes',
    inRail: false,
  },
  {
    to: '/insights/metrics',
    label: 'Metrics and targets',
    icon: <TargetIcon />,
    group: 'Insights',
    needs: 'insights:read',
    words: 'kpi target threshold alert published restatement watch scorecard',
  },
  {
    to: '/insights/objectives',
    label: 'Objectives',
    icon: <FlagIcon />,
    group: 'Insights',
    needs: 'insights:read',
    words: 'okr key results goals progress',
  },
  {
    to: '/insights/nrr-variants',
    label: 'Forms of NRR',
    icon: <StepsIcon />,
    group: 'Insights',
    needs: 'insights:read',
    words: 'nrr variants disagree chartmogul baremetrics formula fx past-due escalator compare',
  },
  {
    to: '/insights/features',
    label: 'Features',
    icon: <FeatureIcon />,
    group: 'Insights',
    needs: 'insights:read',
    words: 'events rules mapping unmapped',
  },
  {
    to: '/insights/accounts',
    label: 'Who is who',
    icon: <LinkIcon />,
    group: 'Insights',
    needs: 'insights:accounts',
    words: 'crosswalk accounts match exclude',
  },
  {
    to: '/insights/definitions',
    label: 'Definitions',
    icon: <BookIcon />,
    group: 'Insights',
    words: 'metrics glossary formula',
  },
  {
    to: '/decisions',
    label: 'Decisions',
    icon: <DecideIcon />,
    group: 'Decide',
    needs: 'decisions:read',
    words: 'decided why expected effect revisit log',
  },
  {
    to: '/requests',
    label: 'Request desk',
    icon: <AskIcon />,
    group: 'Decide',
    needs: 'requests:ask',
    words: 'questions asked answers product ops',
  },
  {
    to: '/shared',
    label: 'Shared views',
    icon: <ShareIcon />,
    group: 'Decide',
    needs: 'shared:read',
    words: 'share stakeholder link publish view',
  },
  {
    to: '/data',
    label: 'Data and imports',
    icon: <DataIcon />,
    group: 'Data',
    needs: 'insights:read',
    words: 'upload csv parquet undo rejects schedule repeat folder url expected late fresh',
  },
  {
    to: '/data/out',
    label: 'Numbers for other tools',
    icon: <OutIcon />,
    group: 'Data',
    needs: 'insights:read',
    words: 'export parquet csv duckdb looker tableau excel notebook sql views governed table schedule',
  },
  { to: '/settings/workspace', label: 'Workspace', icon: <GearIcon />, group: 'Settings', words: 'name currency' },
  {
    to: '/settings/people',
    label: 'People and roles',
    icon: <PeopleIcon />,
    group: 'Settings',
    needs: 'workspace:admin',
    words: 'invite',
  },
  { to: '/settings/audit', label: 'Audit log', icon: <LogIcon />, group: 'Settings', needs: 'audit:read' },
  {
    to: '/settings/jobs',
    label: 'Jobs',
    icon: <JobIcon />,
    group: 'Settings',
    needs: 'insights:edit',
    words: 'imports refresh progress',
  },
]

const Commands = lazy(() => import('./commands.tsx').then((m) => ({ default: m.Commands })))
const openCommands = () => {
  void import('./commands.tsx').then((m) => m.openCommands())
}

export function Shell() {
  const workspace = useWorkspace()
  const here = useHere()
  const { pathname } = useLocation()
  const [isNarrow, setNarrow] = useLocalStorage({ key: 'rail-narrow', defaultValue: false })
  const [isMore, more] = useDisclosure(false)
  useLive(workspace)
  useHotkeys([
    ['mod+K', openCommands],
    ['mod+B', () => setNarrow(!isNarrow)],
  ])
  const allowed = places.filter((p) => !p.needs || here?.permissions.includes(p.needs))
  return (
    <div className={isNarrow ? 'shell is-narrow' : 'shell'}>
      <a className="skip" href="#main">
        Skip to the page
      </a>
      <nav className="rail" aria-label="Main">
        <WorkspaceMenu isNarrow={isNarrow} />
        {(['top', 'Insights', 'Decide', 'Data', 'Settings'] as const)
          .filter((group) => allowed.some((p) => p.group === group && p.inRail !== false))
          .map((group) => (
            <div className="rail-group" key={group}>
              {group === 'top' || isNarrow ? null : <div className="rail-title">{group}</div>}
              {allowed
                .filter((p) => p.group === group && p.inRail !== false)
                .map((p) => (
                  <RailLink key={p.to} place={p} isNarrow={isNarrow} />
                ))}
            </div>
          ))}
        <UnstyledButton
          className="rail-link rail-collapse"
          onClick={() => setNarrow(!isNarrow)}
          aria-pressed={isNarrow}
        >
          <CollapseIcon />
          {isNarrow ? <span className="visually-hidden">Widen the menu</span> : <span>Collapse</span>}
        </UnstyledButton>
      </nav>
      <div className="frame">
        <header className="top">
          <Where />
          <UnstyledButton className="top-search" onClick={openCommands}>
            <SearchIcon />
            <span>Search and commands</span>
            <Kbd size="xs" aria-hidden>
              Ctrl K
            </Kbd>
          </UnstyledButton>
          <div className="top-end">
            <RunningJobs />
            <Freshness />
            <Me />
          </div>
        </header>
        <Freshness isStrip />
        <main id="main" tabIndex={-1}>
          {here && !here.permissions.includes(needOf(pathname, workspace)) ? (
            <NotShared label={placeAt(pathname, workspace)?.label} />
          ) : (
            <Outlet />
          )}
        </main>
      </div>
      <nav className="bar" aria-label="Main, short">
        {allowed
          .filter((p) => p.to in shortLabels && (p.to !== '/shared' || !here?.permissions.includes('insights:read')))
          .map((p) => (
            <BarLink key={p.to} place={p} />
          ))}
        <UnstyledButton className="bar-link" onClick={more.open} aria-haspopup="dialog">
          <MoreIcon />
          <span>More</span>
        </UnstyledButton>
      </nav>
      <Drawer opened={isMore} onClose={more.close} position="bottom" size="auto" title="Everything">
        <div className="more">
          {allowed
            .filter((p) => p.inRail !== false)
            .map((p) => (
              <Link
                key={p.to}
                to={`/w/$workspace${p.to}`}
                params={{ workspace }}
                onClick={more.close}
                className="rail-link"
              >
                {p.icon}
                <span>{p.label}</span>
              </Link>
            ))}
        </div>
      </Drawer>
      <Suspense fallback={null}>
        <Commands />
      </Suspense>
    </div>
  )
}

const isActive = (path: string, workspace: string, to: string) =>
  to === ''
    ? path === `/w/${workspace}` || path === `/w/${workspace}/`
    : path === `/w/${workspace}${to}` || path.startsWith(`/w/${workspace}${to}/`)

const placeAt = (path: string, workspace: string) => places.filter((p) => isActive(path, workspace, p.to)).at(-1)

/** What a page takes: what its place says, or that of the part it is in. */
function needOf(path: string, workspace: string): Permission {
  const isAnalysis = path.startsWith(`/w/${workspace}/insights`) || path.startsWith(`/w/${workspace}/data`)
  if (isActive(path, workspace, '/data/import')) return 'insights:edit'
  return (
    placeAt(path, workspace)?.needs ??
    (isAnalysis && !isActive(path, workspace, '/insights/definitions') ? 'insights:read' : 'workspace:read')
  )
}

function RailLink({ place, isNarrow }: { place: Place; isNarrow: boolean }) {
  const workspace = useWorkspace()
  const { pathname } = useLocation()
  const link = (
    <Link
      to={`/w/$workspace${place.to}`}
      params={{ workspace }}
      className="rail-link"
      activeOptions={{ exact: true }}
      aria-current={placeAt(pathname, workspace) === place ? 'page' : undefined}
    >
      {place.icon}
      <span className={isNarrow ? 'visually-hidden' : ''}>{place.label}</span>
    </Link>
  )
  return isNarrow ? (
    <Tooltip label={place.label} position="right">
      {link}
    </Tooltip>
  ) : (
    link
  )
}

const shortLabels: Record<string, string> = {
  '': 'Home',
  '/insights/adoption': 'Adoption',
  '/insights/revenue': 'Revenue',
  '/shared': 'Shared',
  '/data': 'Data',
}

function BarLink({ place }: { place: Place }) {
  const workspace = useWorkspace()
  const { pathname } = useLocation()
  return (
    <Link
      to={`/w/$workspace${place.to}`}
      params={{ workspace }}
      className="bar-link"
      activeOptions={{ exact: true }}
      aria-current={placeAt(pathname, workspace) === place ? 'page' : undefined}
    >
      {place.icon}
      <span>{shortLabels[place.to]}</span>
    </Link>
  )
}

function WorkspaceMenu({ isNarrow }: { isNarrow: boolean }) {
  const session = useSession()
  const here = useHere()
  const navigate = useNavigate()
  return (
    <Menu position="bottom-start" width={240}>
      <Menu.Target>
        <UnstyledButton className="rail-workspace" aria-label={`Workspace ${here?.name ?? ''}`}>
          <img src={mark} alt="" width={24} height={24} />
          {isNarrow ? null : (
            <>
              <span className="rail-workspace-name">{here?.name}</span>
              <DownIcon />
            </>
          )}
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Workspaces</Menu.Label>
        {session?.workspaces.map((w) => (
          <Menu.Item
            key={w.slug}
            onClick={() => {
              void navigate({ to: '/w/$workspace', params: { workspace: w.slug } })
            }}
            rightSection={w.kind === 'sample' ? <span className="small faint">sample</span> : null}
            aria-current={w.slug === here?.slug || undefined}
          >
            {w.name}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item
          onClick={() => {
            void navigate({ to: '/start' })
          }}
        >
          Open another …
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

function Where() {
  const workspace = useWorkspace()
  const { pathname } = useLocation()
  const place = placeAt(pathname, workspace)
  return (
    <div className="top-where">
      {place && place.group !== 'top' ? (
        <>
          <span className="faint">{place.group}</span>
          <span className="faint" aria-hidden>
            /
          </span>
        </>
      ) : null}
      <span>{place?.label ?? ''}</span>
    </div>
  )
}

function Me() {
  const session = useSession()
  const here = useHere()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const initials = (session?.person?.name ?? '?')
    .split(/\s+/)
    .map((word) => word[0])
    .slice(0, 2)
    .join('')
    .toUpperCase()
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <UnstyledButton className="me" aria-label={`${initials}, signed in as ${session?.person?.name ?? ''}`}>
          {initials}
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {session?.person?.name}, {here?.role.replace('-', ' ')}
          <br />
          {session?.person?.email}
        </Menu.Label>
        <Menu.Divider />
        {(['light', 'dark', 'auto'] as const).map((scheme) => (
          <Menu.Item
            key={scheme}
            leftSection={colorScheme === scheme ? '✓' : <span className="me-gap" />}
            onClick={() => setColorScheme(scheme)}
          >
            {{ light: 'Light', dark: 'Dark', auto: 'As the system' }[scheme]}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item component="a" href="/api/reference" leftSection={<LightIcon />}>
          API reference
        </Menu.Item>
        <Menu.Item
          onClick={() => {
            void signOut()
          }}
        >
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
