import type { ColumnType, Generated, JSONColumnType } from 'kysely'
import type { Role } from '../auth/permissions.ts'

type Time = ColumnType<Date, Date | string, Date | string>
type Json<T extends object | null> =
  | JSONColumnType<T extends object ? T : object, string, string>
  | (null extends T ? null : never)

export interface WorkspaceTable {
  id: string
  slug: string
  name: string
  currency: string
  kind: 'own' | 'sample'
  created_at: Time
  version: Generated<number>
}
export interface MemberTable {
  workspace_id: string
  user_id: string
  role: Role
  joined_at: Time
  by_group: Generated<boolean>
}
export interface MemberRemovalTable {
  workspace_id: string
  user_id: string
  removed_by: string
  removed_at: Time
}
export interface InvitationTable {
  id: string
  workspace_id: string
  email: string
  role: Role
  invited_by: string
  created_at: Time
  expires_at: Time
  accepted_at: ColumnType<Date | null, Date | null, Date | null>
}
export interface InstallationTable {
  id: number
  setup_token_hash: string | null
  setup_expires_at: ColumnType<Date | null, Date | null, Date | null>
  owner_user_id: string | null
}
export interface AccessTokenTable {
  id: string
  user_id: string
  name: string
  token_hash: string
  may_read_paths: Generated<boolean>
  created_at: Time
  last_used_at: ColumnType<Date | null, Date | null, Date | null>
}
export interface AuditTable {
  id: string
  at: Time
  workspace_id: string | null
  actor_id: string | null
  actor_name: string | null
  face: string
  operation: string
  outcome: 'done' | 'denied'
  target: string | null
}
export interface UploadTable {
  id: string
  workspace_id: string
  name: string
  size_bytes: number
  sha256: string
  outside_path: string | null
  created_by: string
  created_at: Time
}
export type JobState = 'queued' | 'running' | 'needs-confirmation' | 'done' | 'failed' | 'cancelled'
export interface JobProgress {
  label?: string
  done?: number
  total?: number | null
  unit?: string
  /** Of work in several steps: all of them in their order, the one it is at, and about how long the rest takes. */
  steps?: string[]
  step?: number
  secondsLeft?: number
}
export interface JobTable {
  id: string
  workspace_id: string
  kind: string
  input: Json<object>
  state: JobState
  progress: ColumnType<JobProgress, string | undefined, string>
  result: ColumnType<unknown, string | null | undefined, string | null>
  error: string | null
  attempts: Generated<number>
  cancel_requested: Generated<boolean>
  created_by: string
  created_at: Time
  started_at: ColumnType<Date | null, Date | null | undefined, Date | null>
  finished_at: ColumnType<Date | null, Date | null | undefined, Date | null>
}
/** From one thing to another, of any pillars; kinds are theirs. */
export interface LinkTable {
  workspace_id: string
  from_kind: string
  from_id: string
  relation: string
  to_kind: string
  to_id: string
  created_by: string
  created_at: Time
}
/** One field of one change that somebody made of a record; see `record.ts`. */
export interface RecordChangeTable {
  id: string
  workspace_id: string
  kind: string
  record_id: string
  version: number
  at: Time
  by_id: string
  by_name: string
  field: string | null
  before: ColumnType<unknown, string, string>
  after: ColumnType<unknown, string, string>
}
export interface UserTable {
  id: string
  name: string
  email: string
  emailVerified: boolean
  image: string | null
  createdAt: Date
  updatedAt: Date
  twoFactorEnabled: ColumnType<boolean | null, boolean | null | undefined, boolean | null>
}
export interface SessionTable {
  id: string
  expiresAt: Date
  token: string
  createdAt: Generated<Date>
  updatedAt: Date
  ipAddress: string | null
  userAgent: string | null
  userId: string
}
export interface SignInAccountTable {
  id: string
  accountId: string
  providerId: string
  userId: string
  accessToken: string | null
  refreshToken: string | null
  idToken: string | null
  accessTokenExpiresAt: Date | null
  refreshTokenExpiresAt: Date | null
  scope: string | null
  password: string | null
  createdAt: Generated<Date>
  updatedAt: Date
}
export interface VerificationTable {
  id: string
  identifier: string
  value: string
  expiresAt: Date
  createdAt: Generated<Date>
  updatedAt: Generated<Date>
}
export interface TwoFactorTable {
  id: string
  secret: string
  backupCodes: string
  userId: string
  verified: boolean | null
  failedVerificationCount: number | null
  lockedUntil: Date | null
}
export interface SignInBudgetTable {
  key: string
  spent_until: Time
}
export interface SignInPlaceTable {
  account: string
  address: string
  last_at: Time
}

export interface HistoryTable {
  id: string
  workspace_id: string
  kind: string
  thing_id: string
  field: string
  value: ColumnType<unknown, string, never>
  valid_from: Time
  recorded_at: Time
  place: Generated<number>
  source: string
  who: string | null
}

export interface PlatformTables {
  workspace: WorkspaceTable
  member: MemberTable
  member_removal: MemberRemovalTable
  invitation: InvitationTable
  installation: InstallationTable
  access_token: AccessTokenTable
  audit: AuditTable
  upload: UploadTable
  job: JobTable
  link: LinkTable
  record_change: RecordChangeTable
  history: HistoryTable
  auth_user: UserTable
  auth_session: SessionTable
  auth_account: SignInAccountTable
  auth_verification: VerificationTable
  auth_two_factor: TwoFactorTable
  sign_in_budget: SignInBudgetTable
  sign_in_place: SignInPlaceTable
}
