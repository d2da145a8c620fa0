import { createHash, randomBytes } from 'node:crypto'

let lastTime = 0
let made = 0

/** A UUID of version 7: sorts by the time it was made, and within a millisecond by the order in which this process made it (RFC 9562, 6.2, method 1). */
export function newId(now: number = Date.now()): string {
  made = now === lastTime ? made + 1 : 0
  lastTime = now
  const bytes = randomBytes(16)
  bytes.writeUIntBE(now, 0, 6)
  bytes.writeUInt16BE(0x7000 | Math.min(made, 0xfff), 6)
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** A secret for a link or a token; only its hash is stored. */
export const newToken = (): string => randomBytes(32).toString('base64url')
export const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex')
