/** Files by paths that come with a request: whatever is wrong with such a path, there is no file of that name. */
import { statSync, type Stats } from 'node:fs'

const noFile = new Set(['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'ELOOP', 'EINVAL', 'EACCES', 'ERR_INVALID_ARG_VALUE'])

/** @returns what lies there, if it is a file */
export function fileAt(path: string): Stats | null {
  try {
    const found = statSync(path)
    return found.isFile() ? found : null
  } catch (error) {
    if (noFile.has(String((error as NodeJS.ErrnoException).code))) return null
    throw error
  }
}
