import type { WorkspaceContext } from '../platform/operation.ts'
import type { Connection } from '../platform/warehouse/warehouses.ts'

/** Asks the workspace's data: its tables alone, no file. */
export const inWarehouse = async <T>(
  { services, scope, signal }: WorkspaceContext,
  work: (con: Connection) => Promise<T>,
): Promise<T> => (await services.warehouses.open(scope.workspaceId)).ask(work, signal)
