/** Secrets of other systems, kept so that neither the database nor a backup of it tells them. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { precondition } from './errors.ts'

const ivBytes = 12
const tagBytes = 16

/** AES-256-GCM. `about` is what the secret belongs to; moved to another row, it does not open. `key` is 32 bytes in base64url. */
export function seal(plain: string, key: string, about: string): string {
  const iv = randomBytes(ivBytes)
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(key, 'base64url'), iv).setAAD(Buffer.from(about))
  const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
  return Buffer.concat([iv, body, cipher.getAuthTag()]).toString('base64url')
}

/** @throws precondition where the installation's own secret is another than when it was sealed */
export function unseal(sealed: string, key: string, about: string): string {
  const bytes = Buffer.from(sealed, 'base64url')
  try {
    const decipher = createDecipheriv('aes-256-gcm', Buffer.from(key, 'base64url'), bytes.subarray(0, ivBytes), {
      authTagLength: tagBytes,
    })
      .setAAD(Buffer.from(about))
      .setAuthTag(bytes.subarray(-tagBytes))
    return decipher.update(bytes.subarray(ivBytes, -tagBytes), undefined, 'utf8') + decipher.final('utf8')
  } catch (cause) {
    throw precondition(
      'The kept secret cannot be read any more, because the server’s own secret has changed. Enter it anew.',
      { cause: cause instanceof Error ? cause.name : 'unknown' },
    )
  }
}
