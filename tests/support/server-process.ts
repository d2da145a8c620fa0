/** The product as people run it: `src/main.ts` in a process of its own on a data folder, asked over real HTTP. */
import { spawn, type ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { openClient, unwrap } from '../../src/faces/cli/client.ts'
import { readLocalToken } from '../../src/faces/cli/local-token.ts'
import { within } from './within.ts'

/** Those of `npm start`. */
const flags = JSON.parse(readFileSync(new URL('../../scripts/node-flags.json', import.meta.url), 'utf8')) as string[]
const program = fileURLToPath(new URL('../../src/main.ts', import.meta.url))
const compiled = fileURLToPath(new URL('../../.cache/compiled', import.meta.url))

export interface ServerProcess {
  address: string
  request: (path: string, init?: RequestInit) => Promise<Response>
  call: <T>(operation: string, input: unknown, workspace: string) => Promise<T>
  /** The highest memory it ever held, where the system tells. */
  peakMb: () => number | null
  /** What it holds at this moment, where the system tells. */
  nowMb: () => number | null
  /** kill -9: nothing is told, nothing is flushed. */
  kill: () => Promise<void>
  stop: () => Promise<void>
}

/** @param settings of the environment, as the operator's guide names them */
export async function startServer(
  dataDir: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<ServerProcess> {
  const child = spawn(process.execPath, [...flags, program, '--data', dataDir, '--port', '0'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      ...settings,
      UV_THREADPOOL_SIZE: '12',
      NODE_COMPILE_CACHE: compiled,
      HOST: '127.0.0.1',
      LOG_LEVEL: 'warn',
    },
  })
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
  })
  const address = await within(120, 'the start of the server', addressOf(child)).catch((error: unknown) => {
    child.kill('SIGKILL')
    throw error
  })
  const token = readLocalToken(dataDir)
  const request = (path: string, init: RequestInit = {}) => {
    const headers = new Headers(init.headers)
    headers.set('authorization', `Bearer ${token}`)
    return fetch(`${address}${path}`, { ...init, headers })
  }
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal)
    await within(60, `the server after ${signal}`, ended)
  }
  return {
    address,
    request,
    call: async (operation, input, workspace) =>
      unwrap(
        await request(`/api/${operation}?workspace=${workspace}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(input),
        }),
      ),
    peakMb: () => memoryOf(child, 'VmHWM'),
    nowMb: () => memoryOf(child, 'VmRSS'),
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
  }
}

function memoryOf({ pid }: ChildProcess, what: 'VmHWM' | 'VmRSS'): number | null {
  try {
    const line = new RegExp(`${what}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
    return Math.round(Number(line![1]) / 1024)
  } catch {
    return null
  }
}

function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = ''
    const hear = (chunk: Buffer) => {
      said = `${said}${chunk.toString()}`.slice(-4000)
      const port = /ready at http:\/\/localhost:(\d+)/.exec(said)?.[1]
      if (port) resolve(`http://127.0.0.1:${port}`)
    }
    child.stdout!.on('data', hear)
    child.stderr!.on('data', hear)
    child.once('exit', () => reject(new Error(`The server ended before it was ready. It said:\n${said}`)))
  })
}

/** A new data folder with its owner and one workspace, made as the command line makes them. */
export async function setUp(dataDir: string): Promise<{ workspaceId: string; slug: string }> {
  const first = await openClient({ data: dataDir, withoutPerson: true })
  const body = JSON.stringify({
    token: await first.setupToken(),
    name: 'Robin Example',
    email: 'robin@example.com',
    password: 'a long password',
  })
  await unwrap(
    await first.request('/api/setup', { method: 'POST', headers: { 'content-type': 'application/json' }, body }),
  )
  await first.close()
  const client = await openClient({ data: dataDir })
  const { id, slug } = await client.call<{ id: string; slug: string }>('workspaces.create', {
    name: 'Measured company',
  })
  await client.close()
  return { workspaceId: id, slug }
}
