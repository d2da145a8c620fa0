import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { parseDocument } from 'yaml'
import { writeSample } from '../../../sample/write.ts'
import { datasets } from '../../operations.ts'
import { invalid, precondition } from '../../platform/errors.ts'
import { unwrap, openClient } from './client.ts'
import { follow, mountImports, mountProposedMapping, type Shared } from './imports.ts'

/** Commands that are more than one operation. */
export function mountComposed(program: Command, shared: Shared & { parentOf: (words: string[]) => Command }): void {
  mountImports(shared.parentOf(['insights']), shared, datasets)
  mountProposedMapping(shared.parentOf(['insights', 'mappings']), shared, datasets)
  mountSample(program, shared)
  mountFeatureFile(shared.parentOf(['insights', 'features']), shared)
  program
    .command('set-up')
    .description('Become the owner of this installation without a browser; the password is read from standard input')
    .requiredOption('--name <name>', 'your name')
    .requiredOption('--email <address>', 'the address you sign in with')
    .option('--data <folder>', 'data folder, default ./data')
    .action(async (options: { name: string; email: string; data?: string }) => {
      const client = await openClient({ data: options.data, withoutPerson: true })
      try {
        await unwrap(
          await client.request('/api/setup', {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify({
              token: await client.setupToken(),
              name: options.name,
              email: options.email,
              password: await readSecret(),
            }),
          }),
        )
        process.stdout.write('Done. The command line now acts for you.\n')
      } finally {
        await client.close()
      }
    })
}

function mountSample(program: Command, shared: Shared): void {
  program
    .command('sample')
    .description('Write the sample company as files with their mappings, or open it in a workspace of its own')
    .option('--seed <n>', 'the same seed gives the same company', '1')
    .option('--scale <n>', '1 is 600 accounts and some 440,000 events', '1')
    .option('--out <folder>', 'where to write the files', './sample-data')
    .option('--truths', 'print what was planted')
    .option('--open', 'load it into the sample workspace instead of writing files')
    .option('--data <folder>', 'data folder, default ./data')
    .action(
      async (given: { seed: string; scale: string; out: string; truths?: boolean; open?: boolean; data?: string }) => {
        const seed = positive('seed', given.seed)
        const scale = positive('scale', given.scale)
        if (given.open)
          return shared.withClient(given, async (client) => {
            const { slug, jobId } = await client.call<{ slug: string; jobId: string | null }>(
              'setup.sampleCompany.open',
              { seed, scale },
            )
            const job = jobId ? await follow(client, slug, jobId) : null
            if (job && job.state !== 'done')
              throw precondition(job.error ?? `Loading the sample company ended as ${job.state}.`)
            process.stdout.write(
              `The sample company is open: ./bin/throughline insights analyse adoption-retention --workspace ${slug}\n`,
            )
          })
        const written = await writeSample(given.out, {
          seed,
          scale,
          onProgress: (done, total) => {
            if (process.stderr.isTTY) process.stderr.write(`\r\u001b[KMonth ${done} of ${total}`)
          },
        })
        if (process.stderr.isTTY) process.stderr.write('\r\u001b[K')
        process.stdout.write(
          `${written.accounts} accounts and ${written.events.toLocaleString('en-GB')} events are in ${given.out}. To import them:\n${written.files.map((f) => `  ./bin/throughline insights import ${f.dataset} ${join(given.out, f.file)} --map ${join(given.out, f.mapping)}\n`).join('')}  ./bin/throughline insights features import ${join(given.out, 'features.yaml')}\n`,
        )
        if (given.truths)
          process.stdout.write(
            `\n${written.truths
              .map(
                (t) =>
                  `${t.text}\n  ${Object.entries(t.facts)
                    .map(([key, value]) => `${key}: ${Array.isArray(value) ? value.join(', ') : value}`)
                    .join('; ')}\n`,
              )
              .join('')}`,
          )
      },
    )
}

function positive(name: string, text: string): number {
  const n = Number(text)
  if (!(n > 0)) throw invalid(`--${name}: “${text}” is not a number above 0.`)
  return n
}

function mountFeatureFile(features: Command, shared: Shared): void {
  shared
    .withShared(
      features
        .command('import')
        .argument('<file>', 'YAML: a list of name, area, isCore, releasedOn, rules')
        .description('Make or change features from a file'),
    )
    .action(async (file: string, given: { workspace?: string; data?: string }) =>
      shared.withClient(given, async (client) => {
        const document = parseDocument(readFileSync(file, 'utf8'))
        if (document.errors[0]) throw invalid(`${file} is not YAML: ${document.errors[0].message}`)
        const workspace = await shared.workspaceOf(client, given)
        const { created, changed, jobId } = await client.call<{ created: number; changed: number; jobId: string }>(
          'insights.features.apply',
          { features: document.toJS({ maxAliasCount: 0 }) as unknown },
          { workspace },
        )
        await follow(client, workspace, jobId)
        process.stdout.write(`${created} made, ${changed} changed.\n`)
      }),
    )
}

async function readSecret(): Promise<string> {
  if (process.stdin.isTTY) process.stderr.write('Password (it will be shown): ')
  let text = ''
  for await (const chunk of process.stdin) {
    text += String(chunk)
    if (text.includes('\n')) break
  }
  return text.split(/\r?\n/)[0] ?? ''
}
