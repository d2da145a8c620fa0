/** One process owns a data folder: the embedded stores would be corrupted in silence by a second one. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { needWritable } from '../disk.ts'
import { precondition } from '../errors.ts'
import { sayFaultAt, storageFaultOf } from '../storage-faults.ts'

export interface ServerFile {
  pid: number
  address: string | null
  startedAt: string
  command: string
}
export interface DataFolder {
  path: string
  announce: (address: string) => void
  release: () => void
}

const serverFile = (path: string) => join(path, 'server.json')

/** Holds an operating-system lock that ends with the process, however it ends. Local disks only. */
export function holdDataFolder(path: string, command: string, now: Date): DataFolder {
  needWritable(path)
  const lock = new DatabaseSync(join(path, 'lock.db'), { timeout: 0 })
  try {
    lock.exec('PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=DELETE; BEGIN EXCLUSIVE')
  } catch (cause) {
    lock.close()
    const fault = storageFaultOf(cause)
    if (fault) throw sayFaultAt(fault, join(path, 'lock.db'), cause)
    const holder = readServerFile(path)
    const who = holder
      ? `by “${holder.command}” (process ${holder.pid}${holder.address ? `, ${holder.address}` : ''}, since ${holder.startedAt})`
      : 'by another process'
    throw precondition(
      `The data folder ${path} is in use ${who}. Stop that one, or choose another folder with --data.`,
      { cause: String(cause) },
    )
  }
  const announced: ServerFile = { pid: process.pid, address: null, startedAt: now.toISOString(), command }
  const write = () => writeFileSync(serverFile(path), JSON.stringify(announced), { mode: 0o600 })
  write()
  return {
    path,
    announce(address) {
      announced.address = address
      write()
    },
    release() {
      rmSync(serverFile(path), { force: true })
      lock.close()
    },
  }
}

/** The server that holds the folder; null where none does. The file alone proves nothing: only the lock does. */
export function findServer(path: string): ServerFile | null {
  try {
    const lock = new DatabaseSync(join(path, 'lock.db'), { timeout: 0, readOnly: false })
    try {
      lock.exec('BEGIN IMMEDIATE; ROLLBACK')
      return null
    } catch {
      return readServerFile(path)
    } finally {
      lock.close()
    }
  } catch {
    return null
  }
}

function readServerFile(path: string): ServerFile | null {
  try {
    return JSON.parse(readFileSync(serverFile(path), 'utf8')) as ServerFile
  } catch {
    return null
  }
}
