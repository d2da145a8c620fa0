/** Every operation as a command, and the few that are more than one operation. */
import { writeFileSync } from 'node:fs'
import { Command } from 'commander'
import { invalid, isProductError, type ErrorCode } from '../../platform/errors.ts'
import { isPermission, type AnyOperation } from '../../platform/operation.ts'
import { operations } from '../../operations.ts'
import { version } from '../../start.ts'
import { openClient, unwrap, type Client } from './client.ts'
import { mountComposed } from './composed.ts'
import { commandWords, flagsOf, readFlags } from './flags.ts'
import { readable } from './render.ts'

export interface Shared {
  workspace?: string
  data?: string
  format?: 'table' | 'json' | 'csv'
  output?: string
  link?: string
}

const exitOf: Record<ErrorCode, number> = {
  invalid: 2,
  unauthenticated: 3,
  forbidden: 3,
  'not-found': 4,
  conflict: 5,
  precondition: 5,
  limit: 6,
  throttled: 6,
  unavailable: 7,
  outside: 7,
  bug: 1,
}

const program = new Command('throughline')
  .description('Product Operations, self-hosted')
  .version(version)
  // Else --version of a command, which names the version of a thing, would print that of the program.
  .enablePositionalOptions()
  .showHelpAfterError()
  .exitOverride(({ exitCode }) => {
    process.exit(exitCode === 0 ? 0 : exitOf.invalid)
  })

program
  .command('start')
  .description('Serve the product')
  .option('--port <n>', 'port, default 4400')
  .option('--data <folder>', 'data folder, default ./data')
  // In this process, so that whoever stops the command stops the server; main.ts reads the same flags.
  .action(async () => {
    await import('../../main.ts')
  })

for (const op of operations) mountOperation(op)
mountComposed(program, { parentOf, withClient, workspaceOf, withShared })

function parentOf(words: string[]): Command {
  return words.reduce(
    (parent, word) => parent.commands.find((c) => c.name() === word) ?? parent.command(word).description(''),
    program,
  )
}

function mountOperation(op: AnyOperation): void {
  const words = commandWords(op)
  if (!words) return
  const flags = flagsOf(op)
  const command = parentOf(words.slice(0, -1)).command(words.at(-1)!).description(op.summary)
  for (const flag of flags) {
    const spec =
      flag.type === 'boolean' ? `--${flag.name}` : `--${flag.name} <${flag.type === 'number' ? 'n' : flag.type}>`
    if (flag.required) command.requiredOption(spec, flag.description)
    else command.option(spec, flag.description)
  }
  if (op.may === 'link') command.requiredOption('--link <address>', 'the link, as it came')
  withShared(command).action(async (given: Record<string, unknown> & Shared) => {
    await withClient(given, async (client) => {
      await show(client, op, readFlags(flags, given), given)
    })
  })
}

function withShared(command: Command): Command {
  return command
    .option('--workspace <name>', 'short name of the workspace; may be left out where there is one')
    .option('--data <folder>', 'data folder, default ./data')
    .option('--format <format>', 'table, json or csv', 'table')
    .option('--output <file>', 'write to a file instead of the screen')
}

async function withClient<T>(options: { data?: string }, work: (client: Client) => Promise<T>): Promise<T> {
  const client = await openClient({ data: options.data })
  try {
    return await work(client)
  } finally {
    await client.close()
  }
}

/** The workspace that was named, or the only one there is. */
async function workspaceOf(client: Client, given: { workspace?: string }): Promise<string> {
  if (given.workspace) return given.workspace
  const { workspaces } = await client.call<{ workspaces: { slug: string; kind: string }[] }>('session.get', {})
  const own = workspaces.filter((w) => w.kind === 'own')
  const only = own.length === 1 ? own[0] : workspaces.length === 1 ? workspaces[0] : undefined
  if (!only)
    throw invalid(
      workspaces.length === 0
        ? 'There is no workspace yet. Make one: ./bin/throughline workspaces create --name NAME'
        : `Say which workspace is meant with --workspace: ${workspaces.map((w) => w.slug).join(', ')}.`,
    )
  return only.slug
}

async function show(client: Client, op: AnyOperation, input: unknown, given: Shared): Promise<void> {
  const workspace = isPermission(op.may) ? await workspaceOf(client, given) : undefined
  if (given.format === 'csv') {
    if (!op.csv) throw invalid('This command has no table to give as CSV. Use --format json.')
    const response = await client.request(
      `/api/${op.name}.csv?input=${encodeURIComponent(JSON.stringify(input))}${workspace ? `&workspace=${encodeURIComponent(workspace)}` : ''}`,
    )
    if (!response.ok) await unwrap(response)
    // Reading it as text drops the byte-order mark: a pipe is better without, a file for spreadsheets needs it.
    const text = await response.text()
    return put(given.output ? `\uFEFF${text}` : text, given)
  }
  const output = await client.call<never>(op.name, input, { workspace, link: given.link?.split('/l/').at(-1) })
  if (given.format === 'json') return put(`${JSON.stringify(output, null, 2)}\n`, given)
  const sentence = output as { sentence?: { text: string; caveat: string } }
  const head = sentence.sentence ? `${sentence.sentence.text}\n${sentence.sentence.caveat}\n\n` : ''
  put(`${head}${readable(op.csv ? { rows: op.csv.rows(output) } : output)}\n`, given)
}

function put(text: string, given: Shared): void {
  if (given.output) writeFileSync(given.output, text)
  else process.stdout.write(text)
}

// Who reads no further, such as head, has seen enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

program.parseAsync().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = isProductError(error) ? exitOf[error.code] : 1
})
