import { datasets } from './datasets/declared/list.ts'
import { shareables } from './withholding/shareables.ts'
import { things } from './things.ts'
import { room } from '../platform/rooms/room.ts'
import {
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
} from './accounts/operations.ts'
import { analyseAccount } from './analyses/account/operations.ts'
import { analyseAccountSources } from './analyses/account/sources.ts'
import { analyseAdoptionFunnel, listFunnelAccounts } from './analyses/adoption-funnel/operations.ts'
import { analyseAdoptionRetention, listAccountsBehind } from './analyses/adoption-retention/operations.ts'
import { analyseAdoptionTrend } from './analyses/adoption-trend/operations.ts'
import { associateJob } from './analyses/association/job.ts'
import {
  analyseAssociation,
  analyseAssociationDetail,
  latestAssociationOperation,
  getNegativeControl,
  setNegativeControl,
} from './analyses/association/operations.ts'
import { listBreadthAccounts } from './analyses/breadth/accounts.ts'
import { analyseBreadth } from './analyses/breadth/operations.ts'
import { listCohortAccounts } from './analyses/cohorts/accounts.ts'
import { analyseCohortRetention } from './analyses/cohorts/operations.ts'
import { analyseFeatureStates } from './analyses/feature-states/operations.ts'
import { analyseNrrVariants } from './analyses/nrr-variants/operations.ts'
import { analysisOptions } from './analyses/options/operations.ts'
import { analyseProductHealth } from './analyses/product-health/operations.ts'
import { analyseRenewals, listRenewalAccounts } from './analyses/renewals/operations.ts'
import { listMovementAccounts } from './analyses/revenue/accounts.ts'
import { analyseMovements, analyseRetentionTrend } from './analyses/revenue/operations.ts'
import { listStickinessAccounts } from './analyses/stickiness/accounts.ts'
import { analyseStickiness } from './analyses/stickiness/operations.ts'
import { listTimeToAdoptAccounts } from './analyses/time-to-adopt/accounts.ts'
import { analyseTimeToAdopt } from './analyses/time-to-adopt/operations.ts'
import { listChangedAccounts } from './analyses/what-changed/accounts.ts'
import { analyseWhatChanged } from './analyses/what-changed/operations.ts'
import { listWhitespace } from './analyses/whitespace/accounts.ts'
import { analyseWhitespace } from './analyses/whitespace/operations.ts'
import {
  listAnnotationsOperation,
  addAnnotation,
  updateAnnotationOperation,
  removeAnnotation,
} from './annotations/operations.ts'
import {
  uploadFromPath,
  readOverviewOperation,
  checkFileOperation,
  importOperation,
  confirmImport,
  listBatchesOperation,
  undoBatchOperation,
  listRejectsOperation,
} from './datasets/importing/operations.ts'
import { previewFile, proposeMapping } from './datasets/importing/proposing.ts'
import {
  listFields,
  listMappingsOperation,
  readMappingOperation,
  removeMapping,
} from './datasets/mapping/operations.ts'
import {
  listSchedulesOperation,
  createSchedule,
  updateScheduleOperation,
  pauseSchedule,
  runSchedule,
  settleScheduledFile,
  listScheduleRuns,
  removeSchedule,
} from './datasets/schedules/operations.ts'
import { scheduleTick } from './datasets/schedules/ticker.ts'
import { listDefinitions } from './definitions/operations.ts'
import {
  getFeature,
  tryDefinition,
  proposeDefinition,
  approveDefinition,
  withdrawDefinition,
} from './features/definitions/operations.ts'
import {
  listFeaturesOperation,
  listEventNames,
  proposeFeaturesOperation,
  previewRules,
  applyFeatures,
  updateFeatureOperation,
  removeFeature,
} from './features/operations.ts'
import { checkFreshnessJob } from './freshness/job.ts'
import {
  readFreshness,
  readUsageDays,
  expectData,
  listDataFindings,
  acknowledgeDataFinding,
} from './freshness/operations.ts'
import { outJob } from './out/job.ts'
import { getOut, setOut, writeOutOperation } from './out/operations.ts'
import { refreshJob } from './refresh/job.ts'
import { storiesJob } from './stories/job.ts'
import {
  listStoriesOperation,
  pinStory,
  annotateStory,
  assignStory,
  dismissStory,
  restoreStory,
} from './stories/operations.ts'
import { listAlertsOperation, acknowledgeAlert, watchJob } from './targets/alerts.ts'
import {
  listObjectivesOperation,
  createObjective,
  updateObjectiveOperation,
  removeObjective,
} from './targets/objectives.ts'
import { wins } from './whitespace/wins.ts'
import { measureKinds } from './targets/measures.ts'
import { getMetric } from './targets/page.ts'
import { publishMetric, listPublishedOperation } from './targets/publishing.ts'
import { listMetricsOperation, listMeasures, createMetric, updateMetric, removeMetric } from './targets/watching.ts'
import { handOverJob } from './whitespace/job.ts'
import {
  saveWhitespace,
  listWhitespaceLists,
  getWhitespaceList,
  archiveWhitespaceList,
  handOverWhitespace,
} from './whitespace/operations.ts'
import { importJob, runScheduleJob, undoJob } from './refresh/import-jobs.ts'
import { hasFigures } from './targets/queries/metrics.ts'
import { isAfterRefresh } from './out/queries.ts'

/** The first pillar: revenue, usage and adoption, joined. */
export const insights = room({
  name: 'insights',
  operations: [
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
  ],
  jobs: [
    refreshJob,
    importJob,
    undoJob,
    associateJob,
    storiesJob,
    watchJob,
    handOverJob,
    outJob,
    runScheduleJob,
    checkFreshnessJob,
  ],
  ticks: [scheduleTick],
  measures: measureKinds,
  wins,
  things,
  shareables,
  datasets,
  afterRefresh: [
    { kind: 'insights.associate', isNeeded: null },
    { kind: 'insights.stories', isNeeded: null },
    { kind: 'insights.watch', isNeeded: hasFigures },
    { kind: 'insights.out', isNeeded: isAfterRefresh },
    { kind: 'insights.checkFreshness', isNeeded: null },
  ],
})
