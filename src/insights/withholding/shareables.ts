/**
 * Which pages can be shared, and what each may ask. Nothing that is not named here leaves through a view: a page asks the
 * operations of its line and no other, and rows of accounts keep only the fields of `plainFields` unless names are granted.
 */
import type { Shareable } from '../../platform/rooms/shareable.ts'
import { analyseAdoptionFunnel, listFunnelAccounts } from '../analyses/adoption-funnel/operations.ts'
import { analyseAssociation } from '../analyses/association/operations.ts'
import { listBreadthAccounts } from '../analyses/breadth/accounts.ts'
import { analyseBreadth } from '../analyses/breadth/operations.ts'
import { listCohortAccounts } from '../analyses/cohorts/accounts.ts'
import { analyseCohortRetention } from '../analyses/cohorts/operations.ts'
import { analyseFeatureStates } from '../analyses/feature-states/operations.ts'
import type { MeasureKey } from '../targets/measures.ts'
import { listMovementAccounts } from '../analyses/revenue/accounts.ts'
import { analyseNrrVariants } from '../analyses/nrr-variants/operations.ts'
import { analyseAdoptionRetention, listAccountsBehind } from '../analyses/adoption-retention/operations.ts'
import { analyseMovements, analyseRetentionTrend } from '../analyses/revenue/operations.ts'
import { analyseProductHealth } from '../analyses/product-health/operations.ts'
import { analyseRenewals, listRenewalAccounts } from '../analyses/renewals/operations.ts'
import { listStickinessAccounts } from '../analyses/stickiness/accounts.ts'
import { analyseStickiness } from '../analyses/stickiness/operations.ts'
import { listTimeToAdoptAccounts } from '../analyses/time-to-adopt/accounts.ts'
import { analyseTimeToAdopt } from '../analyses/time-to-adopt/operations.ts'
import { listChangedAccounts } from '../analyses/what-changed/accounts.ts'
import { analyseWhatChanged } from '../analyses/what-changed/operations.ts'
import { listWhitespace } from '../analyses/whitespace/accounts.ts'
import { fewWords } from './few.ts'
import { publishFigures, readStanding } from './figures.ts'
import { checkSegments, choicesOf } from './groups.ts'
import { withholding } from './withholding.ts'
import { evidenceInView, featureInView, trendInView, whitespaceInView } from './narrowed.ts'

/** A page of insights as it is declared here; the rest is the same for all. */
interface Page extends Pick<Shareable, 'path' | 'question' | 'analyses' | 'accounts'> {
  /** What of it are measures, frozen as published when it is shared. */
  measures: readonly MeasureKey[]
}

const retention = ['arr', 'accounts', 'nrr', 'grr', 'logo-retention'] as const
const movements = ['new', 'reactivation', 'expansion', 'contraction', 'churn'] as const

const pages: readonly Page[] = [
  {
    path: '/insights/adoption',
    question: 'Which features keep which customers?',
    analyses: [analyseAdoptionRetention],
    accounts: {
      operation: listAccountsBehind,
      of: analyseAdoptionRetention,
      mayChoose: ['segment', 'feature', 'state'],
    },
    measures: [...retention, 'adoption-rate'],
  },
  {
    path: '/insights/revenue',
    question: 'How does our revenue move, and who stays?',
    analyses: [analyseMovements, analyseRetentionTrend],
    accounts: { operation: listMovementAccounts, of: analyseMovements, mayChoose: ['kind', 'from', 'to'] },
    measures: [...retention, ...movements],
  },
  {
    path: '/insights/renewals',
    question: 'Who renews when, and do they use what they pay for?',
    analyses: [analyseRenewals],
    accounts: { operation: listRenewalAccounts, of: analyseRenewals, mayChoose: ['when', 'use', 'segment', 'owner'] },
    measures: [],
  },
  {
    path: '/insights/changes',
    question: 'What changed since last month?',
    analyses: [analyseWhatChanged],
    accounts: { operation: listChangedAccounts, of: analyseWhatChanged, mayChoose: ['turn', 'feature', 'segment'] },
    measures: [],
  },
  {
    path: '/insights/adoption-funnel',
    question: 'How far do accounts get with a feature?',
    analyses: [analyseAdoptionFunnel],
    accounts: { operation: listFunnelAccounts, of: analyseAdoptionFunnel, mayChoose: ['reached', 'segment'] },
    measures: [],
  },
  {
    path: '/insights/time-to-adopt',
    question: 'How long until accounts use a feature?',
    analyses: [analyseTimeToAdopt],
    accounts: { operation: listTimeToAdoptAccounts, of: analyseTimeToAdopt, mayChoose: ['segment', 'state'] },
    measures: [],
  },
  {
    path: '/insights/stickiness',
    question: 'How often do people come back?',
    analyses: [analyseStickiness],
    accounts: { operation: listStickinessAccounts, of: analyseStickiness, mayChoose: ['segment'] },
    measures: [],
  },
  {
    path: '/insights/breadth',
    question: 'How widely and how often is each feature used?',
    analyses: [analyseBreadth],
    accounts: { operation: listBreadthAccounts, of: analyseBreadth, mayChoose: ['feature', 'segment'] },
    measures: [],
  },
  {
    path: '/insights/cohorts',
    question: 'Do new accounts come back?',
    analyses: [analyseCohortRetention],
    accounts: {
      operation: listCohortAccounts,
      of: analyseCohortRetention,
      mayChoose: ['cohort', 'step', 'segment'],
    },
    measures: [],
  },
  {
    path: '/insights/health',
    question: 'How healthy is each part of the product?',
    analyses: [analyseProductHealth],
    accounts: null,
    measures: [],
  },
  {
    path: '/insights/states',
    question: 'How much ARR stands behind each feature?',
    analyses: [analyseFeatureStates],
    accounts: null,
    measures: [],
  },
  {
    path: '/insights/nrr-variants',
    question: 'Why do two tools disagree about NRR?',
    analyses: [analyseNrrVariants],
    accounts: null,
    measures: ['nrr', 'grr'],
  },
  {
    path: '/insights/association',
    question: 'Which features are associated with staying?',
    analyses: [analyseAssociation],
    accounts: null,
    measures: [],
  },
  {
    path: '/insights/association/feature',
    question: 'Is one feature associated with staying?',
    analyses: [evidenceInView],
    accounts: null,
    measures: [],
  },
  {
    path: '/insights/whitespace',
    question: 'Who could use what they do not?',
    analyses: [whitespaceInView],
    accounts: { operation: listWhitespace, of: whitespaceInView, mayChoose: [] },
    measures: [],
  },
  {
    path: '/insights/feature',
    question: 'Who has adopted one feature?',
    analyses: [trendInView, analyseFeatureStates, featureInView],
    accounts: null,
    measures: ['adoption-rate'],
  },
]

/** Fields of a row of accounts that say nothing of who it is. A field that is not here is withheld. */
const plainFields: ReadonlySet<string> = new Set([
  'segment',
  'arr',
  'renewalDate',
  'renewsInDays',
  'renewsSoon',
  'lastUse',
  'lastAnyUse',
  'arrStart',
  'arrEnd',
  'month',
  'day',
  'before',
  'after',
  'size',
  'use',
  'coreEntitled',
  'coreAdopted',
  'notAdopted',
  'reached',
  'ableFrom',
  'firstUse',
  'days',
  'state',
  'feature',
  'featureId',
  'isCore',
  'evidence',
  'dau',
  'wau',
  'mau',
  'dauMau',
  'wauMau',
  'people',
  'users',
  'breadth',
  'events',
  'cohort',
  'members',
  'returned',
])

export const shareables: readonly Shareable[] = pages.map(({ measures, ...page }) => ({
  ...page,
  withholding,
  plainFields,
  fewWords,
  checkGroups: (context, reads, grants) => checkSegments(context, page.analyses, reads, grants),
  choices: (context, reads) => choicesOf(context, page.analyses, reads),
  standing: readStanding,
  publish: (context, reads) => publishFigures(context, measures, reads),
}))
