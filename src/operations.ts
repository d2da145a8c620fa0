/** Every verb of the product. What stands here is served over HTTP, described in OpenAPI and run by the command line. */
import type { AnyOperation } from './platform/operation.ts'
import type { JobKind, Tick } from './platform/jobs/queue.ts'
import { listAuditOperation } from './platform/audit/operations.ts'
import { cancelJob, getJob, listJobsOperation, retryJob } from './platform/jobs/operations.ts'
import {
  changeRole,
  invitePerson,
  listColleagues,
  listPeopleOperation,
  removePerson,
  withdrawInvitation,
} from './platform/people/operations.ts'
import { createWorkspace, getSession, getWorkspace, renameWorkspace } from './platform/workspaces/operations.ts'
import { analyseNrrVariants } from './insights/analyses/nrr-variants.ts'
import {
  addExclusion,
  countExclusion,
  getAccountSettings,
  linkAccounts,
  listExclusionsOperation,
  listLinksOperation,
  listUnmatched,
  removeExclusion,
  saveAccountSettings,
  searchAccounts,
  unlinkAccount,
} from './insights/accounts/operations.ts'
import {
  analyseAdoptionRetention,
  analyseMovements,
  analyseRetentionTrend,
  analysisOptions,
  listAccountsBehind,
} from './insights/analyses/operations.ts'
import { analyseAdoptionTrend } from './insights/analyses/adoption-trend.ts'
import { analyseFeatureStates } from './insights/analyses/feature-states.ts'
import {
  analyseAssociation,
  analyseAssociationDetail,
  getNegativeControl,
  latestAssociationOperation,
  setNegativeControl,
} from './insights/analyses/association/operations.ts'
import { associateJob } from './insights/analyses/association/job.ts'
import { analyseAccount } from './insights/analyses/account.ts'
import { analyseAccountSources } from './insights/analyses/account-sources.ts'
import { listMovementAccounts } from './insights/analyses/movement-accounts.ts'
import { analyseRenewals, listRenewalAccounts } from './insights/analyses/renewals.ts'
import { listTimeToAdoptAccounts } from './insights/analyses/time-to-adopt-accounts.ts'
import { analyseTimeToAdopt } from './insights/analyses/time-to-adopt.ts'
import { analyseAdoptionFunnel, listFunnelAccounts } from './insights/analyses/adoption-funnel.ts'
import { listChangedAccounts } from './insights/analyses/changed-accounts.ts'
import { analyseWhatChanged } from './insights/analyses/what-changed.ts'
import { analyseProductHealth } from './insights/analyses/product-health.ts'
import {
  checkFileOperation,
  confirmImport,
  importOperation,
  listBatchesOperation,
  listRejectsOperation,
  readOverviewOperation,
  undoBatchOperation,
  uploadFromPath,
} from './insights/datasets/importing/operations.ts'
import { previewFile, proposeMapping } from './insights/datasets/importing/proposing.ts'
import { importJob, undoJob } from './insights/datasets/importing/jobs.ts'
import {
  listFields,
  listMappingsOperation,
  readMappingOperation,
  removeMapping,
} from './insights/datasets/mapping/operations.ts'
import {
  createSchedule,
  listScheduleRuns,
  listSchedulesOperation,
  pauseSchedule,
  removeSchedule,
  runSchedule,
  settleScheduledFile,
  updateScheduleOperation,
} from './insights/datasets/schedules/operations.ts'
import { runScheduleJob } from './insights/datasets/schedules/job.ts'
import { scheduleTick } from './insights/datasets/schedules/ticker.ts'
import {
  acknowledgeDataFinding,
  expectData,
  listDataFindings,
  readFreshness,
  readUsageDays,
} from './insights/freshness/operations.ts'
import { checkFreshnessJob } from './insights/freshness/job.ts'
import { refreshJob } from './insights/datasets/refresh-job.ts'
import { listDefinitions } from './insights/metrics/operations.ts'
import { acknowledgeAlert, listAlertsOperation, watchJob } from './insights/metrics/alerts.ts'
import { getMetric } from './insights/metrics/page.ts'
import { listPublishedOperation, publishMetric } from './insights/metrics/publishing.ts'
import {
  createMetric,
  listMeasures,
  listMetricsOperation,
  removeMetric,
  updateMetric,
} from './insights/metrics/watching.ts'
import {
  createObjective,
  listObjectivesOperation,
  removeObjective,
  updateObjectiveOperation,
} from './insights/objectives/operations.ts'
import {
  applyFeatures,
  listEventNames,
  listFeaturesOperation,
  previewRules,
  proposeFeaturesOperation,
  removeFeature,
  updateFeatureOperation,
} from './insights/features/operations.ts'
import {
  decideOperation,
  decisionOptions,
  draftDecision,
  getDecision,
  listDecisionsOperation,
  readEffectsOperation,
  readMeasureNow,
  revisitDecision,
  updateDecisionOperation,
  withdrawDecision,
} from './decisions/operations.ts'
import {
  answerRequest,
  askRequest,
  assignRequest,
  closeRequest,
  listAnswerersOperation,
  listRequestsOperation,
  readRequestFigures,
  reopenRequest,
  searchRequests,
} from './requests/operations.ts'
import {
  approveDefinition,
  getFeature,
  proposeDefinition,
  tryDefinition,
  withdrawDefinition,
} from './insights/features/definitions/operations.ts'
import {
  annotateStory,
  assignStory,
  dismissStory,
  listStoriesOperation,
  pinStory,
  restoreStory,
} from './insights/stories/operations.ts'
import { storiesJob } from './insights/stories/job.ts'
import {
  archiveWhitespaceList,
  getWhitespaceList,
  handOverWhitespace,
  listWhitespaceLists,
  saveWhitespace,
} from './insights/whitespace/operations.ts'
import { handOverJob } from './insights/whitespace/job.ts'
import { listWhitespace } from './insights/analyses/whitespace-accounts.ts'
import { analyseWhitespace } from './insights/analyses/whitespace.ts'
import { getOut, setOut, writeOutOperation } from './insights/out/operations.ts'
import { outJob } from './insights/out/job.ts'
import {
  exportView,
  listViewAccounts,
  listViewsOperation,
  openView,
  shareView,
  unshareView,
  updateViewOperation,
} from './insights/views/operations.ts'
import { listStickinessAccounts } from './insights/analyses/stickiness-accounts.ts'
import { analyseStickiness } from './insights/analyses/stickiness.ts'
import { listBreadthAccounts } from './insights/analyses/breadth-accounts.ts'
import { analyseBreadth } from './insights/analyses/breadth.ts'
import { listCohortAccounts } from './insights/analyses/cohort-accounts.ts'
import { analyseCohortRetention } from './insights/analyses/cohort-retention.ts'
import {
  addAnnotation,
  listAnnotationsOperation,
  removeAnnotation,
  updateAnnotationOperation,
} from './insights/annotations/operations.ts'
import { openSampleCompany } from './setup/sample-company/operations.ts'
import { loadSampleJob } from './setup/sample-company/job.ts'

export const operations: readonly AnyOperation[] = [
  getSession,
  createWorkspace,
  getWorkspace,
  renameWorkspace,
  openSampleCompany,
  listPeopleOperation,
  listColleagues,
  invitePerson,
  withdrawInvitation,
  changeRole,
  removePerson,
  listAuditOperation,
  listJobsOperation,
  getJob,
  cancelJob,
  retryJob,
  uploadFromPath,
  readOverviewOperation,
  previewFile,
  checkFileOperation,
  importOperation,
  confirmImport,
  listBatchesOperation,
  undoBatchOperation,
  listRejectsOperation,
  listFields,
  listMappingsOperation,
  readMappingOperation,
  proposeMapping,
  removeMapping,
  listFeaturesOperation,
  listEventNames,
  proposeFeaturesOperation,
  previewRules,
  applyFeatures,
  updateFeatureOperation,
  removeFeature,
  getFeature,
  tryDefinition,
  proposeDefinition,
  approveDefinition,
  withdrawDefinition,
  listUnmatched,
  listLinksOperation,
  linkAccounts,
  unlinkAccount,
  searchAccounts,
  listExclusionsOperation,
  countExclusion,
  addExclusion,
  removeExclusion,
  getAccountSettings,
  saveAccountSettings,
  listDefinitions,
  analysisOptions,
  analyseAdoptionRetention,
  listAccountsBehind,
  analyseMovements,
  analyseRetentionTrend,
  listDecisionsOperation,
  getDecision,
  readEffectsOperation,
  decisionOptions,
  readMeasureNow,
  draftDecision,
  updateDecisionOperation,
  decideOperation,
  revisitDecision,
  withdrawDecision,
  listRequestsOperation,
  searchRequests,
  askRequest,
  answerRequest,
  assignRequest,
  closeRequest,
  reopenRequest,
  readRequestFigures,
  listAnswerersOperation,
  analyseFeatureStates,
  analyseAdoptionTrend,
  analyseWhitespace,
  listWhitespace,
  saveWhitespace,
  listWhitespaceLists,
  getWhitespaceList,
  archiveWhitespaceList,
  handOverWhitespace,
  listStoriesOperation,
  pinStory,
  annotateStory,
  assignStory,
  dismissStory,
  restoreStory,
  analyseAssociation,
  analyseAssociationDetail,
  latestAssociationOperation,
  getNegativeControl,
  setNegativeControl,
  analyseAccount,
  analyseAccountSources,
  listMovementAccounts,
  analyseRenewals,
  listRenewalAccounts,
  analyseTimeToAdopt,
  listTimeToAdoptAccounts,
  analyseAdoptionFunnel,
  listFunnelAccounts,
  analyseNrrVariants,
  listMetricsOperation,
  listMeasures,
  getMetric,
  createMetric,
  updateMetric,
  removeMetric,
  listAlertsOperation,
  acknowledgeAlert,
  publishMetric,
  listPublishedOperation,
  listObjectivesOperation,
  createObjective,
  updateObjectiveOperation,
  removeObjective,
  analyseWhatChanged,
  listChangedAccounts,
  analyseProductHealth,
  shareView,
  listViewsOperation,
  updateViewOperation,
  unshareView,
  openView,
  listViewAccounts,
  exportView,
  getOut,
  setOut,
  writeOutOperation,
  analyseStickiness,
  listStickinessAccounts,
  analyseBreadth,
  listBreadthAccounts,
  analyseCohortRetention,
  listCohortAccounts,
  listAnnotationsOperation,
  addAnnotation,
  updateAnnotationOperation,
  removeAnnotation,
  listSchedulesOperation,
  createSchedule,
  updateScheduleOperation,
  pauseSchedule,
  runSchedule,
  settleScheduledFile,
  listScheduleRuns,
  removeSchedule,
  readFreshness,
  readUsageDays,
  expectData,
  listDataFindings,
  acknowledgeDataFinding,
]

export const ticks: Tick[] = [scheduleTick]
export const jobKinds: JobKind[] = [
  refreshJob,
  importJob,
  undoJob,
  loadSampleJob,
  associateJob,
  storiesJob,
  watchJob,
  handOverJob,
  outJob,
  runScheduleJob,
  checkFreshnessJob,
]

/** Reads of the data alone, the same for everybody of a role: their answers are kept until something changes. */
export const isKept = (op: AnyOperation): boolean =>
  op.kind === 'read' && !op.sensitive && op.name.startsWith('insights.analyses.')
