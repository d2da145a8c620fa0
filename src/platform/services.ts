/** What the outside world is to an operation or a job; made once in `main.ts`, or by a test. */
import type { Db } from './db/database.ts'
import type { KeptAnswers } from './kept-answers.ts'
import type { Warehouses } from './warehouse/warehouses.ts'
import type { JobQueue } from './jobs/queue.ts'
import type { Disk } from './disk.ts'
import type { Files } from './files/files.ts'
import type { Contents } from './files/contents.ts'
import type { Accounts } from './auth/sign-in.ts'
import type { Log } from './log.ts'
import type { Mailer } from './mail/mail.ts'
import type { WebhookSender } from './webhooks/send.ts'
import type { Downloads } from './outside/download.ts'
import type { ImportRoot } from './config.ts'
import type { Rooms } from './rooms/room.ts'

export interface Services {
  /** What the rooms of the product bring. */
  rooms: Rooms
  db: Db
  /** Opens the one PostgreSQL transaction of a write; `services.db` used inside it throws. */
  transaction: <T>(work: (tx: Db) => Promise<T>) => Promise<T>
  warehouses: Warehouses
  jobs: JobQueue
  /** Files that wait to be imported. */
  files: Files
  kept: KeptAnswers
  disk: Disk
  /** Files that are kept with a thing. */
  contents: Contents
  signIn: Accounts
  mail: Mailer
  webhooks: WebhookSender
  /** Where tables for other tools are written, a folder for each workspace within; the operator names it. */
  outFolder: string
  /** Whether the operational store is the embedded one, which no other program can open. */
  isEmbedded: boolean
  downloads: Downloads
  /** Folders below which scheduled imports may read. */
  importRoots: readonly ImportRoot[]
  /** A secret derived from the installation's own, for one purpose; nothing is stored. */
  secretFor: (purpose: string) => string
  log: Log
  now: () => Date
  /** The address people reach the product under, without a slash at the end. */
  baseUrl: () => string
  /** Tests parse every output against its schema; a live server trusts its types. */
  checkOutputs: boolean
}
