/** What opens the second step once when the device is lost: as strong as a key, so that a plain hash of it is all that is kept. */
import { createHash, randomInt } from 'node:crypto'

/** Without what is taken for one another in handwriting. */
const letters = 'abcdefghjkmnpqrstuvwxyz23456789'
const groups = 6
const groupLength = 4
const amount = 8
const mark = 'sha256:'

/** Each of 118 bits. */
export const makeRecoveryCodes = (): string[] =>
  Array.from({ length: amount }, () =>
    Array.from({ length: groups }, () =>
      Array.from({ length: groupLength }, () => letters[randomInt(letters.length)]).join(''),
    ).join('-'),
  )

/** However it is typed; what is a hash already stays as it is. */
export function hashRecoveryCode(code: string): string {
  if (code.startsWith(mark)) return code
  const plain = code.toLowerCase().replaceAll(/[^a-z0-9]/g, '')
  return mark + createHash('sha256').update(plain).digest('base64url')
}

/** For the library, which keeps its list as one text and looks for the code in it as it is given. */
export const storeRecoveryCodes = {
  encrypt: (json: string): Promise<string> =>
    Promise.resolve(JSON.stringify((JSON.parse(json) as string[]).map(hashRecoveryCode))),
  decrypt: (text: string): Promise<string> => Promise.resolve(text),
}
