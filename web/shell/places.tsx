/** Every place that the menu and the search know, with what it takes to go there. */
import type { ReactNode } from 'react'
import type { Permission } from '../../src/platform/auth/permissions.ts'
import {
  AskIcon,
  BookIcon,
  DataIcon,
  DecideIcon,
  EvidenceIcon,
  FeatureIcon,
  FlagIcon,
  GearIcon,
  GridIcon,
  HomeIcon,
  JobIcon,
  KeyIcon,
  LinkIcon,
  LogIcon,
  OutIcon,
  PeopleIcon,
  QuestionIcon,
  ShareIcon,
  SpaceIcon,
  StackIcon,
  StepsIcon,
  StoryIcon,
  TargetIcon,
  TrendIcon,
} from '../ui/icons.tsx'

export const groups = ['top', 'Insights', 'Decide', 'Data', 'Settings'] as const
type Group = (typeof groups)[number]

export interface Place {
  to: string
  label: string
  icon: ReactNode
  group: Group
  needs?: Permission | undefined
  /** By which it is found besides its name. */
  words?: string
  /** Found by search and from the page that lists it; the rail stays short. */
  inRail?: false
}

/** @param needs what most of the group take, and each that does not say otherwise */
const inGroup = (group: Group, needs: Permission | undefined, some: Omit<Place, 'group'>[]): Place[] =>
  some.map((place) => ({ group, needs, ...place }))

export const places: Place[] = [
  ...inGroup('top', undefined, [{ to: '', label: 'Home', icon: <HomeIcon /> }]),
  ...inGroup('Insights', 'insights:read', [
    {
      to: '/insights/stories',
      label: 'Stories',
      icon: <StoryIcon />,
      words: 'what stands out findings dismissed',
    },
    {
      to: '/insights/adoption',
      label: 'Adoption and retention',
      icon: <GridIcon />,
      words: 'features keep customers heat map nrr',
    },
    {
      to: '/insights/association',
      label: 'Evidence',
      icon: <EvidenceIcon />,
      words: 'association which features are associated with staying churn placebo confounding significance interval',
    },
    {
      to: '/insights/states',
      label: 'ARR by adoption',
      icon: <StackIcon />,
      words: 'states adopted dormant tried never used arr feature',
    },
    {
      to: '/insights/whitespace',
      label: 'Whitespace',
      icon: <SpaceIcon />,
      words: 'not adopting list hand over owners mail webhook',
    },
    {
      to: '/insights/revenue',
      label: 'Revenue and movements',
      icon: <TrendIcon />,
      words: 'arr mrr nrr grr churn bridge',
    },
    {
      to: '/insights/analyses',
      label: 'Analyses',
      icon: <QuestionIcon />,
      words: 'what can be asked questions',
    },
    {
      to: '/insights/renewals',
      label: 'Renewal calendar',
      icon: <TrendIcon />,
      words: 'renew contract calendar core features',
      inRail: false,
    },
    {
      to: '/insights/time-to-adopt',
      label: 'Time to adopt',
      icon: <JobIcon />,
      words: 'kaplan meier days first use median',
      inRail: false,
    },
    {
      to: '/insights/adoption-funnel',
      label: 'Adoption funnel',
      icon: <FeatureIcon />,
      words: 'steps entitled ever used',
      inRail: false,
    },
    {
      to: '/insights/changes',
      label: 'What changed',
      icon: <TrendIcon />,
      words: 'since last month news',
      inRail: false,
    },
    {
      to: '/insights/health',
      label: 'Product health',
      icon: <GridIcon />,
      words: 'area nps csat satisfaction trend',
      inRail: false,
    },
    {
      to: '/insights/stickiness',
      label: 'Stickiness',
      icon: <PeopleIcon />,
      words: 'dau wau mau active users come back rolling',
      inRail: false,
    },
    {
      to: '/insights/breadth',
      label: 'Breadth and frequency',
      icon: <FeatureIcon />,
      words: 'depth how widely often days used core features per account',
      inRail: false,
    },
    {
      to: '/insights/cohorts',
      label: 'Cohort retention',
      icon: <TrendIcon />,
      words: 'cohorts come back n-day unbounded bracket new accounts users',
      inRail: false,
    },
    {
      to: '/insights/account',
      label: 'One account',
      icon: <PeopleIcon />,
      needs: 'insights:accounts',
      words: 'customer history usage attributes',
      inRail: false,
    },
    {
      to: '/insights/metrics',
      label: 'Metrics and targets',
      icon: <TargetIcon />,
      words: 'kpi target threshold alert published restatement watch scorecard',
    },
    {
      to: '/insights/objectives',
      label: 'Objectives',
      icon: <FlagIcon />,
      words: 'okr key results goals progress',
    },
    {
      to: '/insights/nrr-variants',
      label: 'Forms of NRR',
      icon: <StepsIcon />,
      words: 'nrr variants disagree chartmogul baremetrics formula fx past-due escalator compare',
    },
    {
      to: '/insights/features',
      label: 'Features',
      icon: <FeatureIcon />,
      words: 'events rules mapping unmapped',
    },
    {
      to: '/insights/accounts',
      label: 'Who is who',
      icon: <LinkIcon />,
      needs: 'insights:accounts',
      words: 'crosswalk accounts match exclude',
    },
    {
      to: '/insights/definitions',
      label: 'Definitions',
      icon: <BookIcon />,
      needs: undefined,
      words: 'metrics glossary formula',
    },
  ]),
  ...inGroup('Decide', undefined, [
    {
      to: '/decisions',
      label: 'Decisions',
      icon: <DecideIcon />,
      needs: 'decisions:read',
      words: 'decided why expected effect revisit log',
    },
    {
      to: '/requests',
      label: 'Request desk',
      icon: <AskIcon />,
      needs: 'requests:ask',
      words: 'questions asked answers product ops',
    },
    {
      to: '/shared',
      label: 'Shared views',
      icon: <ShareIcon />,
      needs: 'shared:read',
      words: 'share stakeholder link publish view',
    },
  ]),
  ...inGroup('Data', 'insights:read', [
    {
      to: '/data',
      label: 'Data and imports',
      icon: <DataIcon />,
      words: 'upload csv parquet undo rejects schedule repeat folder url expected late fresh',
    },
    {
      to: '/data/out',
      label: 'Numbers for other tools',
      icon: <OutIcon />,
      words: 'export parquet csv duckdb looker tableau excel notebook sql views governed table schedule',
    },
  ]),
  ...inGroup('Settings', undefined, [
    {
      to: '/settings/sign-in',
      label: 'Sign-in and devices',
      icon: <KeyIcon />,
      words: 'my account password sessions two-factor second step authenticator sign out',
    },
    { to: '/settings/workspace', label: 'Workspace', icon: <GearIcon />, words: 'name currency' },
    {
      to: '/settings/people',
      label: 'People and roles',
      icon: <PeopleIcon />,
      needs: 'workspace:admin',
      words: 'invite',
    },
    { to: '/settings/audit', label: 'Audit log', icon: <LogIcon />, needs: 'audit:read' },
    {
      to: '/settings/jobs',
      label: 'Jobs',
      icon: <JobIcon />,
      needs: 'insights:edit',
      words: 'imports refresh progress',
    },
  ]),
]

const isActive = (path: string, workspace: string, to: string) =>
  to === ''
    ? path === `/w/${workspace}` || path === `/w/${workspace}/`
    : path === `/w/${workspace}${to}` || path.startsWith(`/w/${workspace}${to}/`)

export const placeAt = (path: string, workspace: string) => places.filter((p) => isActive(path, workspace, p.to)).at(-1)

/** What a page takes: what its place says, or that of the part it is in. */
export function needOf(path: string, workspace: string): Permission {
  const isAnalysis = path.startsWith(`/w/${workspace}/insights`) || path.startsWith(`/w/${workspace}/data`)
  if (isActive(path, workspace, '/data/import')) return 'insights:edit'
  return (
    placeAt(path, workspace)?.needs ??
    (isAnalysis && !isActive(path, workspace, '/insights/definitions') ? 'insights:read' : 'workspace:read')
  )
}
