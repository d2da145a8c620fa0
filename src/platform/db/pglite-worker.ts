/** Runs the embedded PostgreSQL on a thread of its own, so that a long query never holds the event loop. */
import { setFlagsFromString } from 'node:v8'
import { parentPort, workerData } from 'node:worker_threads'
import { textParsers } from './types.ts'
import type { WorkerReply, WorkerRequest, WorkerStart } from './pglite-pool.ts'

const port = parentPort!
const start = workerData as WorkerStart
const reply = (message: WorkerReply) => port.postMessage(message)

// The optimizing compiler needs 600 MB for one function of PostgreSQL alone, and 13 s of a core at each start. What it makes faster
// is sums over many rows, which lie in the warehouse.
for (const flag of ['--no-wasm-tier-up', '--no-wasm-dynamic-tiering']) setFlagsFromString(flag)

// A decoder leaves a byte-order mark at the start of a text out, and each value is decoded by itself: what is read would be another
// text than what was written.
globalThis.TextDecoder = class extends TextDecoder {
  constructor(label?: string, options?: TextDecoderOptions) {
    super(label, { ignoreBOM: true, ...options })
  }
}
const { PGlite } = await import('@electric-sql/pglite')

const lite = await PGlite.create({
  ...(start.dataDir ? { dataDir: start.dataDir } : {}),
  ...(start.template ? { loadDataDir: new Blob([start.template as BlobPart]) } : {}),
  parsers: textParsers(),
})

async function answer(request: WorkerRequest): Promise<unknown> {
  switch (request.do) {
    case 'query': {
      const fix = (r: { rows: unknown[]; fields: unknown[]; affectedRows?: number; command?: string }) => ({
        rows: r.rows,
        fields: r.fields,
        rowCount: r.affectedRows || r.rows.length,
        command: r.command ?? '',
      })
      const options = request.rowMode ? { rowMode: request.rowMode } : {}
      if (request.values.length > 0) return fix(await lite.query(request.text, request.values, options))
      const results = await lite.exec(request.text, options)
      return results.length === 1 ? fix(results[0]!) : results.map(fix)
    }
    case 'listen':
      await lite.listen(request.channel, (payload) => reply({ notification: request.channel, payload }))
      return null
    case 'dump':
      return new Uint8Array(await (await lite.dumpDataDir('none')).arrayBuffer())
    case 'close':
      await lite.close()
      return null
  }
}

port.on('message', (request: WorkerRequest) => {
  answer(request).then(
    (result) => reply({ id: request.id, result }),
    (error: Error & { code?: string; detail?: string; constraint?: string; table?: string }) =>
      reply({
        id: request.id,
        error: {
          message: error.message,
          code: error.code,
          detail: error.detail,
          constraint: error.constraint,
          table: error.table,
        },
      }),
  )
})
reply({ ready: true })
