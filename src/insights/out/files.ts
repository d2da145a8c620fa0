/** Where the files of a workspace lie, and how they come there: under another name first, so that nobody reads half of one. */
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { renderCsv } from '../../platform/csv.ts'
import { precondition } from '../../platform/errors.ts'
import type { Services } from '../../platform/services.ts'
import { outColumns, outFiles, type OutRow } from './schemas.ts'
import { writeTables } from './warehouse.ts'

export function outFolderOf({ outFolder }: Pick<Services, 'outFolder'>, slug: string): string {
  if (!/^[a-z0-9-]+$/.test(slug)) throw new Error(`not a short name of a workspace: ${slug}`)
  return join(outFolder, slug)
}

/** @throws precondition where the server may not write there */
export async function writeOut(folder: string, rows: readonly OutRow[]): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o750 }).catch((error: NodeJS.ErrnoException) => {
    throw precondition(
      `The server cannot write to ${folder} (${error.code ?? 'no reason given'}). The operator names the folder by THROUGHLINE_OUT.`,
    )
  })
  const unfinished = join(folder, '.unfinished')
  await rm(unfinished, { recursive: true, force: true })
  await mkdir(unfinished, { mode: 0o750 })
  try {
    const lines = join(unfinished, 'rows.jsonl')
    await writeFile(lines, rows.map((row) => JSON.stringify(row)).join('\n'))
    await writeTables({
      lines,
      duckdb: join(unfinished, 'out.duckdb'),
      parquet: join(unfinished, 'metric_values.parquet'),
    })
    await writeFile(
      join(unfinished, 'metric_values.csv'),
      renderCsv(
        rows.map((row) => ({ ...row })),
        outColumns.map((c) => c.name),
      ),
    )
    for (const name of outFiles) await rename(join(unfinished, name), join(folder, name))
  } finally {
    await rm(unfinished, { recursive: true, force: true })
  }
}

export async function listOut(folder: string): Promise<{ name: string; sizeBytes: number; writtenAt: string }[]> {
  const there = await readdir(folder).catch(() => [] as string[])
  return Promise.all(
    outFiles
      .filter((name) => there.includes(name))
      .map(async (name) => {
        const { size, mtime } = await stat(join(folder, name))
        return { name, sizeBytes: size, writtenAt: mtime.toISOString() }
      }),
  )
}
