import { proveScope, type Scope } from '../../src/platform/scope.ts'

/** For tests that ask the queries themselves. */
export const scopeOf = (workspaceId: string): Scope => proveScope({ workspaceId })
