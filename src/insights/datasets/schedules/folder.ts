/** What lies in a folder of the server, below one that its operator allows, and which file is the next to take. */
import { constants, type Stats } from 'node:fs'
import { lstat, open, readdir, realpath, stat } from 'node:fs/promises'
import { isAbsolute, join, relative, resolve, sep } from 'node:path'
import type { ImportRoot } from '../../../platform/config.ts'
import { invalid, limit, precondition } from '../../../platform/errors.ts'
import { fits } from '../../../platform/glob.ts'
import type { StoredFile } from './queries/files.ts'
import type { Seen } from './queries/schedules.ts'

const isBelow = (path: string, root: string): boolean => {
  const way = relative(root, path)
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way))
}

export const rootsFor = (roots: readonly ImportRoot[], workspace: string): string[] =>
  roots.filter((r) => r.workspace === null || r.workspace === workspace).map((r) => r.path)

/**
 * The folder's real path. What lies outside is refused before the disk is asked, so that nobody learns what is there.
 * @throws invalid, precondition where it is gone
 */
export async function openFolder(folder: string, roots: readonly string[]): Promise<string> {
  if (roots.length === 0)
    throw invalid(
      '“folder”: no folder of the server may be read. Whoever runs the server can allow some by THROUGHLINE_IMPORT_ROOTS.',
    )
  const outside = () => invalid(`“folder”: ${folder} lies outside of what may be read: ${roots.join(', ')}.`)
  if (!isAbsolute(folder) || folder.includes('\0') || folder.split(/[\\/]/).includes('..')) throw outside()
  if (!roots.some((root) => isBelow(resolve(folder), root))) throw outside()
  const real = await realpath(folder).catch(() => null)
  if (real === null || !(await stat(real)).isDirectory())
    throw precondition(`There is no folder ${folder} on the server.`)
  const allowed = await Promise.all(roots.map((root) => realpath(root).catch(() => root)))
  if (!allowed.some((root) => isBelow(real, root))) throw outside()
  return real
}

export interface Entry {
  name: string
  size: number
  changedMs: number
}
const most = 20_000
const changedMsOf = (of: Pick<Stats, 'mtimeMs'>) => Math.trunc(of.mtimeMs)

/** Files that the pattern fits, in order of name. Folders within, hidden files and links to elsewhere are left alone. */
export async function listFolder(folder: string, pattern: string): Promise<Entry[]> {
  const names = (await readdir(folder))
    .filter((name) => !name.startsWith('.') && fits(pattern, name))
    .sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  if (names.length > most)
    throw limit(
      `The folder holds more than ${most.toLocaleString('en-GB')} files that fit. Move old ones away, or narrow the pattern.`,
    )
  const entries = await Promise.all(
    names.map(async (name) => {
      const of = await lstat(join(folder, name)).catch(() => null)
      return of?.isFile() ? { name, size: of.size, changedMs: changedMsOf(of) } : null
    }),
  )
  return entries.filter((e) => e !== null)
}

/** A file is whole when two looks, at least this far apart, found it the same. */
const quietMs = 30_000

export type Look =
  | { kind: 'nothing'; seen: Seen; files: number }
  /** A file still grows, or was seen for the first time; what follows it waits, because order matters. */
  | { kind: 'waiting'; seen: Seen; file: string; isNew: boolean }
  | { kind: 'stopped'; seen: Seen; file: StoredFile }
  | { kind: 'take'; seen: Seen; entry: Entry }

export interface Known {
  files: readonly StoredFile[]
  seen: Seen
  /** Refused files are tried again: a person asks, or the mapping changed since. */ triesAgain: (
    file: StoredFile,
  ) => boolean
}

/** Pure. Which file comes next; each content of each name once. */
export function chooseNext(entries: readonly Entry[], known: Known, now: Date): Look {
  const same = (f: StoredFile, e: Entry) => f.name === e.name && f.sizeBytes === e.size && f.changedMs === e.changedMs
  const seen: Seen = {}
  let first: Look | null = null
  for (const entry of entries) {
    const of = known.files.find((f) => same(f, entry))
    if (of && (of.state === 'imported' || of.state === 'skipped')) continue
    const before = known.seen[entry.name]
    const isSame = before?.size === entry.size && before.changedMs === entry.changedMs
    seen[entry.name] = isSame ? before : { size: entry.size, changedMs: entry.changedMs, at: now.toISOString() }
    if (first) continue
    if (of?.state === 'refused')
      first = known.triesAgain(of) ? { kind: 'take', seen, entry } : { kind: 'stopped', seen, file: of }
    else if (!isSame || now.getTime() - Date.parse(before.at) < quietMs)
      first = { kind: 'waiting', seen, file: entry.name, isNew: before === undefined }
    else first = { kind: 'take', seen, entry }
  }
  return first ?? { kind: 'nothing', seen, files: entries.length }
}

/** The bytes of a file as it was seen; following no link. @throws precondition where it has changed since */
export async function* readEntry(folder: string, entry: Entry): AsyncIterable<Uint8Array> {
  const file = await open(join(folder, entry.name), constants.O_RDONLY | constants.O_NOFOLLOW)
  try {
    const unchanged = async () => {
      const now = await file.stat()
      if (!now.isFile() || now.size !== entry.size || changedMsOf(now) !== entry.changedMs) throw stillGrows(entry.name)
    }
    await unchanged()
    for await (const chunk of file.createReadStream({ highWaterMark: 1 << 20, autoClose: false }))
      yield chunk as Uint8Array
    await unchanged()
  } finally {
    await file.close()
  }
}

const stillGrows = (name: string) =>
  precondition(`${name} changed while it was read; it is looked at again in a minute.`, { stillGrows: true })
