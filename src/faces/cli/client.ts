/** A command is a client of the HTTP app: over the network where a server holds the data folder, else in this process. */
import { join } from 'node:path'
import { readConfig } from '../../platform/config.ts'
import { findServer, holdDataFolder } from '../../platform/db/data-folder.ts'
import { precondition, ProductError, unavailable, type ErrorCode } from '../../platform/errors.ts'
import { startServices } from '../../start.ts'
import { ensureLocalToken, makeSetupToken, readLocalToken, readSetupToken } from './local-token.ts'

export interface Client {
  request(path: string, init?: RequestInit): Promise<Response>
  call<T>(operation: string, input: unknown, options?: { workspace?: string; link?: string }): Promise<T>
  /** The one-time token of a set-up that nobody has done yet; whoever can read the data folder may do it. */
  setupToken(): Promise<string>
  close(): Promise<void>
}

export interface ClientOptions {
  data?: string
  /** For the commands that come before anybody is there. */ withoutPerson?: boolean
}

const notSetUp =
  'Nobody has set this installation up yet. Open the link that “npm start” prints, or run: ./bin/throughline set-up --name NAME --email ADDRESS'

export async function openClient(options: ClientOptions): Promise<Client> {
  const config = readConfig({ data: options.data })
  const server = findServer(config.dataDir)
  if (server?.address) {
    const token = readLocalToken(config.dataDir)
    if (!token && !options.withoutPerson) throw precondition(notSetUp)
    const { address } = server
    return clientOf(
      reaching(address),
      token,
      async () => readSetupToken(config.dataDir) ?? '',
      async () => undefined,
    )
  }
  const folder = holdDataFolder(config.dataDir, 'a throughline command', new Date())
  const running = await startServices({
    dataDir: config.dataDir,
    store: config.databaseUrl ? { url: config.databaseUrl } : { dataDir: join(config.dataDir, 'postgres') },
    secret: config.secret,
    baseUrl: () => config.publicUrl ?? `http://localhost:${config.port}`,
    logLevel: 'warn',
    warehouseMemoryMb: config.warehouseMemoryMb,
    answersMb: config.answersMb,
    warehouseThreads: config.warehouseThreads,
    serveWeb: false,
    mailUrl: config.mailUrl,
    mailFrom: config.mailFrom,
    mayReachPrivate: config.mayReachPrivate,
    signOn: config.signOn,
    hasPasswords: config.hasPasswords,
    importRoots: config.importRoots,
    filesQuotaBytes: config.filesQuotaBytes,
  })
  const close = async () => {
    await running.stop()
    folder.release()
  }
  const token = await ensureLocalToken(running.services, config.dataDir)
  if (!token && !options.withoutPerson) {
    await close()
    throw precondition(notSetUp)
  }
  return clientOf(
    async (path, init) => running.app.fetch(new Request(`http://127.0.0.1${path}`, init)),
    token,
    () => makeSetupToken(running.services, config.dataDir),
    close,
  )
}

/** Requests to a server that may be stopped while a command waits for it. */
export const reaching =
  (address: string) =>
  (path: string, init?: RequestInit): Promise<Response> =>
    fetch(`${address}${path}`, init).catch((cause: unknown) => {
      throw unavailable(
        `The server at ${address} does not answer any more. An import that it had begun goes on by itself once it runs again; “./bin/throughline jobs list” shows it.`,
        cause,
      )
    })

function clientOf(
  send: (path: string, init?: RequestInit) => Promise<Response>,
  token: string | null,
  setupToken: () => Promise<string>,
  close: () => Promise<void>,
): Client {
  const request = (path: string, init: RequestInit = {}) => {
    const headers = new Headers(init.headers)
    if (token) headers.set('authorization', `Bearer ${token}`)
    // Without a token yet, a command is still no browser: it says so as a page of ours would.
    else headers.set('sec-fetch-site', 'same-origin')
    return send(path, { ...init, headers })
  }
  return {
    request,
    setupToken,
    close,
    async call(operation, input, { workspace, link } = {}) {
      const response = await request(
        `/api/${operation}${workspace ? `?workspace=${encodeURIComponent(workspace)}` : ''}`,
        {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...(link ? { 'x-throughline-link': link } : {}) },
          body: JSON.stringify(input ?? {}),
        },
      )
      return unwrap(response)
    },
  }
}

/** The body of a good answer, or the error that a bad one carries. */
export async function unwrap<T>(response: Response): Promise<T> {
  if (response.ok) return (await response.json()) as T
  const body = (await response.json().catch(() => null)) as { error?: { code: ErrorCode; message: string } } | null
  throw new ProductError(
    body?.error?.code ?? 'outside',
    body?.error?.message ?? `The server answered ${response.status}.`,
  )
}
