import type { WorkspaceContext } from '../operation.ts'
import type { Connection } from './warehouses.ts'

/** Asks the workspace's data: its tables alone, no file. */
export const inWarehouse = async <T>(
  { services, scope, signal }: WorkspaceContext,
  work: (con: Connection) => Promise<T>,
): Promise<T> => (await services.warehouses.open(scope.workspaceId)).ask(work, signal)
