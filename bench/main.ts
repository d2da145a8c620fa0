/** `npm run bench`: every promise at its quick size; `-- --full` at the promised one. Each runs in a process of its own. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { machine, type Bench, type Row } from './measure.ts'

const { values } = parseArgs({
  options: {
    full: { type: 'boolean', default: false },
    only: { type: 'string' },
    child: { type: 'string' },
    keep: { type: 'string' },
  },
})

// The question changes the entitlements of the company that the refresh measures, so it comes after it.
const benches: Record<string, () => Promise<Bench>> = {
  page: async () => (await import('./page.ts')).page,
  analyses: async () => (await import('./analyses.ts')).analyses,
  refresh: async () => (await import('./refresh.ts')).refresh,
  question: async () => (await import('./question.ts')).question,
  import: async () => (await import('./import.ts')).imports,
  readers: async () => (await import('./readers.ts')).readers,
  fuzz: async () => (await import('./fuzz.ts')).fuzzing,
  crash: async () => (await import('./crash.ts')).crashes,
}

if (values.child) {
  const bench = await benches[values.child]!()
  process.stdout.write(`\n@@${JSON.stringify(await bench({ isFull: values.full, folder: values.keep! }))}\n`)
  process.exit(0)
}
if (values.only && !benches[values.only]) {
  process.stderr.write(`There is no promise “${values.only}”. There are: ${Object.keys(benches).join(', ')}.\n`)
  process.exit(1)
}

/** `--keep FOLDER` keeps the companies for the next run; else they go with the run. */
const folder = values.keep ?? mkdtempSync(join(tmpdir(), 'throughline-bench-'))
const results = fileURLToPath(new URL('./results.md', import.meta.url))
const rows: (Row & { bench: string })[] = []
for (const name of Object.keys(benches)) {
  if (values.only && values.only !== name) continue
  process.stderr.write(`${name} …\n`)
  const from = performance.now()
  const args = [
    '--disable-warning=ExperimentalWarning',
    fileURLToPath(import.meta.url),
    '--child',
    name,
    '--keep',
    folder,
    ...(values.full ? ['--full'] : []),
  ]
  const child = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 1 << 26,
  })
  const text = child.stdout.split('\n').find((line) => line.startsWith('@@'))
  const found = text
    ? (JSON.parse(text.slice(2)) as Row[])
    : [{ what: name, figure: 'did not run', target: '', met: false, note: `exit ${child.status}` }]
  for (const row of found) {
    rows.push({ ...row, bench: name })
    process.stdout.write(
      `${row.met === null ? '–' : row.met ? '✓' : '✗'} ${row.what}: ${row.figure}${row.target ? ` (${row.target})` : ''}${row.note ? `; ${row.note}` : ''}\n`,
    )
  }
  process.stderr.write(`  ${((performance.now() - from) / 1000).toFixed(0)} s\n`)
}
if (!values.keep) rmSync(folder, { recursive: true, force: true })
write()
process.exit(rows.some((row) => row.met === false) ? 1 : 0)

/** The figures of one size replace those of that size alone, and of the benches that ran. */
function write(): void {
  const title = values.full ? 'Full size' : 'Quick size'
  const old = existsSync(results) ? readFileSync(results, 'utf8') : ''
  const sections = new Map(
    old
      .split(/^## /m)
      .slice(1)
      .map((text) => [text.slice(0, text.indexOf('\n')), text.slice(text.indexOf('\n') + 1)]),
  )
  const day = new Date().toISOString().slice(0, 10)
  const order = Object.keys(benches)
  const kept = (sections.get(title) ?? '')
    .split('\n')
    .filter(
      (line) =>
        order.some((name) => line.startsWith(`| ${name} |`)) && !rows.some((r) => line.startsWith(`| ${r.bench} |`)),
    )
  const fresh = rows.map(
    (r) =>
      `| ${r.bench} | ${r.what} | ${r.figure} | ${r.target} | ${r.met === null ? '–' : r.met ? 'yes' : 'no'} | ${r.note} | ${day} |`,
  )
  const lines = [...kept, ...fresh].sort(
    (a, b) => order.indexOf(a.split(' | ')[0]!.slice(2)) - order.indexOf(b.split(' | ')[0]!.slice(2)),
  )
  const remark = values.full
    ? 'The promises are made for this size. A shared machine is up to 1.6 times slower in one hour than in another, so compare milliseconds of one run only; ratios are of one run.'
    : 'A smaller size of each, to look at after a change; promises of the full size are not judged here.'
  sections.set(
    title,
    `\n${remark} ${machine()}.\n\n| bench | what | figure | promise | kept | note | measured |\n|---|---|---|---|---|---|---|\n${lines.join('\n')}\n\n`,
  )
  const head =
    '# What was measured\n\n`npm run bench` measures the quick size, `npm run bench -- --full` the promised one, `-- --only NAME` one of them. Every figure was printed by such a run; what is compared took turns in one run, so that other work on the machine fell on both.\n\n'
  writeFileSync(
    results,
    `${head}${['Full size', 'Quick size']
      .filter((t) => sections.has(t))
      .map((t) => `## ${t}\n${sections.get(t)}`)
      .join('')}`.trimEnd() + '\n',
  )
}
