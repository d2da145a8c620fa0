import { isProductError, type ErrorCode, type ProductError } from '../../platform/errors.ts'
import { sayFault, storageFaultOf } from '../../platform/storage-faults.ts'

/** Of addresses that are too long: where they are too long for any operation, no table of its errors has it. */
export const tooLongStatus = 414

/** Of a limit that opens again after a while. */
export const tooOftenStatus = 429

export const statusOf: Record<ErrorCode, 400 | 401 | 403 | 404 | 409 | 412 | 413 | 429 | 500 | 502 | 503> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  precondition: 412,
  limit: 413,
  throttled: 429,
  unavailable: 503,
  outside: 502,
  bug: 500,
}

export const errorCodes = Object.keys(statusOf)

export interface ErrorBody {
  error: { code: ErrorCode; message: string; details?: unknown }
}

const told = (error: ProductError) => ({
  status: error.code === 'limit' && error.details?.['retryAfterSeconds'] ? tooOftenStatus : statusOf[error.code],
  body: { error: { code: error.code, message: error.message, ...(error.details ? { details: error.details } : {}) } },
})

/** What a client may know of an error; anything that is not meant for people stays in the log. */
export function errorBody(
  error: unknown,
  requestId: string,
): { status: (typeof statusOf)[ErrorCode]; body: ErrorBody; isOurs: boolean } {
  if (isProductError(error) && error.code !== 'bug') return { ...told(error), isOurs: false }
  const fault = storageFaultOf(error)
  if (fault) return { ...told(sayFault(fault)), isOurs: true }
  return {
    status: 500,
    isOurs: true,
    body: {
      error: { code: 'bug', message: `Something went wrong on our side. The server's log has it under ${requestId}.` },
    },
  }
}
