/** The analytical store: one DuckDB file per workspace, opened once per process, readers bounded, one writer at a time. */
import { mkdir, rm } from 'node:fs/promises'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DuckDBInstance, type DuckDBConnection, type DuckDBValue } from '@duckdb/node-api'
import { answerOf, openAnswers, rowsOf, type Answer } from './answers.ts'

export type Value = string | number | bigint | boolean | null

export interface Connection {
  all<T extends object>(sql: string, params?: Value[]): Promise<T[]>
  one<T extends object>(sql: string, params?: Value[]): Promise<T | undefined>
  /**
   * The rows of a statement about the state as a whole, kept until the next write ends: for the few facts that every question asks
   * first (planning a statement takes longer than reading them). Not for answers that grow with what users ask.
   */
  kept<T extends object>(sql: string): Promise<readonly T[]>
  /**
   * The rows of a statement that finds very many, some thousands at a time. It has ended when this returns: the engine holds what it
   * found, and the connection can be given back before the last part is asked for.
   */
  parts<T extends object>(sql: string): Promise<AsyncIterable<T[]>>
  /** Returns the number of rows changed. */
  run(sql: string, params?: Value[]): Promise<number>
  /**
   * From here on the engine knows how far a statement is, which makes many small ones up to half dearer.
   * @returns how much of the running one is done, 0 to 100; below 0 where the engine cannot say
   */
  percents(): Promise<() => number>
}

export interface Warehouse {
  read<T>(work: (connection: Connection) => Promise<T>, signal?: AbortSignal): Promise<T>
  /**
   * Reads tables of the warehouse, and nothing else: what a statement found is kept until the next write ends, and not asked again.
   * @param work may read no file, whose content can change, and make no table of its own
   */
  ask<T>(work: (connection: Connection) => Promise<T>, signal?: AbortSignal): Promise<T>
  /** Exclusive. BEGIN, COMMIT; ROLLBACK when `work` throws or the signal aborts. */
  write<T>(work: (connection: Connection) => Promise<T>, signal?: AbortSignal): Promise<T>
  readonly path: string
  /** One of its own for each state of the data: another one once a write has ended. */
  readonly state: object
}

export interface Warehouses {
  open(workspaceId: string): Promise<Warehouse>
  remove(workspaceId: string): Promise<void>
  close(): Promise<void>
}

/** What the engine gets of a machine unless the operator says otherwise: with it, loading 100M events stays below 1.4 GB of memory. */
export const warehouseDefaults = { memoryLimitMb: 704, threads: 2, answersMb: 16 }

export interface WarehouseOptions {
  folder: string
  memoryLimitMb: number
  threads: number
  /** Room for what was read of each workspace's present state; none where absent. */
  answersMb?: number
}

interface OpenWarehouse extends Warehouse {
  close(): Promise<void>
}

export function openWarehouses(options: WarehouseOptions): Warehouses {
  const opened = new Map<string, Promise<OpenWarehouse>>()
  const slots = semaphore(Math.max(1, options.threads))
  const fileOf = (workspaceId: string) => {
    if (!/^[0-9a-f-]{36}$/.test(workspaceId)) throw new Error(`not a workspace id: ${workspaceId}`)
    return join(options.folder, `${workspaceId}.duckdb`)
  }
  const close = async (workspaceId: string) => {
    const warehouse = opened.get(workspaceId)
    opened.delete(workspaceId)
    await (await warehouse)?.close()
  }
  return {
    // The promise is kept, not the instance: two instances on one file in one process lose data without an error.
    open(workspaceId) {
      const known = opened.get(workspaceId)
      if (known) return known
      const opening = openWarehouse(fileOf(workspaceId), options, slots)
      opened.set(workspaceId, opening)
      opening.catch(() => opened.delete(workspaceId))
      return opening
    },
    async remove(workspaceId) {
      await close(workspaceId)
      await rm(fileOf(workspaceId), { force: true })
      await rm(`${fileOf(workspaceId)}.wal`, { force: true })
    },
    async close() {
      await Promise.all([...opened.keys()].map(close))
    },
  }
}

async function openWarehouse(path: string, options: WarehouseOptions, slots: Semaphore): Promise<OpenWarehouse> {
  await mkdir(options.folder, { recursive: true })
  const instance = await DuckDBInstance.create(path, {
    memory_limit: `${options.memoryLimitMb}MB`,
    threads: String(options.threads),
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  })
  await migrate(instance)
  const writer = semaphore(1)
  // Replaced as a whole when a write ends: what a reader that began before it still finds out goes into the old one.
  const newState = () => ({ facts: new Map<string, object[]>(), answers: openAnswers(options.answersMb ?? 0) })
  let state = newState()
  const reading = (raw: DuckDBConnection): Connection => {
    const connection = connectionOf(raw)
    return {
      ...connection,
      async kept<T extends object>(sql: string) {
        const { facts } = state
        const rows = (facts.get(sql) as T[] | undefined) ?? (await connection.all<T>(sql))
        facts.set(sql, rows)
        return rows
      },
    }
  }
  const asking = (raw: DuckDBConnection): Connection => {
    const answer = async (sql: string, params: Value[] = []): Promise<Answer> => {
      const { answers } = state
      const question = JSON.stringify([
        sql,
        ...params.map((value) => (typeof value === 'bigint' ? `${value}n` : value)),
      ])
      const known = answers.find(question)
      if (known) return known
      const found = await answerTo(raw, sql, params)
      answers.keep(question, found)
      return found
    }
    return {
      ...reading(raw),
      all: async <T extends object>(sql: string, params?: Value[]) => rowsOf<T>(await answer(sql, params)),
      one: async <T extends object>(sql: string, params?: Value[]) => rowsOf<T>(await answer(sql, params))[0],
      run() {
        throw new Error('what is asked changes nothing')
      },
    }
  }
  const inConnection = async <T>(
    gate: Semaphore,
    signal: AbortSignal | undefined,
    work: (raw: DuckDBConnection) => Promise<T>,
  ): Promise<T> => {
    const free = await gate()
    try {
      signal?.throwIfAborted()
      const raw = await instance.connect()
      // An interrupt that arrives between two statements is lost, so it is repeated until the work has ended.
      let repeat: NodeJS.Timeout | undefined
      const interrupt = () => {
        raw.interrupt()
        repeat ??= setInterval(() => raw.interrupt(), 20)
      }
      signal?.addEventListener('abort', interrupt)
      try {
        return await work(raw)
      } finally {
        signal?.removeEventListener('abort', interrupt)
        clearInterval(repeat)
        raw.closeSync()
      }
    } finally {
      free()
    }
  }
  return {
    path,
    get state() {
      return state
    },
    read: (work, signal) => inConnection(slots, signal, (raw) => work(reading(raw))),
    ask: (work, signal) => inConnection(slots, signal, (raw) => work(asking(raw))),
    // Closing a connection rolls its open transaction back; no statement is needed that an interrupt could hit.
    write: (work, signal) =>
      inConnection(writer, signal, async (raw) => {
        await raw.run('begin')
        const result = await work(connectionOf(raw))
        signal?.throwIfAborted()
        try {
          await raw.run('commit')
        } finally {
          state = newState()
        }
        return result
      }),
    async close() {
      // Connections first: the file stays locked while one is open.
      const freeWriter = await writer()
      try {
        instance.closeSync()
      } finally {
        freeWriter()
      }
    },
  }
}

const answerTo = async (raw: DuckDBConnection, sql: string, params: Value[] = []): Promise<Answer> =>
  answerOf(await raw.runAndReadAll(sql, params as DuckDBValue[]))

export const connectionOf = (raw: DuckDBConnection): Connection => ({
  async all<T extends object>(sql: string, params?: Value[]) {
    return rowsOf<T>(await answerTo(raw, sql, params))
  },
  async one<T extends object>(sql: string, params?: Value[]) {
    return rowsOf<T>(await answerTo(raw, sql, params))[0]
  },
  async parts<T extends object>(sql: string) {
    const result = await raw.run(sql)
    const names = result.deduplicatedColumnNames()
    async function* parts() {
      for (let chunk = await result.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await result.fetchChunk())
        yield rowsOf<T>({ names, columns: chunk.getColumns(), rows: chunk.rowCount })
    }
    return parts()
  },
  async run(sql, params = []) {
    const result = await raw.run(sql, params as DuckDBValue[])
    return result.rowsChanged
  },
  async kept<T extends object>(sql: string) {
    return this.all<T>(sql)
  },
  async percents() {
    // The engine tells it only where its progress bar is on; nothing is printed.
    await raw.run('set enable_progress_bar_print = false')
    await raw.run('set enable_progress_bar = true')
    return () => raw.progress.percentage
  },
})

type Semaphore = () => Promise<() => void>

function semaphore(places: number): Semaphore {
  let free = places
  const waiting: (() => void)[] = []
  const release = () => {
    const next = waiting.shift()
    if (next) next()
    else free += 1
  }
  return async () => {
    if (free > 0) free -= 1
    else
      await new Promise<void>((resolve) => {
        waiting.push(resolve)
      })
    let done = false
    return () => {
      if (!done) {
        done = true
        release()
      }
    }
  }
}

const migrationFolder = new URL('../../../migrations/warehouse/', import.meta.url)

async function migrate(instance: DuckDBInstance): Promise<void> {
  const connection = await instance.connect()
  try {
    // Days and moments are the same wherever the machine stands.
    await connection.run("set global TimeZone = 'UTC'")
    await connection.run('create table if not exists warehouse_migration (name text primary key)')
    const done = new Set(
      (await connection.runAndReadAll('select name from warehouse_migration')).getRows().map((row) => String(row[0])),
    )
    const missing = readdirSync(migrationFolder)
      .filter((file) => file.endsWith('.sql') && !done.has(file))
      .sort()
    if (missing.length === 0) return
    await connection.run('begin')
    for (const name of missing) {
      await connection.run(readFileSync(new URL(name, migrationFolder), 'utf8'))
      await connection.run('insert into warehouse_migration values ($1)', [name])
    }
    await connection.run('commit')
  } finally {
    connection.closeSync()
  }
}
