/** The stores that every database test runs on: the embedded one, and a real PostgreSQL server where its programs are. */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync, chmodSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { openStore, type Store } from '../../src/platform/db/open.ts'

interface TestStore { name: string; skip: string | null; open: () => Promise<Store> }

const binaries = ['/usr/lib/postgresql', '/usr/local/pgsql'].flatMap((base) =>
  existsSync(base) ? readdirSync(base).map((version) => join(base, version, 'bin')) : []).find((bin) => existsSync(join(bin, 'initdb')))

let server: { socket: string; stop: () => void } | null = null
let databases = 0

/** PostgreSQL refuses to run as root, so there it runs as the account that its package made. */
function asServer(program: string, args: string[]): void {
  const isRoot = process.getuid?.() === 0
  const [command, rest] = isRoot ? ['setpriv', ['--reuid=postgres', '--regid=postgres', '--clear-groups', program, ...args]] : [program, args]
  execFileSync(command, rest, { stdio: ['ignore', 'ignore', 'pipe'] })
}

function startServer(): string {
  if (server) return server.socket
  const folder = mkdtempSync(join(tmpdir(), 'postgres-'))
  if (process.getuid?.() === 0) { chmodSync(folder, 0o755); execFileSync('chown', ['postgres', folder]) }
  const data = join(folder, 'data')
  asServer(join(binaries!, 'initdb'), ['-D', data, '-A', 'trust', '-U', 'postgres', '-E', 'UTF8', '--no-sync'])
  asServer(join(binaries!, 'pg_ctl'), ['-D', data, '-w', '-o', `-k ${folder} -c listen_addresses= -c fsync=off`, '-l', join(folder, 'log'), 'start'])
  const stop = () => {
    try { asServer(join(binaries!, 'pg_ctl'), ['-D', data, '-m', 'immediate', 'stop']) } catch { /* it is gone already */ }
    rmSync(folder, { recursive: true, force: true })
  }
  process.on('exit', stop)
  server = { socket: folder, stop }
  return folder
}

async function openServerStore(): Promise<Store> {
  const socket = startServer()
  const name = `test_${process.pid}_${databases++}`
  const admin = new pg.Client({ host: socket, user: 'postgres', database: 'postgres' })
  await admin.connect()
  await admin.query(`create database ${name}`)
  await admin.end()
  return openStore({ url: `postgresql://postgres@/${name}?host=${encodeURIComponent(socket)}` })
}

const noServer = !binaries ? 'no PostgreSQL programs on this machine'
  : process.getuid?.() === 0 && spawnSync('id', ['postgres']).status !== 0 ? 'no postgres account to run the server as' : null

export const stores: TestStore[] = [
  { name: 'embedded', skip: null, open: () => openStore({ dataDir: null }) },
  { name: 'PostgreSQL', skip: noServer, open: openServerStore },
]
