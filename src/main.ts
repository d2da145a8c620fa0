/** `throughline start`: holds the data folder, serves the product at a printed address, stops in order. */
import { serve } from '@hono/node-server'
import { flushCompileCache } from 'node:module'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ensureLocalToken, makeSetupToken } from './faces/cli/local-token.ts'
import { longestAddress } from './faces/http/app.ts'
import { answerUnreadable } from './faces/http/unreadable.ts'
import { readConfig } from './platform/config.ts'
import { refreshWhatIsLeft } from './insights/refresh/job.ts'
import { watchDisk } from './platform/disk.ts'
import { holdDataFolder } from './platform/db/data-folder.ts'
import { installation } from './platform/people/queries.ts'
import { sayFaultAt, storageFaultOf } from './platform/storage-faults.ts'
import { startServices } from './start.ts'

const stopWithinMs = 30_000
const usage = `npm start -- [--port N] [--data DIR]

  --port N     the port to serve at, 4400 where nothing else is said
  --data DIR   the folder that holds uploads, the embedded stores and keys, ./data where nothing else is said

What else can be set, by variables of the environment, is in docs/guides/operator.md.
`

function readArgs() {
  try {
    // Behind `throughline`, its verb stands before the options.
    const args = process.argv.slice(process.argv[2] === 'start' ? 3 : 2)
    return parseArgs({
      args,
      options: { port: { type: 'string' }, data: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
    }).values
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`, { cause: error })
  }
}

async function main(): Promise<void> {
  const args = readArgs()
  if (args.help) {
    process.stdout.write(usage)
    return
  }
  const config = readConfig(args)
  const folder = holdDataFolder(config.dataDir, 'throughline start', new Date())
  let address = config.publicUrl ?? `http://localhost:${config.port}`
  const running = await startServices({
    dataDir: config.dataDir,
    store: config.databaseUrl ? { url: config.databaseUrl } : { dataDir: join(config.dataDir, 'postgres') },
    secret: config.secret,
    baseUrl: () => address,
    trustedProxies: config.trustedProxies,
    logLevel: config.logLevel,
    warehouseMemoryMb: config.warehouseMemoryMb,
    answersMb: config.answersMb,
    warehouseThreads: config.warehouseThreads,
    mailUrl: config.mailUrl,
    mailFrom: config.mailFrom,
    mayReachPrivate: config.mayReachPrivate,
    signOn: config.signOn,
    hasPasswords: config.hasPasswords,
    outDir: config.outDir,
    importRoots: config.importRoots,
    filesQuotaBytes: config.filesQuotaBytes,
  }).catch(async (error: unknown) => {
    // The embedded store gives up in words of its own.
    const fault = storageFaultOf(error) ?? (await watchDisk(config.dataDir).fault())
    throw fault ? sayFaultAt(fault, config.dataDir, error) : error
  })
  const server = serve({
    fetch: running.app.fetch,
    port: config.port,
    hostname: config.host,
    serverOptions: { maxHeaderSize: 4 * longestAddress },
  })
  answerUnreadable(server)
  await new Promise<void>((resolve, reject) => {
    server.once('listening', resolve)
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new Error(
              `Port ${config.port} is taken by another program. Choose another: npm start -- --port ${config.port + 1}`,
            )
          : error,
      ),
    )
  })
  const bound = server.address()
  const port = typeof bound === 'object' && bound ? bound.port : config.port
  if (!config.publicUrl) address = `http://localhost:${port}`
  folder.announce(`http://127.0.0.1:${port}`)
  await ensureLocalToken(running.services, config.dataDir)

  process.stdout.write(`\nThroughline is ready at ${address}\n`)
  if ((await installation(running.services.db)).ownerUserId === null) {
    const token = await makeSetupToken(running.services, config.dataDir)
    process.stdout.write(`Set it up, once, within a day: ${address}/setup?token=${token}\n`)
  }

  // Else it is written at an orderly end alone, and a server that is killed starts slowly each time.
  flushCompileCache()
  refreshWhatIsLeft(running.services).catch((error: unknown) =>
    running.services.log.error({ err: error }, 'what is left to refresh could not be looked for'),
  )

  let isStopping = false
  const stop = async () => {
    if (isStopping) return
    isStopping = true
    process.stdout.write('\nStopping …\n')
    // What was committed is safe, and the rest is taken up at the next start: nobody has to wait for a stop that hangs.
    setTimeout(() => {
      process.stderr.write(`It did not stop within ${stopWithinMs / 1000} seconds and is ended.\n`)
      process.exit(1)
    }, stopWithinMs).unref()
    server.close()
    if ('closeAllConnections' in server) setTimeout(() => server.closeAllConnections(), 2000).unref()
    await running.stop()
    folder.release()
    process.exit(0)
  }
  process.on('SIGINT', () => {
    void stop()
  })
  process.on('SIGTERM', () => {
    void stop()
  })
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
})
