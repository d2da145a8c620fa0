/** The disk under the data folder: whether it takes writes, told before a store finds out half-way. */
import { accessSync, constants, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { open, rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { sayFault, sayFaultAt, storageFaultOf, type StorageFault } from './storage-faults.ts'

export interface Disk {
  /** Before a write. @throws unavailable where there is no room left for it */
  needRoom(): Promise<void>
  /** Tries a write. @returns why it does not work, or null where it does */
  fault(): Promise<StorageFault | null>
}

/** Kept for the stores themselves, which must be able to end what they have begun: reads go on beside a full disk only so. */
export const keptFreeBytes = 64 * 1024 ** 2
const probe = '.writable'

export function watchDisk(folder: string, keptFree = keptFreeBytes): Disk {
  const isFull = async () => {
    const { bavail, bsize } = await statfs(folder)
    return bavail * bsize < keptFree
  }
  return {
    async needRoom() {
      if (await isFull()) throw sayFault('full')
    },
    async fault() {
      try {
        if (await isFull()) return 'full'
        const path = join(folder, probe)
        const file = await open(path, 'w', 0o600)
        try {
          await file.writeFile('written to see whether writing works\n')
          await file.sync()
        } finally {
          await file.close()
        }
        await rm(path)
        return null
      } catch (error) {
        return storageFaultOf(error) ?? 'broken'
      }
    },
  }
}

/** What of the folder a start opens for writing; whatever else lies there, such as a disk's own `lost+found`, is nothing to it. */
const opened = ['secret.key', 'lock.db', 'server.json', 'cli.token', 'setup.token', 'postgres', 'warehouse', 'uploads']

/**
 * Makes the data folder where there is none, and writes into it, before anything that speaks in words of its own does.
 * @throws precondition that says what cannot be written and what to do
 */
export function needWritable(folder: string): void {
  let at = folder
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    at = join(folder, probe)
    writeFileSync(at, '')
    rmSync(at)
    at = folder
    for (const name of opened) {
      at = join(folder, name)
      const found = statSync(at, { throwIfNoEntry: false })
      if (!found) continue
      // A key that nobody may change is as good.
      accessSync(at, name === 'secret.key' ? constants.R_OK : constants.R_OK | constants.W_OK)
      for (const entry of found.isDirectory() ? readdirSync(join(folder, name)) : []) {
        at = join(folder, name, entry)
        accessSync(at, constants.R_OK | constants.W_OK)
      }
    }
  } catch (error) {
    const fault = storageFaultOf(error)
    if (!fault) throw error
    throw sayFaultAt(fault, at === join(folder, probe) ? folder : at, error)
  }
}
