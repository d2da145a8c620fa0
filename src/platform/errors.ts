/** One error type for everything a person can be told; each face owns its table from code to status. */
export type ErrorCode =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  | 'precondition'
  | 'limit'
  | 'throttled'
  | 'unavailable'
  | 'outside'
  | 'bug'

export interface ErrorDetails {
  [key: string]: unknown
}

export class ProductError extends Error {
  readonly code: ErrorCode
  readonly details: ErrorDetails | undefined
  constructor(code: ErrorCode, message: string, options: { cause?: unknown; details?: ErrorDetails } = {}) {
    super(message, { cause: options.cause })
    this.name = 'ProductError'
    this.code = code
    this.details = options.details
  }
}

export const isProductError = (error: unknown): error is ProductError => error instanceof ProductError

export const invalid = (message: string, details?: ErrorDetails) => new ProductError('invalid', message, { details })
/** One field of the input: a form shows it there. */
export const invalidField = (path: string, message: string) =>
  invalid(`“${path}”: ${message}`, { issues: [{ path, message: `“${path}”: ${message}` }] })
export const unauthenticated = (message = 'Sign in to continue.') => new ProductError('unauthenticated', message)
export const forbidden = (message = 'Your role does not allow this. Ask an admin of the workspace.') =>
  new ProductError('forbidden', message)
export const notFound = (thing: string, id: string) =>
  new ProductError('not-found', `There is no ${thing} “${id}” in this workspace.`)
export const conflict = (message: string, details?: ErrorDetails) => new ProductError('conflict', message, { details })
export const precondition = (message: string, details?: ErrorDetails) =>
  new ProductError('precondition', message, { details })
export const limit = (message: string, details?: ErrorDetails) => new ProductError('limit', message, { details })
/** Too often; told with the time at which it opens again. */
export const throttled = (message: string, opensAt: Date) =>
  new ProductError('throttled', message, { details: { opensAt: opensAt.toISOString() } })
export const unavailable = (message: string, cause?: unknown) => new ProductError('unavailable', message, { cause })
export const outside = (message: string, cause?: unknown, details?: ErrorDetails) =>
  new ProductError('outside', message, { cause, ...(details ? { details } : {}) })
export const bug = (message: string, cause?: unknown) => new ProductError('bug', message, { cause })
