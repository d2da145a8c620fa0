/** The embedded PostgreSQL behind the shape of a node-postgres pool: one session, handed out in turn. */
import { EventEmitter } from 'node:events'
import { Worker } from 'node:worker_threads'

export interface WorkerStart {
  dataDir: string | null
  template: Uint8Array | null
}
export type WorkerRequest = { id: number } & (
  | { do: 'query'; text: string; values: unknown[]; rowMode?: 'array' }
  | { do: 'listen'; channel: string }
  | { do: 'dump' }
  | { do: 'close' }
)
export type WorkerReply =
  | { ready: true }
  | { notification: string; payload: string }
  | { id: number; result: unknown }
  | { id: number; error: { message: string; code?: string; detail?: string; constraint?: string; table?: string } }

type Query = string | { text: string; values?: unknown[]; rowMode?: 'array' }
export interface QueryResult {
  rows: unknown[]
  fields: unknown[]
  rowCount: number
  command: string
}

export class PglitePool extends EventEmitter {
  // libraries test the class name for "Pool"
  readonly options = { max: 1 }
  readonly #worker: Worker
  readonly #pending = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>()
  readonly #listeners = new Map<string, ((payload: string) => void)[]>()
  #tail: Promise<void> = Promise.resolve()
  #nextId = 1
  #closed = false
  #failed: Error | null = null

  private constructor(worker: Worker) {
    super()
    this.#worker = worker
  }

  static async open(start: WorkerStart): Promise<PglitePool> {
    const worker = new Worker(new URL('./pglite-worker.ts', import.meta.url), { workerData: start })
    const pool = new PglitePool(worker)
    await new Promise<void>((resolve, reject) => {
      worker.on('message', (message: WorkerReply) => {
        if ('ready' in message) resolve()
        else pool.#receive(message)
      })
      worker.on('error', (error) => {
        reject(error)
        pool.#fail(error)
      })
      worker.on('exit', () => {
        const error = new Error('The embedded database stopped.')
        reject(error)
        pool.#fail(error)
      })
    })
    return pool
  }

  async query(query: Query, values?: unknown[]): Promise<QueryResult> {
    const free = await this.#lock()
    try {
      return await this.#run(query, values)
    } finally {
      free()
    }
  }

  /** A client that holds the one session until it is released; an open transaction is rolled back then. */
  async connect(): Promise<PgliteClient> {
    const free = await this.#lock()
    let isReleased = false
    let inTransaction = false
    const query = (q: Query, values?: unknown[]) => {
      const text = typeof q === 'string' ? q : q.text
      if (/^\s*(begin|start)\b/i.test(text)) inTransaction = true
      else if (/^\s*(commit|rollback(?!\s+to)|end)\b/i.test(text)) inTransaction = false
      return this.#run(q, values)
    }
    const release = () => {
      if (isReleased) return
      isReleased = true
      if (inTransaction)
        this.#run('rollback')
          .catch(() => undefined)
          .finally(free)
      else free()
    }
    return Object.assign(new EventEmitter(), { query, release })
  }

  async listen(channel: string, heard: (payload: string) => void): Promise<void> {
    const known = this.#listeners.get(channel)
    if (known) {
      known.push(heard)
      return
    }
    this.#listeners.set(channel, [heard])
    const free = await this.#lock()
    try {
      await this.#ask({ do: 'listen', channel })
    } finally {
      free()
    }
  }

  async dump(): Promise<Uint8Array> {
    const free = await this.#lock()
    try {
      return await this.#ask<Uint8Array>({ do: 'dump' })
    } finally {
      free()
    }
  }

  async end(): Promise<void> {
    if (this.#closed) return
    const free = await this.#lock()
    this.#closed = true
    await this.#ask({ do: 'close' }).catch(() => undefined)
    free()
    await this.#worker.terminate()
  }

  async #lock(): Promise<() => void> {
    let free!: () => void
    const before = this.#tail
    this.#tail = new Promise((resolve) => {
      free = resolve
    })
    await before
    return free
  }

  #run(query: Query, values?: unknown[]): Promise<QueryResult> {
    const { text, rowMode } = typeof query === 'string' ? { text: query, rowMode: undefined } : query
    const given = values ?? (typeof query === 'string' ? [] : (query.values ?? []))
    return this.#ask({ do: 'query', text, values: given, ...(rowMode ? { rowMode } : {}) })
  }

  #ask<T>(
    request: WorkerRequest extends infer R ? (R extends { id: number } ? Omit<R, 'id'> : never) : never,
  ): Promise<T> {
    if (this.#closed && request.do !== 'close') return Promise.reject(new Error('The embedded database is closed.'))
    // A worker that is gone answers nothing any more.
    if (this.#failed) return Promise.reject(this.#failed)
    const id = this.#nextId++
    return new Promise<T>((resolve, reject) => {
      this.#pending.set(id, { resolve: resolve as never, reject })
      this.#worker.postMessage({ id, ...request })
    })
  }

  #receive(message: Exclude<WorkerReply, { ready: true }>): void {
    if ('notification' in message) {
      for (const heard of this.#listeners.get(message.notification) ?? []) heard(message.payload)
      return
    }
    const pending = this.#pending.get(message.id)
    this.#pending.delete(message.id)
    if (!pending) return
    if ('error' in message) pending.reject(Object.assign(new Error(message.error.message), message.error))
    else pending.resolve(message.result as never)
  }

  #fail(error: Error): void {
    this.#failed ??= error
    for (const { reject } of this.#pending.values()) reject(error)
    this.#pending.clear()
  }
}

export interface PgliteClient extends EventEmitter {
  query(q: Query, values?: unknown[]): Promise<QueryResult>
  release(): void
}
