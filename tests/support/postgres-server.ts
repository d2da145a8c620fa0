/** Starts a real PostgreSQL server once for the whole run, where its programs are, and says so where they are not. */
import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    postgres: { socket: string | null; missing: string | null }
  }
}

export default function setup(project: TestProject): () => void {
  const missing = whatIsMissing()
  if (missing) {
    process.stdout.write(`Tests against a PostgreSQL server are skipped: ${missing}\n`)
    project.provide('postgres', { socket: null, missing })
    return () => undefined
  }
  const server = startServer()
  project.provide('postgres', { socket: server.socket, missing: null })
  // A run that is ended from outside takes its server with it.
  for (const signal of ['SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => {
      server.stop()
      process.exit(1)
    })
  return server.stop
}

export const findBinaries = () =>
  ['/usr/lib/postgresql', '/usr/local/pgsql']
    .flatMap((base) => (existsSync(base) ? readdirSync(base).map((version) => join(base, version, 'bin')) : []))
    .find((bin) => existsSync(join(bin, 'initdb')))

const isRoot = () => process.getuid?.() === 0

export function whatIsMissing(): string | null {
  if (!findBinaries()) return 'its programs are not on this machine'
  if (isRoot() && spawnSync('id', ['postgres']).status !== 0) return 'there is no postgres account to run it as'
  return null
}

/** PostgreSQL refuses to run as root, so there it runs as the account that its package made. */
function asServer(program: string, args: string[]): void {
  const [command, rest] = isRoot()
    ? ['setpriv', ['--reuid=postgres', '--regid=postgres', '--clear-groups', program, ...args]]
    : [program, args]
  execFileSync(command, rest, { stdio: ['ignore', 'ignore', 'pipe'], timeout: 90_000 })
}

/** @param options.tuned with the memory that a server of its own would be given */
export function startServer(options: { tuned?: boolean } = {}): {
  socket: string
  /** Ends the server as a fall would, its data stays; and starts it again. */
  down: () => void
  up: () => void
  stop: () => void
} {
  const binaries = findBinaries()!
  const folder = mkdtempSync(join(tmpdir(), 'postgres-'))
  if (isRoot()) {
    chmodSync(folder, 0o755)
    execFileSync('chown', ['postgres', folder])
  }
  const data = join(folder, 'data')
  asServer(join(binaries, 'initdb'), ['-D', data, '-A', 'trust', '-U', 'postgres', '-E', 'UTF8', '--no-sync'])
  const up = () =>
    asServer(join(binaries, 'pg_ctl'), [
      '-D',
      data,
      '-w',
      '-t',
      '60',
      '-o',
      `-k ${folder} -c listen_addresses= -c fsync=off${options.tuned ? ' -c shared_buffers=2GB -c work_mem=256MB -c max_parallel_workers_per_gather=2 -c effective_cache_size=8GB -c jit=off' : ''}`,
      '-l',
      join(folder, 'log'),
      'start',
    ])
  const down = () => asServer(join(binaries, 'pg_ctl'), ['-D', data, '-t', '30', '-m', 'immediate', 'stop'])
  up()
  return {
    socket: folder,
    down,
    up,
    stop() {
      try {
        down()
      } finally {
        rmSync(folder, { recursive: true, force: true })
      }
    },
  }
}
