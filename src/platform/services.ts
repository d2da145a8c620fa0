/** What the outside world is to an operation or a job; made once in `main.ts`, or by a test. */
import type { Db } from './db/database.ts'
import type { Warehouses } from './warehouse/warehouses.ts'
import type { JobQueue } from './jobs/queue.ts'
import type { Files } from './files/files.ts'
import type { Accounts } from './auth/sign-in.ts'
import type { Log } from './log.ts'

export interface Services {
  db: Db
  /** Opens the one PostgreSQL transaction of a write; `services.db` used inside it throws. */
  transaction: <T>(work: (tx: Db) => Promise<T>) => Promise<T>
  warehouses: Warehouses
  jobs: JobQueue
  files: Files
  signIn: Accounts
  log: Log
  now: () => Date
  /** The address people reach the product under, without a slash at the end. */
  baseUrl: () => string
  /** Tests parse every output against its schema; a live server trusts its types. */
  checkOutputs: boolean
}
