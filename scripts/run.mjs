// The two commands. Plain JavaScript that runs on Node 20: installs by lockfile, then hands over to Node 24.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { spawn, spawnSync } from 'node:child_process'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const at = (...parts) => join(root, ...parts)
// Objects of one question die young together: with the default room for them the server holds nearly 200 MB more.
const flags = JSON.parse(readFileSync(at('scripts', 'node-flags.json'), 'utf8'))
const say = (text) => process.stderr.write(`${text}\n`)

function run(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: root, stdio: 'inherit', env: environment(), ...options })
  if (result.error?.code === 'ETIMEDOUT') {
    say(`“${[command, ...args].join(' ')}” had no end within ${options.timeout / minute} minutes and was ended.`)
    return 1
  }
  if (result.error) throw result.error
  return result.status ?? 1
}

// What fetches from a network is given up where that does not answer.
const minute = 60_000
const patientNpm = ['--fetch-timeout=60000', '--fetch-retries=3']
const patientApt = ['http::Timeout=20', 'https::Timeout=20', 'Retries=1']
  .flatMap((option) => ['-o', `Acquire::${option}`])
  .concat('-o', 'DPkg::Lock::Timeout=120')

function environment() {
  return {
    UV_THREADPOOL_SIZE: '12',
    NODE_COMPILE_CACHE: at('.cache', 'compiled'),
    ...process.env,
    PATH: `${at('node_modules', '.bin')}${delimiter}${process.env.PATH}`,
  }
}

function install() {
  const lock = createHash('sha256')
    .update(readFileSync(at('package-lock.json')))
    .digest('hex')
  const stamp = at('node_modules', '.lock-sha')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return
  say('Installing what is missing (once, about a minute) …')
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  const status = run(npm, ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error', ...patientNpm], {
    env: process.env,
    timeout: 15 * minute,
  })
  if (status !== 0) process.exit(status)
  writeFileSync(stamp, lock)
}

function node24() {
  const own = at('node_modules', '.bin', process.platform === 'win32' ? 'node.exe' : 'node')
  const node = existsSync(own) ? own : process.execPath
  const version = spawnSync(node, ['--version'], { encoding: 'utf8', timeout: minute }).stdout ?? ''
  if (Number(/^v(\d+)/.exec(version)?.[1] ?? 0) < 24) {
    say(
      `Throughline runs on Node 24; ${version.trim() || 'none'} was found. Install Node 24 or later and run this again.`,
    )
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

const needsBuild = () =>
  !existsSync(at('dist', '.sources')) || readFileSync(at('dist', '.sources'), 'utf8') !== sourcesOfWeb()

function buildWeb(node) {
  if (!needsBuild()) return
  say('Building the web …')
  const status = run(node, [at('node_modules', 'vite', 'bin', 'vite.js'), 'build', '--logLevel', 'warn'], {
    timeout: 10 * minute,
  })
  if (status !== 0) process.exit(status)
  writeFileSync(at('dist', '.sources'), sourcesOfWeb())
}

const onPath = (name) =>
  (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path))

/** The browser of the tests: the one that is named, one that is installed, Debian's package where we may install it, else Playwright's download. */
function findBrowser(node) {
  const named = process.env.CHROMIUM_PATH
  if (named) return named
  const installed = () =>
    ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'].map(onPath).find(Boolean) ??
    [
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
      '/Applications/Chromium.app/Contents/MacOS/Chromium',
    ].find((path) => existsSync(path))
  const found = installed()
  if (found) return found
  if (process.getuid?.() === 0 && onPath('apt-get')) {
    say('Installing Chromium for the browser tests (once) …')
    const quiet = {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      timeout: 5 * minute,
    }
    const apt = (args, options) => run('apt-get', [...patientApt, ...args], options)
    if (apt(['install', '-y', '--no-install-recommends', 'chromium'], { ...quiet, stdio: 'ignore' }) !== 0) {
      apt(['update'], quiet)
      apt(['install', '-y', '--no-install-recommends', 'chromium'], quiet)
    }
    const debian = installed()
    if (debian) return debian
  }
  const asked = () =>
    spawnSync(
      node,
      ['-e', "import('playwright-core').then((p) => process.stdout.write(p.chromium.executablePath()))"],
      { cwd: root, encoding: 'utf8', timeout: minute },
    ).stdout?.trim()
  const own = asked()
  if (own && existsSync(own)) return own
  say('Downloading a browser for the browser tests (once) …')
  run(node, [at('node_modules', 'playwright-core', 'cli.js'), 'install', 'chromium', '--only-shell'], {
    stdio: 'ignore',
    timeout: 5 * minute,
  })
  const shell = spawnSync(
    node,
    [
      '-e',
      "import('playwright-core').then(async (p) => { const b = await p.chromium.launch(); process.stdout.write(p.chromium.executablePath()); await b.close() })",
    ],
    { cwd: root, encoding: 'utf8', timeout: minute },
  )
  return shell.status === 0 ? 'playwright' : undefined
}

const [verb, ...rest] = process.argv.slice(2)
install()
const node = node24()
if (verb === 'install') process.exit(0)
// The web with instant updates, beside a server started by `npm start`.
if (verb === 'dev') process.exit(run(node, [at('node_modules', 'vite', 'bin', 'vite.js'), ...rest]))
if (verb === 'build') {
  buildWeb(node)
  process.exit(0)
}
if (verb === 'test') {
  buildWeb(node)
  const browser = findBrowser(node)
  process.exit(
    run(node, [at('node_modules', 'vitest', 'vitest.mjs'), 'run', ...rest], {
      env: { ...environment(), ...(browser ? { CHROMIUM_PATH: browser } : {}) },
    }),
  )
}
if (verb === 'check') process.exit(run(node, [at('node_modules', 'typescript', 'bin', 'tsc'), '--noEmit', '-p', '.']))
if (verb === 'format') process.exit(run(node, [at('node_modules', 'oxfmt', 'bin', 'oxfmt'), ...rest]))
if (verb === 'bench')
  process.exit(run(node, ['--disable-warning=ExperimentalWarning', at('bench', 'main.ts'), ...rest]))
if (verb === 'start') {
  buildWeb(node)
  say('Opening the stores …')
  // Not spawnSync, which holds signals back: whoever stops this stops the server.
  const server = spawn(node, [...flags, at('src', 'main.ts'), ...rest], {
    cwd: root,
    stdio: 'inherit',
    env: environment(),
  })
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => server.kill(signal))
  server.on('exit', (code) => process.exit(code ?? 1))
} else {
  say(`“npm run ${verb}” has nothing to run yet in this version.`)
  process.exit(1)
}
