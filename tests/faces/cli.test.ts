/** The command line as a black box, in the order in which somebody without a browser would type it. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
let folder: string
let data: string
let server: ChildProcess | null = null
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'throughline-cli-'))
  data = join(folder, 'data')
  await writeFile(
    join(folder, 'users.yaml'),
    'dataset: users\nsource: product\nfields:\n  id: user_id\n  account: account_id\n',
  )
  await writeFile(join(folder, 'users.csv'), 'user_id,account_id\nu1,a1\nu2,\nu3,=a3\n')
})
afterAll(async () => {
  server?.kill('SIGKILL')
  await rm(folder, { recursive: true, force: true })
})

// Each command is a process that opens the stores; on a busy machine that takes its time.
vi.setConfig({ testTimeout: 180_000 })

interface Ended {
  code: number | null
  out: string
  err: string
}
const environment = { PATH: process.env['PATH'], HOME: process.env['HOME'], LOG_LEVEL: 'warn' }

function run(
  args: string[],
  input = '',
  program = join(root, 'bin', 'throughline'),
): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program, ...args], {
    cwd: folder,
    env: environment,
    stdio: 'pipe',
  })
  let out = ''
  let err = ''
  child.stdout.on('data', (chunk) => {
    out += String(chunk)
  })
  child.stderr.on('data', (chunk) => {
    err += String(chunk)
  })
  child.stdin.end(input)
  return { child, ended: once(child, 'exit').then(([code]) => ({ code: code as number | null, out, err })) }
}
/** The command that starts the server, when it has said so much. */
async function startServer(until: string) {
  const { child, ended } = run(['start', '--port', '0', '--data', data])
  server = child
  let said = ''
  child.stdout!.on('data', (chunk) => {
    said += String(chunk)
  })
  while (!said.includes(until)) await once(child.stdout!, 'data')
  return { child, ended, said }
}
const throughline = (...args: string[]) => run([...args, '--data', data]).ended

test('a server asked for what it does not know says what it knows, and starts nothing', async () => {
  const server = (...args: string[]) => run(args, '', join(root, 'src', 'main.ts')).ended
  for (const [args, word] of [
    [['--prot', '0'], "'--prot'"],
    [['4500'], "'4500'"],
    [['--data', data, '--port'], "'--port"],
  ] as const) {
    const { code, out, err } = await server(...args)
    expect([code, out]).toEqual([1, ''])
    expect(err).toContain(word)
    expect(err).toContain('npm start -- [--port N] [--data DIR]')
    expect(err).not.toContain('    at ')
  }
  const { code, out } = await server('--help')
  expect([code, out]).toEqual([0, expect.stringContaining('docs/guides/operator.md')])
  await expect(stat(data)).rejects.toThrow()
})

test('a fresh folder: a command says what is to be done first, and its exit code says that it was not done', async () => {
  const { code, err } = await throughline('workspaces', 'create', '--name', 'Example company')
  expect(code).toBe(5)
  expect(err).toContain('Nobody has set this installation up yet')
  expect(err).not.toContain('    at ')
})

const importUsers = (...more: string[]) =>
  throughline('insights', 'import', 'users', join(folder, 'users.csv'), '--map', join(folder, 'users.yaml'), ...more)

test('while a server holds the folder, commands talk to it, a second server is refused, and who stops the command stops the server', async () => {
  const { child, ended, said } = await startServer('setup?token=')
  const address = /ready at (http:\/\/localhost:\d+)\n/.exec(said)![1]!

  const setUp = (password: string) =>
    run(['set-up', '--name', 'Robin Example', '--email', 'robin@example.com', '--data', data], `${password}\n`).ended
  expect(await setUp('short')).toEqual({ code: 2, out: '', err: 'The password needs at least 10 characters.\n' })
  expect(await setUp('a long password')).toEqual({
    code: 0,
    out: 'Done. The command line now acts for you.\n',
    err: '',
  })
  expect((await stat(join(data, 'cli.token'))).mode & 0o777).toBe(0o600)

  const made = await throughline('workspaces', 'create', '--name', 'Example company', '--format', 'json')
  expect(made).toMatchObject({ code: 0, err: '' })
  expect(JSON.parse(made.out)).toMatchObject({ slug: 'example-company' })

  const refused = await importUsers()
  expect(refused.code).toBe(5)
  expect(refused.out).toMatch(/It would be: 3 read = 2 new \+ 0 changed \+ 0 unchanged \+ 1 rejected/)
  expect(refused.err).toMatch(/^Nothing was imported: 1 of 3 rows cannot be read\. .*--accept-rejects/)
  // The way to all rejected rows works as the message writes it.
  const [, rejects] = /throughline (insights datasets rejects .*--format csv)/.exec(refused.err)!
  expect((await throughline(...rejects!.split(' '))).out).toMatch(/^line,reason,field,value,row\r\n3,[^\r]+\r\n$/)

  const second = await throughline('start', '--port', '0')
  expect(second.code).toBe(1)
  expect(second.err).toMatch(
    /^The data folder \S+ is in use by “throughline start” \(process \d+, http:\/\/127\.0\.0\.1:\d+, since [^)]+\)\. Stop that one, or choose another folder with --data\.\n$/,
  )

  child.kill('SIGTERM')
  expect((await ended).code).toBe(0)
  server = null
  await expect(fetch(`${address}/healthz`)).rejects.toThrow('fetch failed')
})

test('without a server a command opens the folder itself; rows that cannot be read are left out when that is accepted', async () => {
  const accepted = await importUsers('--accept-rejects', '--format', 'json')
  expect(accepted).toMatchObject({ code: 0, err: '' })
  // Still the first import, of two new rows: the refused one changed nothing.
  expect(JSON.parse(accepted.out)).toMatchObject({
    state: 'done',
    batchId: 1,
    books: { read: 3, new: 2, changed: 0, unchanged: 0, rejected: 1 },
  })

  // --version of a command is the version of a thing, not that of the program.
  const saved = await throughline('insights', 'accounts', 'save-settings', '--version', '0', '--format', 'json')
  expect(JSON.parse(saved.out)).toMatchObject({ version: 1 })

  expect(
    await throughline('insights', 'datasets', 'batches', '--format', 'csv', '--output', join(folder, 'imports.csv')),
  ).toEqual({ code: 0, out: '', err: '' })
  const [head, row, ...more] = (await readFile(join(folder, 'imports.csv'), 'utf8')).split('\r\n')
  expect(head).toMatch(/^\uFEFFid,dataset,file,source,importedBy/)
  expect(row).toMatch(/^1,users,users\.csv,product,Robin Example/)
  expect(more).toEqual([''])
})

describe('by a server, which answers a command sooner than it opens the folder itself', () => {
  beforeAll(async () => {
    await startServer('ready at')
  })
  afterAll(() => server?.kill('SIGTERM'))

  test('without a mapping a file is read by the saved one of its columns, else by the proposed one where nothing is open', async () => {
    await writeFile(
      join(folder, 'accounts.csv'),
      'Account ID,Account Name,Parent Region,Renewal Date\nA1,Ada,EU,31.01.2026\nA2,Bo,US,01.02.2026\n',
    )
    const importAccounts = (...more: string[]) =>
      throughline('insights', 'import', 'accounts', join(folder, 'accounts.csv'), ...more)
    const first = await importAccounts()
    expect(first).toMatchObject({ code: 0, err: '' })
    expect(first.out).toBe(
      [
        'No mapping was given or saved for these columns; they are read as they are named, with the ids of crm:',
        'field         column        read',
        '────────────  ────────────  ───────────',
        'Account id    Account ID',
        'Name          Account Name',
        'Renewal date  Renewal Date  as D.M.YYYY',
        'Kept as attributes: Parent Region.',
        'Not used as parent, as that is not sure: “Parent Region”.',
        '',
        'Import 2: 2 read = 2 new + 0 changed + 0 unchanged + 0 rejected',
        '',
      ].join('\n'),
    )
    const again = await importAccounts()
    expect(again.out).toMatch(/^Read by the mapping saved as “accounts from crm”, with the ids of crm:\nfield/)
    expect(again.out).toContain('2 read = 0 new + 0 changed + 2 unchanged + 0 rejected')
    const other = await importAccounts('--source', 'hubspot', '--format', 'json')
    expect(JSON.parse(other.out)).toMatchObject({ mappingFrom: 'saved', mapping: { source: 'hubspot' } })
  })

  test('where the columns leave something open nothing is imported, and the message’s own commands lead on', async () => {
    await writeFile(join(folder, 'contracts.csv'), 'id,account,start,amount\nS1,A1,03/04/2025,100\n')
    const refused = await throughline('insights', 'import', 'subscriptions', join(folder, 'contracts.csv'))
    expect([refused.code, refused.out]).toEqual([2, ''])
    expect(refused.err).toContain('contracts.csv needs a mapping; its columns do not tell everything:\n')
    expect(refused.err).toContain('“amountIs”: say whether the amount is mrr (per month)')
    expect(refused.err).toContain('Which way round are the dates in “start”, such as 03/04/2025?')
    const [propose, bring] = [...refused.err.matchAll(/throughline (insights .*)\n/g)].map(([, words]) =>
      words!.split(' '),
    )
    expect(await run(propose!).ended).toEqual({ code: 0, out: '', err: '' })
    const written = await readFile(join(folder, 'subscriptions.yaml'), 'utf8')
    expect(written).toMatch(/^# Proposed for contracts\.csv\.\n# Before it can be used:\n# - “amountIs”/)
    await writeFile(
      join(folder, 'subscriptions.yaml'),
      `${written.replace('start: start', 'start: { column: start, format: D/M/YYYY }')}amountIs: mrr\n`,
    )
    expect(await run(bring!).ended).toMatchObject({ code: 0, out: expect.stringContaining('1 read = 1 new') as string })
  })
})

test('what was typed wrong is named, with what would be right', async () => {
  const [flag, missing, dataset] = await Promise.all([
    throughline('insights', 'import', 'users', 'users.csv', '--map', 'users.yaml', '--acept-rejects'),
    throughline('workspaces', 'rename'),
    throughline('insights', 'import', 'nonsense', 'users.csv'),
  ])
  expect([flag, missing, dataset].map(({ code }) => code)).toEqual([2, 2, 2])
  expect(flag.err).toMatch(/unknown option '--acept-rejects'\n\(Did you mean --accept-rejects\?\)/)
  expect(missing.err).toContain("required option '--name <string>' not specified")
  expect(dataset.err).toContain("unknown command 'nonsense'")
})
