import { isProductError, type ErrorCode } from '../../platform/errors.ts'

const statusOf: Record<ErrorCode, 400 | 401 | 403 | 404 | 409 | 412 | 413 | 429 | 500 | 502 | 503> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  precondition: 412,
  limit: 413,
  unavailable: 503,
  outside: 502,
  bug: 500,
}

export const errorCodes = Object.keys(statusOf)

export interface ErrorBody {
  error: { code: ErrorCode; message: string; details?: unknown }
}

/** What a client may know of an error; anything that is not meant for people stays in the log. */
export function errorBody(
  error: unknown,
  requestId: string,
): { status: (typeof statusOf)[ErrorCode]; body: ErrorBody; isOurs: boolean } {
  if (isProductError(error) && error.code !== 'bug') {
    return {
      status: error.code === 'limit' && error.details?.['retryAfterSeconds'] ? 429 : statusOf[error.code],
      isOurs: false,
      body: {
        error: { code: error.code, message: error.message, ...(error.details ? { details: error.details } : {}) },
      },
    }
  }
  return {
    status: 500,
    isOurs: true,
    body: {
      error: { code: 'bug', message: `Something went wrong on our side. The server's log has it under ${requestId}.` },
    },
  }
}
