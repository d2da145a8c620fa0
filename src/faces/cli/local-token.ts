/** The command line's own identity on this machine: a token in the data folder that only its owner can read. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { hashToken, newId, newToken } from '../../platform/ids.ts'
import { findToken, insertToken, installation } from '../../platform/people/queries.ts'
import type { Services } from '../../platform/services.ts'

export const tokenPath = (dataDir: string): string => join(dataDir, 'cli.token')
export const readLocalToken = (dataDir: string): string | null => (existsSync(tokenPath(dataDir)) ? readFileSync(tokenPath(dataDir), 'utf8').trim() : null)

/** Acts for the person who set the installation up; until there is one, for nobody. @returns the token, or null */
export async function ensureLocalToken(services: Services, dataDir: string): Promise<string | null> {
  const { ownerUserId } = await installation(services.db)
  if (!ownerUserId) return null
  const known = readLocalToken(dataDir)
  if (known && await findToken(services.db, hashToken(known))) return known
  const token = newToken()
  await services.transaction((tx) => insertToken(tx, { id: newId(), userId: ownerUserId, name: 'Command line on the server', tokenHash: hashToken(token), mayReadPaths: true, createdAt: services.now() }))
  writeFileSync(tokenPath(dataDir), `${token}\n`, { mode: 0o600 })
  return token
}
