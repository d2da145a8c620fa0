/** A disk that takes no writes: full, mounted for reading only, or another user's. Real ones, where this system lets a test make them. */
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { chmod, chown, mkdir, mkdtemp, rm, statfs, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { setUp, startServer, type ServerProcess } from './support/server-process.ts'

const isRoot = process.getuid?.() === 0
const folder = await mkdtemp(join(tmpdir(), 'throughline-disk-'))
const disk = join(folder, 'disk')

/** @returns why no disk of a test's own can be had here, or null where it is mounted */
function mountSmall(): string | null {
  if (process.platform !== 'linux' || !isRoot) return 'a disk is mounted as root on Linux alone'
  execFileSync('mkdir', ['-p', disk])
  const { status, stderr } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=400m,mode=0700', 'tmpfs', disk])
  return status === 0 ? null : `no disk can be mounted here: ${String(stderr).trim()}`
}
const missing = mountSmall()
afterAll(async () => {
  if (!missing) spawnSync('umount', ['-l', disk])
  await rm(folder, { recursive: true, force: true })
})

interface Answer {
  status: number
  body: { error?: { code: string; message: string }; ok?: boolean; reads?: boolean; writes?: boolean; why?: string }
}

describe.skipIf(missing)(missing ? `not run: ${missing}` : 'a server on a small disk', () => {
  const data = join(disk, 'data')
  let server: ServerProcess
  let slug: string
  beforeAll(async () => {
    ;({ slug } = await setUp(data))
    server = await startServer(data)
  })
  afterAll(() => server.kill())

  const ask = async (path: string, init?: RequestInit): Promise<Answer> => {
    const answer = await server.request(path, init)
    return { status: answer.status, body: (await answer.json()) as Answer['body'] }
  }
  const write = (name: string) =>
    ask(`/api/insights.features.apply?workspace=${slug}`, {
      method: 'POST',
      body: JSON.stringify({ features: [{ name }] }),
    })
  const read = () => ask(`/api/insights.features.list?workspace=${slug}`)
  const fill = async (leftBytes: number) => {
    const { bavail, bsize } = await statfs(disk)
    // The server may write meanwhile; what does not fit is as full as it gets.
    await writeFile(join(disk, 'filler'), Buffer.alloc(Math.max(0, bavail * bsize - leftBytes))).catch(() => undefined)
  }

  test('full: writes are refused in words, reads go on, and the server says it is not ready and why', async () => {
    expect((await write('Before')).status).toBe(200)
    await fill(0)
    for (const refused of [
      await write('Meanwhile'),
      await ask(`/api/uploads?workspace=${slug}&name=x.csv`, { method: 'POST', body: 'id,account\n' }),
    ])
      expect(refused).toMatchObject({
        status: 503,
        body: { error: { code: 'unavailable', message: expect.stringContaining('The server’s disk is full') } },
      })
    expect(await read()).toMatchObject({ status: 200, body: { features: [{ name: 'Before' }] } })
    expect(await ask('/readyz')).toMatchObject({
      status: 503,
      body: { ok: false, reads: true, writes: false, why: expect.stringContaining('disk is full') },
    })
    await rm(join(disk, 'filler'))
    expect(await ask('/readyz')).toEqual({ status: 200, body: { ok: true } })
    expect((await write('After')).status).toBe(200)
    expect(await read()).toMatchObject({ body: { features: [{ name: 'After' }, { name: 'Before' }] } })
  })

  test('a start on a full disk, or on one mounted for reading only, says which folder it is and what to do', async () => {
    await server.kill()
    await fill(0)
    await expect(startServer(data)).rejects.toThrow(`The disk that holds ${data} is full.`)
    await rm(join(disk, 'filler'))
    execFileSync('mount', ['-o', 'remount,ro', disk])
    try {
      await expect(startServer(data)).rejects.toThrow(
        new RegExp(`${data} lies on a disk that is mounted for reading only`),
      )
    } finally {
      execFileSync('mount', ['-o', 'remount,rw', disk])
    }
    server = await startServer(data)
    expect((await read()).status).toBe(200)
  })
})

const program = fileURLToPath(new URL('../src/main.ts', import.meta.url))
/** Starts it as that user, and hears what it says until it ends. */
const startAs = (data: string, user: number | null) =>
  new Promise<string>((resolve) => {
    let said = ''
    const child = spawn(process.execPath, [program, '--data', data, '--port', '0'], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, HOST: '127.0.0.1', UV_THREADPOOL_SIZE: '12' },
      ...(user === null ? {} : { uid: user, gid: user }),
    })
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        said += chunk.toString()
        if (said.includes('ready at')) child.kill('SIGKILL')
      })
    child.once('exit', () => resolve(said))
  })

test('a folder of another user: a start says which it is, as whom it runs and what to do, and changes nothing', async () => {
  const nobody = 65_534
  const data = await mkdtemp(join(folder, 'other-'))
  await chmod(folder, 0o755)
  if (isRoot) await chown(data, 0, 0)
  await chmod(data, isRoot ? 0o755 : 0o500)
  const said = await startAs(data, isRoot ? nobody : null)
  expect(said).toMatch(
    new RegExp(
      `^${data} belongs to another user: this program runs as user \\d+ and may not write there\\. .*--data\\.\\n$`,
    ),
  )
  // One file within that somebody else made is told by its own name.
  if (!isRoot) return
  await chown(data, nobody, nobody)
  await writeFile(join(data, 'secret.key'), 'x', { mode: 0o600 })
  expect(await startAs(data, nobody)).toMatch(/secret\.key belongs to another user/)
})

test.skipIf(!isRoot)(
  'what else lies in the folder, such as lost+found of its disk, does not keep it from starting',
  async () => {
    const nobody = 65_534
    const data = await mkdtemp(join(folder, 'mounted-'))
    await chmod(folder, 0o755)
    await chown(data, nobody, nobody)
    await mkdir(join(data, 'lost+found'), { mode: 0o700 })
    await writeFile(join(data, 'secret.key'), 'x'.repeat(43), { mode: 0o400 })
    await chown(join(data, 'secret.key'), nobody, nobody)
    expect(await startAs(data, nobody)).toContain('ready at')
  },
)
