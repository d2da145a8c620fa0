/** `throughline insights import DATASET FILE`: names the file, settles its mapping, starts the job, shows its progress. */
import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { invalid, precondition } from '../../platform/errors.ts'
import { readMapping } from '../../insights/datasets/mapping/mapping-file.ts'
import type { DatasetDeclaration, Datasets } from '../../insights/datasets/declaration.ts'
import type { ImportResult, Mapping, ProposedMapping } from '../../insights/datasets/schemas.ts'
import type { Client } from './client.ts'
import { table } from './render.ts'

interface JobView {
  state: string
  progress: { label?: string; done?: number; total?: number | null; unit?: string }
  result: unknown
  error: string | null
}
interface Given {
  map?: string
  source?: string
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

/** @param datasets each has a command of its own */
export function mountImports(parent: Command, shared: Shared, datasets: Datasets): void {
  const imports = parent.command('import').description('Bring a file in')
  for (const dataset of datasets) {
    shared
      .withShared(
        imports
          .command(dataset.name)
          .argument('<file>', 'CSV, Parquet, NDJSON or XLSX')
          .description(`Import ${dataset.name}`)
          .option('--map <file>', 'the mapping, as YAML; else the saved one of these columns, else the proposed one')
          .option('--source <word>', 'without --map: whose ids the file speaks, such as crm, billing or product')
          .option('--accept-rejects', 'leave out the rows that cannot be read and import the rest')
          .option('--replace-days', 'usage: replace the days that the file covers'),
      )
      .action(async (file: string, given: Given) => {
        await shared.withClient(given, (client) => importFile(client, datasets, dataset, file, given, shared))
      })
  }
}

/** Beside the commands of single operations, as its operation knows a file by its upload. */
export function mountProposedMapping(mappings: Command, shared: Shared, datasets: Datasets): void {
  shared
    .withShared(
      mappings
        .command('propose')
        .argument('<dataset>', datasets.map((d) => d.name).join(', '))
        .argument('<file>', 'CSV, Parquet, NDJSON or XLSX')
        .description('Write the mapping that a file would be imported by, to be corrected and used with --map')
        .option('--source <word>', 'whose ids the file speaks, such as crm, billing or product'),
    )
    .action(async (dataset: string, file: string, given: Given & { output?: string }) => {
      await shared.withClient(given, async (client) => {
        const workspace = await shared.workspaceOf(client, given)
        const proposed = await propose(client, workspace, dataset, file, given)
        const text = given.format === 'json' ? `${JSON.stringify(proposed, null, 2)}\n` : proposed.yaml
        if (given.output) writeFileSync(given.output, text)
        else process.stdout.write(text)
      })
    })
}

async function propose(
  client: Client,
  workspace: string,
  dataset: string,
  file: string,
  { source }: Pick<Given, 'source'>,
): Promise<ProposedMapping> {
  const upload = await client.call<{ id: string }>('uploads.fromPath', { path: resolve(file) }, { workspace })
  return client.call('insights.mappings.propose', { uploadId: upload.id, dataset, source }, { workspace })
}

interface Chosen {
  uploadId: string
  mapping: Mapping
  /** What is said of it before the import; nothing of a mapping that was given. */
  words: string
  from: 'given' | 'saved' | 'proposed'
  saveAs?: string | undefined
}

async function chooseMapping(
  client: Client,
  workspace: string,
  datasets: Datasets,
  declared: DatasetDeclaration,
  file: string,
  given: Given,
): Promise<Chosen> {
  const dataset = declared.name
  if (given.map !== undefined) {
    if (given.source !== undefined)
      throw invalid('--source goes without --map: the mapping says whose ids the file speaks.')
    const mapping = readMapping(readText(given.map), datasets)
    if (mapping.dataset !== dataset)
      throw invalid(
        `The mapping is for ${mapping.dataset}, the command for ${dataset}. Use: ./bin/throughline insights import ${mapping.dataset} …`,
      )
    const upload = await client.call<{ id: string }>('uploads.fromPath', { path: resolve(file) }, { workspace })
    return { uploadId: upload.id, mapping, words: '', from: 'given' }
  }
  const proposed = await propose(client, workspace, dataset, file, given)
  if (proposed.open.length > 0) throw invalid(whatIsOpen(proposed, dataset, file, given))
  return {
    uploadId: proposed.uploadId,
    mapping: proposed.mapping,
    words: usedMapping(declared, proposed),
    from: proposed.savedAs === null ? 'proposed' : 'saved',
    saveAs: proposed.savedAs ?? undefined,
  }
}

/** What a file says never steers the terminal. */
const plain = (text: string) => text.replaceAll(/\p{Cc}/gu, ' ')
const quoted = (text: string) => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`)

function whatIsOpen({ fileName, open, savedAs }: ProposedMapping, dataset: string, file: string, given: Given): string {
  const flags = [
    ...(given.workspace ? [`--workspace ${quoted(given.workspace)}`] : []),
    ...(given.data ? [`--data ${quoted(given.data)}`] : []),
  ]
  const command = (words: string[]) => `  ./bin/throughline insights ${[...words, ...flags].join(' ')}`
  const source = given.source ? [`--source ${quoted(given.source)}`] : []
  return [
    savedAs === null
      ? `${fileName} needs a mapping; its columns do not tell everything:`
      : `${fileName} cannot be imported by the mapping saved as “${savedAs}” alone:`,
    ...open.map((text) => `  - ${plain(text)}`),
    'Nothing was imported. Write what is known to a file, say there what is open, and import with it:',
    command(['mappings propose', dataset, quoted(file), ...source, `--output ${dataset}.yaml`]),
    command(['import', dataset, quoted(file), `--map ${dataset}.yaml`]),
  ].join('\n')
}

/** Which mapping was used, by name and by its fields. */
function usedMapping(dataset: DatasetDeclaration, { mapping, savedAs, columns, leftOut }: ProposedMapping): string {
  const used = new Set(Object.values(mapping.fields).map((f) => f.column))
  const free = columns.filter((c) => !used.has(c))
  const kept = !dataset.keys.includes('attributes') ? [] : mapping.attributes ? Object.values(mapping.attributes) : free
  const unread = free.filter((c) => !kept.includes(c))
  const rows = dataset.fields.flatMap(({ name, label }) => {
    const source = mapping.fields[name]
    if (!source) return []
    const how = [
      source.format ? `as ${source.format}` : '',
      source.timeZone ? `in ${source.timeZone}` : '',
      source.decimal === ',' ? 'with a decimal comma' : '',
      source.values ? 'by a value table' : '',
    ]
    return [
      {
        field: label,
        column: source.column ?? `always “${source.constant ?? ''}”`,
        read: how.filter(Boolean).join(', '),
      },
    ]
  })
  return [
    `${savedAs === null ? 'No mapping was given or saved for these columns; they are read as they are named' : `Read by the mapping saved as “${savedAs}”`}, with the ids of ${mapping.source}${mapping.amountIs ? `, the amount as ${mapping.amountIs}` : ''}:`,
    table(rows),
    ...(kept.length > 0 ? [plain(`Kept as attributes: ${kept.join(', ')}.`)] : []),
    ...leftOut.map((p) => plain(`Not used as ${p.field}, as that is not sure: “${p.source.column ?? ''}”.`)),
    ...(unread.length > 0 ? [plain(`Not read: ${unread.join(', ')}.`)] : []),
  ].join('\n')
}

async function importFile(
  client: Client,
  datasets: Datasets,
  dataset: DatasetDeclaration,
  file: string,
  given: Given,
  shared: Shared,
): Promise<void> {
  const workspace = await shared.workspaceOf(client, given)
  const { uploadId, mapping, words, from, saveAs } = await chooseMapping(
    client,
    workspace,
    datasets,
    dataset,
    file,
    given,
  )
  const isJson = given.format === 'json'
  if (words && !isJson) process.stdout.write(`${words}\n\n`)
  const { jobId } = await client.call<{ jobId: string }>(
    'insights.datasets.import',
    {
      uploadId,
      mapping,
      mode: given.replaceDays ? 'replace-days' : 'add',
      acceptRejects: given.acceptRejects ?? false,
      saveAs,
    },
    { workspace },
  )
  const job = await follow(client, workspace, jobId)
  if (job.state === 'failed') throw precondition(job.error ?? 'The import failed.')
  if (job.state === 'cancelled') throw precondition('The import was cancelled; nothing was changed.')
  const result = job.result as ImportResult
  if (isJson)
    process.stdout.write(
      `${JSON.stringify({ jobId, state: job.state, mapping, mappingFrom: from, ...result }, null, 2)}\n`,
    )
  else process.stdout.write(`${books(result)}\n${result.notes.map((n) => `${n}\n`).join('')}`)
  if (result.books.rejected > 0 && !isJson)
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
    throw invalid(
      `There is no mapping file ${path}. Write one with ./bin/throughline insights mappings propose, or save the one the web proposes.`,
    )
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
