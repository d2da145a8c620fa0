/** Brings the next file of a schedule's place into the data folder, so that what is imported is what was hashed. */
import { isProductError } from '../../../platform/errors.ts'
import { newId } from '../../../platform/ids.ts'
import { unseal } from '../../../platform/sealed.ts'
import type { Services } from '../../../platform/services.ts'
import { chooseNext, listFolder, openFolder, readEntry, rootsFor, type Look } from './folder.ts'
import { findFile, listFiles, takeFile, touchFile, type StoredFile } from './queries/files.ts'
import type { Seen, StoredSchedule } from './queries/schedules.ts'

export interface Fetching {
  services: Services
  schedule: StoredSchedule
  workspace: string
  /** When the mapping was last changed. */ mappingAt: Date | null
  byPerson: boolean
  now: Date
}
export type Fetched =
  | { kind: 'file'; file: StoredFile; seen?: Seen }
  | { kind: 'nothing' | 'unchanged' | 'waiting'; said: string; seen?: Seen }
  | { kind: 'stopped'; file: StoredFile; seen?: Seen }

export const secretKey = (services: Pick<Services, 'secretFor'>): string =>
  services.secretFor('secrets of scheduled imports')

const triesAgain =
  ({ byPerson, mappingAt }: Pick<Fetching, 'byPerson' | 'mappingAt'>) =>
  (file: StoredFile) =>
    byPerson || (mappingAt !== null && mappingAt > file.at)
const isSettled = (file: StoredFile) => file.state === 'imported' || file.state === 'skipped'

/** One look at a folder: reads names and sizes, no file. */
export async function lookAtFolder(ask: Fetching): Promise<Look & { folder: string }> {
  const { services, schedule, workspace, now } = ask
  if (schedule.place.kind !== 'folder') throw new Error('not a folder')
  const folder = await openFolder(schedule.place.folder, rootsFor(services.importRoots, workspace))
  const files = await listFiles(services.db, schedule, { scheduleId: schedule.id })
  return {
    folder,
    ...chooseNext(
      await listFolder(folder, schedule.place.pattern),
      { files, seen: schedule.seen, triesAgain: triesAgain(ask) },
      now,
    ),
  }
}

export const said = (look: Look): string => {
  switch (look.kind) {
    case 'nothing':
      return look.files === 0 ? 'No file fits the pattern.' : 'No new file.'
    case 'waiting':
      return look.isNew
        ? `${look.file} is new; it is taken when it no longer changes.`
        : `${look.file} is looked at until it no longer changes.`
    case 'stopped':
      return `${look.file.name} waits for a person.`
    case 'take':
      return `${look.entry.name} is taken.`
  }
}

export async function fetchNext(ask: Fetching & { jobId: string; signal: AbortSignal }): Promise<Fetched> {
  return ask.schedule.place.kind === 'folder' ? fetchFromFolder(ask) : fetchFromUrl(ask)
}

async function fetchFromFolder(ask: Fetching & { jobId: string }): Promise<Fetched> {
  const { services, schedule, jobId, now } = ask
  // Contents that are known under another time of change are passed over, so this ends with the files.
  for (;;) {
    const look = await lookAtFolder(ask)
    const { seen } = look
    if (look.kind === 'nothing' || look.kind === 'waiting') return { kind: look.kind, said: said(look), seen }
    if (look.kind === 'stopped') return { kind: 'stopped', file: look.file, seen }
    const { entry } = look
    const saved = await services.files.save(readEntry(look.folder, entry)).catch((error: unknown) => {
      if (isProductError(error) && error.details?.['stillGrows']) return null
      throw error
    })
    if (!saved)
      return {
        kind: 'waiting',
        said: said({ kind: 'waiting', seen, file: entry.name, isNew: false }),
        seen: without(seen, entry.name),
      }
    // Newest first: a content that another one came after is news again.
    const known = (await listFiles(services.db, schedule, { scheduleId: schedule.id })).find(
      (f) => f.name === entry.name,
    )
    if (
      known?.sha256 === saved.sha256 &&
      (isSettled(known) || (known.state === 'refused' && !triesAgain(ask)(known)))
    ) {
      await services.files.remove(saved.id)
      await touchFile(services.db, known.id, { changedMs: entry.changedMs })
      continue
    }
    const file = await take(
      services,
      schedule,
      {
        jobId,
        name: entry.name,
        sha256: saved.sha256,
        sizeBytes: saved.sizeBytes,
        changedMs: entry.changedMs,
        etag: null,
        lastModified: null,
        uploadId: saved.id,
      },
      now,
    )
    return { kind: 'file', file, seen: without(seen, entry.name) }
  }
}

const without = (seen: Seen, name: string): Seen =>
  Object.fromEntries(Object.entries(seen).filter(([of]) => of !== name))

async function fetchFromUrl(ask: Fetching & { jobId: string; signal: AbortSignal }): Promise<Fetched> {
  const { services, schedule, jobId, signal, now } = ask
  const { place } = schedule
  if (place.kind !== 'url') throw new Error('not an address')
  const last = (await listFiles(services.db, schedule, { scheduleId: schedule.id }))[0] ?? null
  const mayBeSame = last !== null && (isSettled(last) || (last.state === 'refused' && !triesAgain(ask)(last)))
  const header =
    place.header && schedule.secret
      ? { name: place.header, value: unseal(schedule.secret, secretKey(services), schedule.id) }
      : null
  const download = await services.downloads.open(place.url, {
    header,
    signal,
    ...(mayBeSame ? { etag: last.etag, lastModified: last.lastModified } : {}),
  })
  const same = (file: StoredFile): Fetched =>
    file.state === 'refused'
      ? { kind: 'stopped', file }
      : { kind: 'unchanged', said: `The same as before: ${file.name}.` }
  if (download.kind === 'unchanged') return last ? same(last) : { kind: 'unchanged', said: 'The same as before.' }
  const saved = await services.files.save(download.bytes)
  if (last && mayBeSame && last.sha256 === saved.sha256) {
    await services.files.remove(saved.id)
    await touchFile(services.db, last.id, { etag: download.etag, lastModified: download.lastModified })
    return same(last)
  }
  return {
    kind: 'file',
    file: await take(
      services,
      schedule,
      {
        jobId,
        name: download.name,
        sha256: saved.sha256,
        sizeBytes: saved.sizeBytes,
        changedMs: null,
        etag: download.etag,
        lastModified: download.lastModified,
        uploadId: saved.id,
      },
      now,
    ),
  }
}

async function take(
  services: Services,
  schedule: StoredSchedule,
  file: Omit<Parameters<typeof takeFile>[2], 'id' | 'scheduleId'>,
  now: Date,
): Promise<StoredFile> {
  const before = (await listFiles(services.db, schedule, { scheduleId: schedule.id })).find(
    (f) => f.name === file.name && f.sha256 === file.sha256,
  )
  if (before?.uploadId) await services.files.remove(before.uploadId)
  const id = await takeFile(services.db, schedule, { id: newId(now.getTime()), scheduleId: schedule.id, ...file }, now)
  return (await findFile(services.db, schedule, id))!
}
