// The two commands. Plain JavaScript that runs on Node 20: installs by lockfile, then hands over to Node 24.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const at = (...parts) => join(root, ...parts)
const say = (text) => process.stderr.write(`${text}\n`)

function run(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: root, stdio: 'inherit', env: environment(), ...options })
  if (result.error) throw result.error
  return result.status ?? 1
}

function environment() {
  return { UV_THREADPOOL_SIZE: '12', ...process.env, PATH: `${at('node_modules', '.bin')}${delimiter}${process.env.PATH}` }
}

function install() {
  const lock = createHash('sha256').update(readFileSync(at('package-lock.json'))).digest('hex')
  const stamp = at('node_modules', '.lock-sha')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return
  say('Installing what is missing (once, about a minute) …')
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  const status = run(npm, ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'], { env: process.env })
  if (status !== 0) process.exit(status)
  writeFileSync(stamp, lock)
}

function node24() {
  const own = at('node_modules', '.bin', process.platform === 'win32' ? 'node.exe' : 'node')
  const node = existsSync(own) ? own : process.execPath
  const version = spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout ?? ''
  if (Number(/^v(\d+)/.exec(version)?.[1] ?? 0) < 24) {
    say(`Throughline runs on Node 24; ${version.trim() || 'none'} was found. Install Node 24 or later and run this again.`)
    process.exit(1)
  }
  return node
}

function sourcesOfWeb() {
  const hash = createHash('sha256')
  const add = (path) => {
    for (const entry of readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const full = join(path, entry.name)
      if (entry.isDirectory()) add(full)
      else hash.update(`${full.slice(root.length)}\n`).update(readFileSync(full))
    }
  }
  for (const folder of ['web', 'src']) add(at(folder))
  for (const file of ['package-lock.json', 'vite.config.ts']) hash.update(readFileSync(at(file)))
  return hash.digest('hex')
}

const needsBuild = () => !existsSync(at('dist', '.sources')) || readFileSync(at('dist', '.sources'), 'utf8') !== sourcesOfWeb()

const [verb, ...rest] = process.argv.slice(2)
install()
const node = node24()
if (verb === 'test') {
  process.exit(run(node, [at('node_modules', 'vitest', 'vitest.mjs'), 'run', ...rest]))
}
if (verb === 'check') process.exit(run(node, [at('node_modules', 'typescript', 'bin', 'tsc'), '--noEmit', '-p', '.']))
if (verb === 'start') {
  if (existsSync(at('vite.config.ts')) && needsBuild()) {
    say('Building the web …')
    const status = run(node, [at('node_modules', 'vite', 'bin', 'vite.js'), 'build', '--logLevel', 'warn'])
    if (status !== 0) process.exit(status)
    writeFileSync(at('dist', '.sources'), sourcesOfWeb())
  }
  say('Opening the stores …')
  process.exit(run(node, ['--disable-warning=ExperimentalWarning', at('src', 'main.ts'), ...rest]))
}
say(`“npm run ${verb}” has nothing to run yet in this version.`)
process.exit(1)
