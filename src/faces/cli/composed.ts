import type { Command } from 'commander'
import { unwrap, openClient } from './client.ts'

/** Commands that are more than one operation. */
export function mountComposed(program: Command, _parentOf: (words: string[]) => Command): void {
  program.command('set-up').description('Become the owner of this installation without a browser; the password is read from standard input')
    .requiredOption('--name <name>', 'your name').requiredOption('--email <address>', 'the address you sign in with').option('--data <folder>', 'data folder, default ./data')
    .action(async (options: { name: string; email: string; data?: string }) => {
      const client = await openClient({ data: options.data, withoutPerson: true })
      try {
        await unwrap(await client.request('/api/setup', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ token: await client.setupToken(), name: options.name, email: options.email, password: await readSecret() }) }))
        process.stdout.write('Done. The command line now acts for you.\n')
      } finally { await client.close() }
    })
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
