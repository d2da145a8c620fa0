/** Asks for the derived tables to be brought up to date; what does that stands above, in `refresh/`. */
import type { Db } from '../../platform/db/database.ts'
import type { Services } from '../../platform/services.ts'

export const enqueueRefresh = (tx: Db, services: Services, workspaceId: string, userId: string): Promise<string> =>
  services.jobs.enqueue(tx, { workspaceId, kind: 'insights.refresh', input: {}, createdBy: userId })
