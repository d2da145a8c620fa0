import { room } from './rooms/room.ts'
import {
  endOtherSessions,
  endSession,
  getAccount,
  getSignInWays,
  makeResetLink,
  signOutPerson,
  takeSecondStepOff,
} from './auth/operations.ts'
import { listAuditOperation } from './audit/operations.ts'
import { listJobsOperation, getJob, cancelJob, retryJob } from './jobs/operations.ts'
import {
  listPeopleOperation,
  listColleagues,
  invitePerson,
  withdrawInvitation,
  changeRole,
  removePerson,
} from './people/operations.ts'
import { sweepFilesJob } from './files/job.ts'
import { joinWorkspace, readInvitation } from './people/joining.ts'
import { openLink } from './link-tokens/operations.ts'
import { sendOutboxJob } from './outbox/job.ts'
import { listOutbox, releaseMessage } from './outbox/operations.ts'
import { reactJob } from './outbox/reactions.ts'
import { getSession, createWorkspace, getWorkspace, renameWorkspace } from './workspaces/operations.ts'

/** Signing in, workspaces, people, audit, jobs. */
export const platform = room({
  name: 'platform',
  operations: [
    getSession,
    getSignInWays,
    getAccount,
    endSession,
    endOtherSessions,
    makeResetLink,
    signOutPerson,
    takeSecondStepOff,
    createWorkspace,
    getWorkspace,
    renameWorkspace,
    listPeopleOperation,
    listColleagues,
    invitePerson,
    withdrawInvitation,
    changeRole,
    removePerson,
    openLink,
    readInvitation,
    joinWorkspace,
    listOutbox,
    releaseMessage,
    listAuditOperation,
    listJobsOperation,
    getJob,
    cancelJob,
    retryJob,
  ],
  jobs: [sendOutboxJob, reactJob, sweepFilesJob],
})
