/** Every verb of the product. What stands here is served over HTTP, described in OpenAPI and run by the command line. */
import type { AnyOperation } from './platform/operation.ts'
import type { JobKind } from './platform/jobs/queue.ts'
import { listAuditOperation } from './platform/audit/operations.ts'
import { cancelJob, getJob, listJobsOperation, retryJob } from './platform/jobs/operations.ts'
import { changeRole, invitePerson, listPeopleOperation, removePerson, withdrawInvitation } from './platform/people/operations.ts'
import { createWorkspace, getSession, getWorkspace, renameWorkspace } from './platform/workspaces/operations.ts'
import { analyseAdoptionRetention, analyseMovements, analyseRetentionTrend, analysisOptions, listAccountsBehind } from './insights/analyses/operations.ts'
import { refreshJob } from './insights/datasets/refresh-job.ts'
import { applyFeatures, listEventNames, listFeaturesOperation, proposeFeaturesOperation, removeFeature, updateFeatureOperation } from './insights/features/operations.ts'

export const operations: readonly AnyOperation[] = [
  getSession, createWorkspace, getWorkspace, renameWorkspace,
  listPeopleOperation, invitePerson, withdrawInvitation, changeRole, removePerson,
  listAuditOperation, listJobsOperation, getJob, cancelJob, retryJob,
  listFeaturesOperation, listEventNames, proposeFeaturesOperation, applyFeatures, updateFeatureOperation, removeFeature,
  analysisOptions, analyseAdoptionRetention, listAccountsBehind, analyseMovements, analyseRetentionTrend,
]

export const jobKinds: JobKind[] = [refreshJob]
