/** `throughline insights import DATASET FILE --map mapping.yaml`: names the file, starts the job, shows its progress. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { invalid, precondition } from '../../platform/errors.ts'
import { readMapping } from '../../insights/datasets/mapping/mapping-file.ts'
import { datasets, type Dataset, type ImportResult } from '../../insights/datasets/schemas.ts'
import type { Client } from './client.ts'
import { table } from './render.ts'

interface JobView {
  state: string
  progress: { label?: string; done?: number; total?: number | null; unit?: string }
  result: unknown
  error: string | null
}
interface Given {
  map: string
  acceptRejects?: boolean
  replaceDays?: boolean
  workspace?: string
  data?: string
  format?: string
}

export interface Shared {
  withClient: <T>(options: { data?: string }, work: (client: Client) => Promise<T>) => Promise<T>
  workspaceOf: (client: Client, given: { workspace?: string }) => Promise<string>
  withShared: (command: Command) => Command
}

export function mountImports(parent: Command, shared: Shared): void {
  const imports = parent.command('import').description('Bring a file in by a mapping')
  for (const dataset of datasets) {
    shared
      .withShared(
        imports
          .command(dataset)
          .argument('<file>', 'CSV, Parquet, NDJSON or XLSX')
          .description(`Import ${dataset}`)
          .requiredOption('--map <file>', 'the mapping, as YAML')
          .option('--accept-rejects', 'leave out the rows that cannot be read and import the rest')
          .option('--replace-days', 'usage: replace the days that the file covers'),
      )
      .action(async (file: string, given: Given) => {
        await shared.withClient(given, (client) => importFile(client, dataset, file, given, shared))
      })
  }
}

async function importFile(client: Client, dataset: Dataset, file: string, given: Given, shared: Shared): Promise<void> {
  const mapping = readMapping(readText(given.map))
  if (mapping.dataset !== dataset)
    throw invalid(
      `The mapping is for ${mapping.dataset}, the command for ${dataset}. Use: ./bin/throughline insights import ${mapping.dataset} …`,
    )
  const workspace = await shared.workspaceOf(client, given)
  const upload = await client.call<{ id: string }>('uploads.fromPath', { path: resolve(file) }, { workspace })
  const { jobId } = await client.call<{ jobId: string }>(
    'insights.datasets.import',
    {
      uploadId: upload.id,
      mapping,
      mode: given.replaceDays ? 'replace-days' : 'add',
      acceptRejects: given.acceptRejects ?? false,
    },
    { workspace },
  )
  const job = await follow(client, workspace, jobId)
  if (job.state === 'failed') throw precondition(job.error ?? 'The import failed.')
  if (job.state === 'cancelled') throw precondition('The import was cancelled; nothing was changed.')
  const result = job.result as ImportResult
  if (given.format === 'json')
    process.stdout.write(`${JSON.stringify({ jobId, state: job.state, ...result }, null, 2)}\n`)
  else process.stdout.write(`${books(result)}\n${result.notes.map((n) => `${n}\n`).join('')}`)
  if (result.books.rejected > 0 && given.format !== 'json')
    process.stdout.write(
      `\n${table(result.rejects.slice(0, 20).map(({ line, reason, field, value }) => ({ line, reason, field, value })))}\n`,
    )
  if (job.state === 'needs-confirmation') {
    // Nothing is left waiting that a command cannot pick up: the next run names the file again.
    await client.call('jobs.cancel', { id: jobId }, { workspace })
    throw precondition(
      `Nothing was imported: ${result.books.rejected} of ${result.books.read} rows cannot be read. Correct the file, or leave those rows out with --accept-rejects.\nAll of them, with line and reason: ./bin/throughline insights datasets rejects --job-id ${jobId} --format csv`,
    )
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    throw invalid(`There is no mapping file ${path}. Write one, or save the one the web proposes.`)
  }
}

const n = (value: number) => value.toLocaleString('en-GB')
const books = ({ books: b, firstDay, lastDay, batchId }: ImportResult) =>
  `${batchId === null ? 'It would be' : `Import ${batchId}`}: ${n(b.read)} read = ${n(b.new)} new + ${n(b.changed)} changed + ${n(b.unchanged)} unchanged + ${n(b.rejected)} rejected${firstDay ? `, ${firstDay} to ${lastDay}` : ''}`

const pollMs = 250

/** Shows progress on the error stream, one line that rewrites itself on a terminal. */
export async function follow(client: Client, workspace: string, jobId: string): Promise<JobView> {
  let shown = ''
  for (;;) {
    const job = await client.call<JobView>('jobs.get', { id: jobId }, { workspace })
    const { label, done, total, unit } = job.progress
    const line = label ? `${label}${total ? `: ${done} of ${total} ${unit ?? ''}` : ''}` : ''
    if (line && line !== shown && process.stderr.isTTY) process.stderr.write(`\r\u001b[K${line}`)
    shown = line || shown
    if (job.state !== 'queued' && job.state !== 'running') {
      if (process.stderr.isTTY && shown) process.stderr.write('\r\u001b[K')
      return job
    }
    await new Promise((resolve) => {
      setTimeout(resolve, pollMs)
    })
  }
}
