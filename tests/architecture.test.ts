/** What is said of the house is checked here, so that it stays true. There is no list of exceptions. */
import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { parseSync } from 'vite'

const root = fileURLToPath(new URL('..', import.meta.url))
const textOf = (path: string) => readFileSync(join(root, path), 'utf8')
const filesIn = (folder: string) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((path) => join(folder, path))
    .filter((path) => /\.tsx?$/.test(path) && !path.endsWith('.d.ts'))
    .sort()

interface Arrow {
  from: string
  to: string
  isType: boolean
  /** Fetched when it is needed, by `import()`. */
  isLater: boolean
}
interface Source {
  path: string
  text: string
  arrows: Arrow[]
  exportsDefault: boolean
}

/** Every way to another file: `import`, `import type`, `export … from`, `import()` and `new URL('…', import.meta.url)`. */
function read(path: string): Source {
  const text = textOf(path)
  const { module, errors } = parseSync(path, text)
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]!.message}`)
  const arrow = (to: string, isType: boolean, isLater = false): Arrow => ({
    from: path,
    to: to.startsWith('.') ? join(dirname(path), to) : to,
    isType,
    isLater,
  })
  return {
    path,
    text,
    exportsDefault: module.staticExports.some((e) => e.entries.some((entry) => entry.exportName.kind === 'Default')),
    arrows: [
      ...module.staticImports.map((i) =>
        arrow(i.moduleRequest.value, /^import\s+type\b/.test(text.slice(i.start, i.end))),
      ),
      ...module.staticExports.flatMap((e) =>
        e.entries.flatMap((entry) => (entry.moduleRequest ? [arrow(entry.moduleRequest.value, entry.isType)] : [])),
      ),
      ...module.dynamicImports.map(({ moduleRequest: at }) => arrow(text.slice(at.start + 1, at.end - 1), false, true)),
      ...[...text.matchAll(/new URL\('(\.[^']+\.ts)', import\.meta\.url\)/g)].map((m) => arrow(m[1]!, false)),
    ],
  }
}

const [src, web, sample, bench] = ['src', 'web', 'sample', 'bench'].map((folder) => filesIn(folder).map(read)) as [
  Source[],
  Source[],
  Source[],
  Source[],
]
const isTest = (path: string) => path.endsWith('.test.ts')
const product = src.filter((file) => !isTest(file.path))
const told = (arrows: Arrow[]) => arrows.map(({ from, to }) => `${from} → ${to}`)
const inwards = (file: Source) => file.arrows.filter((a) => /^(src|web|tests|bench|sample)\//.test(a.to))

/** From the ground up; what stands on one floor does not know its neighbours. */
const floors = [
  ['sample'],
  ['platform'],
  ['connectors'],
  ['insights'],
  ['customers', 'practices'],
  ['decisions', 'requests'],
  ['setup', 'board', 'evidence'],
  ['sharing', 'search', 'home'],
  ['faces/cli', 'faces/http', 'faces/mcp'],
]
/** The same inside the ground pillar. */
const insightsFloors = [
  ['tables.ts', 'statistics', 'definitions'],
  ['datasets'],
  ['accounts'],
  ['features'],
  ['freshness', 'annotations'],
  ['analyses'],
  ['targets'],
  ['stories', 'whitespace', 'out', 'withholding'],
  ['refresh'],
  ['things.ts'],
  ['room.ts'],
]
const floorOf = (room: string) => floors.findIndex((floor) => floor.includes(room))
const composition = ['src/start.ts', 'src/main.ts', 'src/operations.ts']

function roomOf(path: string): string | null {
  const [top, first, second] = path.split('/')
  if (top === 'sample') return 'sample'
  if (top !== 'src' || !first) return null
  return first === 'faces' ? `faces/${second}` : first
}

test('every file of src stands in a room of the house', () => {
  expect(
    product.map((file) => file.path).filter((path) => !composition.includes(path) && floorOf(roomOf(path) ?? '') < 0),
  ).toEqual([])
})

test('imports go down: never up, never across, never out to the web, the tests or the bench', () => {
  const wrong = src
    .filter((file) => !composition.includes(file.path))
    .flatMap((file) =>
      inwards(file).filter(({ to }) => {
        if (isTest(file.path) && to.startsWith('tests/support/')) return false
        const own = roomOf(file.path)!
        const other = roomOf(to)
        if (composition.includes(to)) return !own.startsWith('faces/')
        return other === null || (own !== other && floorOf(other) >= floorOf(own))
      }),
    )
  expect(told(wrong)).toEqual([])
})

test('inside insights imports go down too, types included', () => {
  const insights = src.filter((file) => file.path.startsWith('src/insights/') && !isTest(file.path))
  const roomWithin = (path: string) => path.split('/')[2]!
  const floorWithin = (path: string) => insightsFloors.findIndex((floor) => floor.includes(roomWithin(path)))
  expect(insights.map((file) => file.path).filter((path) => floorWithin(path) < 0)).toEqual([])
  const wrong = insights.flatMap((file) =>
    inwards(file).filter(
      ({ to }) =>
        to.startsWith('src/insights/') &&
        roomWithin(to) !== roomWithin(file.path) &&
        floorWithin(to) >= floorWithin(file.path),
    ),
  )
  expect(told(wrong)).toEqual([])
})

test('questions stand on their common ground, which knows none of them, and no two need each other', () => {
  const analyses = src.filter((file) => file.path.startsWith('src/insights/analyses/') && !isTest(file.path))
  const questionOf = (path: string) => path.split('/')[3]!
  const between = analyses.flatMap((file) =>
    inwards(file)
      .filter(({ to }) => to.startsWith('src/insights/analyses/') && questionOf(to) !== questionOf(file.path))
      .map(({ to }) => `${questionOf(file.path)} → ${questionOf(to)}`),
  )
  const pairs = new Set(between)
  expect([...pairs].filter((pair) => pair.startsWith('ground → '))).toEqual([])
  expect([...pairs].filter((pair) => pairs.has(pair.split(' → ').toReversed().join(' → ')))).toEqual([])
})

test('no files of the product need each other in a circle', () => {
  const needs = new Map(
    product.map((file) => [
      file.path,
      inwards(file)
        .filter((a) => !a.isType)
        .map((a) => a.to),
    ]),
  )
  const circles: string[] = []
  const done = new Set<string>()
  const walk = (path: string, way: string[]) => {
    if (way.includes(path)) circles.push([...way.slice(way.indexOf(path)), path].join(' → '))
    else if (!done.has(path)) {
      for (const next of needs.get(path) ?? []) walk(next, [...way, path])
      done.add(path)
    }
  }
  for (const path of needs.keys()) walk(path, [])
  expect(circles).toEqual([])
})

test('the web takes types from the server, never its code, and the sample’s generator takes nothing', () => {
  expect(
    told(web.flatMap(inwards).filter((a) => !a.to.startsWith('web/') && !(a.isType && a.to.startsWith('src/')))),
  ).toEqual([])
  expect(told(sample.flatMap(inwards).filter((a) => !a.to.startsWith('sample/')))).toEqual([])
})

test('what a page wears is in the styles that it loads, by whatever way it was reached', () => {
  const files = new Map(web.map((file) => [file.path, file]))
  const loads = (path: string, seen = new Set<string>()): Set<string> => {
    if (seen.has(path)) return seen
    seen.add(path)
    for (const a of files.get(path)?.arrows ?? []) if (!a.isType && !a.isLater) loads(a.to, seen)
    return seen
  }
  const styles = readdirSync(join(root, 'web'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.css'))
    .map((path) => join('web', path))
  const definedIn = Map.groupBy(
    styles.flatMap((path) =>
      [...textOf(path).matchAll(/\.([a-z][\w-]*)(?=[^{}]*\{)/gi)].map((m) => ({ name: m[1]!, path })),
    ),
    (rule) => rule.name,
  )
  // In braces, what a class is chosen by is no class.
  const worn = ({ text }: Source) =>
    [...text.matchAll(/className=(?:"([^"]*)"|\{((?:[^{}]|\{[^{}]*\})*)\})/g)].flatMap(([, plain, inBraces = '']) =>
      plain === undefined
        ? [...inBraces.replaceAll(/[!=]== '[^']*'/g, '').matchAll(/'([^']*)'|`([^`]*)`/g)].flatMap((m) =>
            (m[1] ?? m[2]!).replaceAll(/[\w-]*\$\{[^}]*\}[\w-]*/g, ' ').split(/\s+/),
          )
        : plain.split(/\s+/),
    )
  // Pages behind a link are an entry of their own.
  const roots = ['web/main.tsx', 'web/link/main.tsx'] as const
  const always = (entry: string) => loads(entry.startsWith('web/link/') ? roots[1] : roots[0])
  const entries = [...roots, ...web.flatMap((file) => file.arrows.filter((a) => a.isLater).map((a) => a.to))]
  const bare = new Set<string>()
  for (const entry of entries) {
    const loaded = always(entry).union(loads(entry))
    for (const path of loaded)
      for (const name of files.has(path) ? worn(files.get(path)!) : [])
        if (definedIn.get(name)?.every((rule) => !loaded.has(rule.path)))
          bare.add(`${path} wears ${name}, which ${entry} does not load`)
  }
  expect([definedIn.size > 300, [...bare].sort()]).toEqual([true, []])
})

test('a scope is made where somebody was let in or the server works for nobody, and nowhere else', () => {
  expect(
    product
      .filter((file) => /\bproveScope\(/.test(file.text) && file.path !== 'src/platform/scope.ts')
      .map((file) => file.path),
  ).toEqual([
    'src/insights/datasets/schedules/queries/schedules.ts',
    'src/platform/auth/arrival.ts',
    'src/platform/jobs/queue.ts',
    'src/platform/operation.ts',
  ])
})

test('the environment is read in config.ts alone', () => {
  const reads =
    /\bprocess\s*\.\s*env\b|\bimport\.meta\.env\b|\benv\b[^}\n]*\}\s*(=\s*process\b|from\s*'(node:)?process')/
  expect([...product, ...web, ...sample].filter((file) => reads.test(file.text)).map((file) => file.path)).toEqual([
    'src/platform/config.ts',
  ])
})

test('SQL of the operational store stands in queries.ts', () => {
  const mayHoldSql = (path: string) =>
    /\/queries(\.ts$|\/)/.test(path) || basename(path) === 'tables.ts' || path.startsWith('src/platform/db/')
  const builds =
    /\b(selectFrom|insertInto|updateTable|deleteFrom|mergeInto|withTables|executeQuery)\s*(<[^>]*>)?\(|\bsql(<[^`]*>)?`/
  const wrong = product.filter(
    (file) =>
      !mayHoldSql(file.path) &&
      (builds.test(file.text) || file.arrows.some((a) => (a.to === 'kysely' || a.to === 'pg') && !a.isType)),
  )
  expect(wrong.map((file) => file.path)).toEqual([])
})

test('nothing is exported without a name, and no file only hands others on', () => {
  const all = [...src, ...web, ...sample, ...bench]
  expect(all.filter((file) => file.exportsDefault).map((file) => file.path)).toEqual([])
  expect(
    all.filter((file) => /^export\s+(type\s+)?(\*|\{[^}]*\})[^\n;]*\bfrom\b/m.test(file.text)).map((file) => file.path),
  ).toEqual([])
  expect(all.filter((file) => /^index\.tsx?$/.test(basename(file.path))).map((file) => file.path)).toEqual([])
})

test('files and folders are named by their topic, in kebab-case', () => {
  const named = [...src, ...web, ...sample, ...bench].map((file) => file.path).concat(filesIn('tests'))
  const isTopic = (part: string) =>
    /^[a-z0-9]+(-[a-z0-9]+)*$/.test(part) && !/^(utils?|helpers?|common|shared|libs?|misc|index)$/.test(part)
  expect(
    named.filter((path) => !path.split('/').every((part) => isTopic(part.replace(/(\.test)?\.tsx?$/, '')))),
  ).toEqual([])
})

test('what is written holds no machine path and no registry', () => {
  const plain = [
    'README.md',
    'ARCHITECTURE.md',
    'CONTRIBUTING.md',
    'package-lock.json',
    'Dockerfile',
    'compose.yaml',
  ].map((path) => ({ path, text: textOf(path) }))
  expect(
    [...product, ...web, ...sample, ...bench, ...plain]
      .filter((file) => /(?<![.\w])\/(home|root|work|Users)\/\w|registry\.npmjs|"resolved": "http/.test(file.text))
      .map((file) => file.path),
  ).toEqual([])
})
