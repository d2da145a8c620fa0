/** What the system says when it cannot read or write a file, in sentences of ours: what is wrong, where, and what to do. */
import { precondition, ProductError, unavailable } from './errors.ts'

export type StorageFault = 'full' | 'read-only' | 'not-ours' | 'broken'

const byCode: Record<string, StorageFault> = {
  ENOSPC: 'full',
  EDQUOT: 'full',
  // PostgreSQL: disk full, and a store that takes no writes.
  '53100': 'full',
  '25006': 'read-only',
  EROFS: 'read-only',
  EACCES: 'not-ours',
  EPERM: 'not-ours',
  EIO: 'broken',
  '58030': 'broken',
}
/** The engines give some of it in words alone. */
const byWords: readonly [RegExp, StorageFault][] = [
  [/no space left on device|disk( is)? full|database or disk is full|disk quota exceeded/i, 'full'],
  [/read-only file system|readonly database/i, 'read-only'],
  // PostgreSQL says “permission denied for table …”, which is no file.
  [/permission denied(?! for)|unable to open database file|operation not permitted/i, 'not-ours'],
  [/input\/output error/i, 'broken'],
]

/** Which of these an error is, or what caused it; null where it is another. */
export function storageFaultOf(error: unknown): StorageFault | null {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    if (at instanceof ProductError && at.code !== 'bug') return null
    const code = byCode[String((at as { code?: unknown }).code)]
    if (code) return code
    const words = byWords.find(([pattern]) => pattern.test(at instanceof Error ? at.message : ''))
    if (words) return words[1]
  }
  return null
}

const server: Record<StorageFault, string> = {
  full: 'The server’s disk is full, so nothing can be written; what is there can still be read. Whoever runs the server frees space on it or makes it larger. Then repeat this.',
  'read-only':
    'The server’s data folder can only be read, so nothing can be written. Whoever runs the server mounts its disk for writing. Then repeat this.',
  'not-ours':
    'The server may not use one of its own files. Whoever runs the server gives its data folder to the user that the server runs as. Then repeat this.',
  broken:
    'The server’s disk does not answer as it should. Whoever runs the server looks at the disk. What was written before is in the last backup.',
}

/** What a person is told whose request met it; where it lies is the operator's to know. */
export const sayFault = (fault: StorageFault): ProductError => unavailable(server[fault])

/** What whoever starts the program is told. */
export function sayFaultAt(fault: StorageFault, path: string, cause?: unknown): ProductError {
  const user = process.getuid?.()
  const as = user === undefined ? '' : ` as user ${user}`
  const told: Record<StorageFault, string> = {
    full: `The disk that holds ${path} is full. Free space on it or make it larger, then start again.`,
    'read-only': `${path} lies on a disk that is mounted for reading only. Mount it for writing, or choose another folder with --data.`,
    'not-ours': `${path} belongs to another user: this program runs${as} and may not write there. Give the folder to that user (chown -R), start as the user it belongs to, or choose another folder with --data.`,
    broken: `${path} cannot be written: the disk reports an error of its own. Look at the disk, or choose another folder with --data.`,
  }
  return precondition(
    told[fault],
    cause === undefined ? undefined : { cause: cause instanceof Error ? cause.message : 'unknown' },
  )
}
