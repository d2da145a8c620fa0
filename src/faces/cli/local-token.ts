/** The command line's own identity on this machine: a token in the data folder that only its owner can read. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { hashToken, newId, newToken } from '../../platform/ids.ts'
import { findToken, insertToken, installation, setSetupToken } from '../../platform/people/queries.ts'
import type { Services } from '../../platform/services.ts'

const tokenPath = (dataDir: string): string => join(dataDir, 'cli.token')
export const readLocalToken = (dataDir: string): string | null =>
  existsSync(tokenPath(dataDir)) ? readFileSync(tokenPath(dataDir), 'utf8').trim() : null

/** Acts for the person who set the installation up; until there is one, for nobody. @returns the token, or null */
export async function ensureLocalToken(services: Services, dataDir: string): Promise<string | null> {
  const { ownerUserId } = await installation(services.db)
  if (!ownerUserId) return null
  const known = readLocalToken(dataDir)
  if (known && (await findToken(services.db, hashToken(known)))) return known
  const token = newToken()
  await services.transaction((tx) =>
    insertToken(tx, {
      id: newId(),
      userId: ownerUserId,
      name: 'Command line on the server',
      tokenHash: hashToken(token),
      mayReadPaths: true,
      createdAt: services.now(),
    }),
  )
  writeFileSync(tokenPath(dataDir), `${token}\n`, { mode: 0o600 })
  return token
}

const setupHours = 24
const setupPath = (dataDir: string) => join(dataDir, 'setup.token')
export const readSetupToken = (dataDir: string): string | null =>
  existsSync(setupPath(dataDir)) ? readFileSync(setupPath(dataDir), 'utf8').trim() : null

/** A new one-time set-up link; an older one stops working. */
export async function makeSetupToken(services: Services, dataDir: string): Promise<string> {
  const token = newToken()
  await setSetupToken(services.db, hashToken(token), new Date(services.now().getTime() + setupHours * 3_600_000))
  writeFileSync(setupPath(dataDir), `${token}\n`, { mode: 0o600 })
  return token
}
