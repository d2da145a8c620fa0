import { forbidden, invalid, precondition, ProductError, throttled, unauthenticated } from '../errors.ts'

/** What the sign-in library refuses by a code, in words that say what to do. */
export function wordsOfLibrary(status: number, code: string): ProductError {
  switch (code) {
    case 'INVALID_EMAIL_OR_PASSWORD':
    case 'INVALID_EMAIL':
      return unauthenticated('The e-mail address or the password is not right.')
    case 'INVALID_PASSWORD':
      return forbidden('The password is not right.')
    case 'CREDENTIAL_ACCOUNT_NOT_FOUND':
      return precondition('You sign in without a password, so that there is none to change.')
    case 'PASSWORD_TOO_SHORT':
      return invalid('The password needs at least 10 characters.')
    case 'PASSWORD_TOO_LONG':
      return invalid('The password may have 128 characters at most.')
    case 'INVALID_TOKEN':
    case 'USER_NOT_FOUND':
      return precondition('This link has been used or has run out. Ask for a new one.')
    case 'INVALID_CODE':
    case 'INVALID_BACKUP_CODE':
      return forbidden('The code is not right. Look for the one that is shown now.')
    case 'CODE_USED':
      return forbidden('This code has been used. Sign in again with the next one.')
    case 'INVALID_TWO_FACTOR_COOKIE':
    case 'TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE':
      return precondition('The time or the tries for the second step are used up. Sign in again.')
    case 'ACCOUNT_TEMPORARILY_LOCKED':
      return throttled('Too many wrong codes. Try again in 15 minutes.', new Date(Date.now() + 15 * 60_000))
    case 'TOTP_ALREADY_ENABLED':
      return precondition('The second step is on already. Turn it off first to set up another device.')
    case 'TOTP_NOT_ENABLED':
    case 'TWO_FACTOR_NOT_ENABLED':
    case 'BACKUP_CODES_NOT_ENABLED':
      return precondition('The second step is not turned on.')
  }
  if (status === 401) return unauthenticated()
  if (status < 500) return invalid('The sign-in did not take this. Load the page again and repeat it.')
  return new ProductError('bug', `the sign-in library answered ${status} ${code}`)
}
