/** What the types say of the tables is what the tables are, on both stores. */
import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { getMigrations } from 'better-auth/db/migration'
import { sql } from 'kysely'
import { parseSync } from 'vite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { libraryOptions } from '../src/platform/auth/library.ts'
import { migrate } from '../src/platform/db/migrate.ts'
import type { Store } from '../src/platform/db/open.ts'
import { openLog } from '../src/platform/log.ts'
import { stores } from './support/stores.ts'

interface Column {
  kind: string
  isNullable: boolean
  hasDefault: boolean
}
type Tables = Record<string, Record<string, Column>>
/** No `tables.ts` names them. */
const librarys: string[] = ['auth_rate_limit', 'migration']

const src = fileURLToPath(new URL('../src', import.meta.url))
const kinds: Record<string, string> = {
  boolean: 'boolean',
  integer: 'number',
  bigint: 'number',
  'double precision': 'number',
  'timestamp with time zone': 'time',
  jsonb: 'json',
  text: 'text',
  uuid: 'text',
  date: 'text',
}

/** The tables as every `tables.ts` declares them, read from its text, because types are gone when it runs. */
function declaredTables(): Tables {
  const tables: Tables = {}
  for (const path of globSync('**/tables.ts', { cwd: src })) {
    const text = readFileSync(`${src}/${path}`, 'utf8')
    const shapes = shapesOf(path, text)
    const aliases = new Map([...text.matchAll(/^type (\w+) = (ColumnType<.*>)$/gm)].map((m) => [m[1]!, m[2]!]))
    const spelt = (type: string) => aliases.get(type) ?? type
    const list = [...shapes].find(([name]) => name.endsWith('Tables'))![1]
    for (const { name, type } of list) {
      const columns = type.type === 'TSTypeLiteral' ? membersOf(type) : shapes.get(text.slice(type.start, type.end))!
      tables[name] = Object.fromEntries(
        columns.map((c) => [c.name, columnOf(spelt(text.slice(c.type.start, c.type.end)))]),
      )
    }
  }
  return tables
}

interface Node {
  type: string
  start: number
  end: number
  [key: string]: unknown
}

/** The members of every interface and type literal of a file, by name. */
function shapesOf(path: string, text: string): Map<string, { name: string; type: Node }[]> {
  const body = parseSync(path, text).program.body as unknown as Node[]
  const declared = body.map((node) => (node['declaration'] as Node | undefined) ?? node)
  return new Map(
    declared.flatMap((node) => {
      const shape = node.type === 'TSInterfaceDeclaration' ? node['body'] : node['typeAnnotation']
      return shape ? [[(node['id'] as { name: string }).name, membersOf(shape as Node)]] : []
    }),
  )
}

const membersOf = (shape: Node): { name: string; type: Node }[] =>
  ((shape['members'] ?? shape['body'] ?? []) as Node[])
    .filter((m) => m.type === 'TSPropertySignature')
    .map((m) => ({
      name: (m['key'] as { name: string }).name,
      type: (m['typeAnnotation'] as { typeAnnotation: Node }).typeAnnotation,
    }))

function columnOf(type: string): Column {
  const selected = /^(?:ColumnType|Generated)<([^,>]+)/.exec(type)?.[1] ?? type
  const kind = /\bDate\b|\bTime\b/.test(selected)
    ? 'time'
    : /\b(unknown|object|Json|JobProgress)\b/.test(selected)
      ? 'json'
      : (/\b(number|boolean)\b/.exec(selected)?.[0] ?? 'text')
  return {
    kind,
    isNullable: /\bnull\b/.test(type),
    hasDefault: /^Generated\b|\bundefined\b/.test(type) && !/\bnull\b/.test(type),
  }
}

async function realTables(store: Store): Promise<Tables> {
  const { rows } = await sql<{ table: string; column: string; type: string; isNullable: boolean; hasDefault: boolean }>`
    select table_name as "table", column_name as "column", data_type as type, is_nullable = 'YES' as "isNullable", (column_default is not null or is_identity = 'YES') as "hasDefault"
    from information_schema.columns where table_schema = current_schema() order by ordinal_position`.execute(store.db)
  const tables: Tables = {}
  for (const { table, column, type, ...rest } of rows)
    (tables[table] ??= {})[column] = { kind: kinds[type] ?? type, ...rest }
  return tables
}

describe.each(stores)('$name', ({ open, skip }) => {
  if (skip) {
    test.skip(`not run: ${skip}`, () => undefined)
    return
  }
  let store: Store
  beforeAll(async () => {
    store = await open()
    await migrate(store)
  })
  afterAll(() => store.close())

  test('every table has the columns that its type names, no more and no fewer, of that kind, and null where it says so', async () => {
    const real = await realTables(store)
    const declared = declaredTables()
    const plain = (tables: Tables) =>
      Object.entries(tables)
        .flatMap(([table, columns]) =>
          Object.entries(columns).map(
            ([name, { kind, isNullable }]) => `${table}.${name} ${kind}${isNullable ? ' or null' : ''}`,
          ),
        )
        .sort()
    for (const table of librarys) delete real[table]
    expect(plain(declared)).toEqual(plain(real))
    expect(
      Object.entries(declared).flatMap(([table, columns]) =>
        Object.keys(columns)
          .filter((name) => columns[name]!.hasDefault && !real[table]![name]!.hasDefault)
          .map((name) => `${table}.${name}`),
      ),
    ).toEqual([])
  })

  test('the sign-in library finds nothing left to create', async () => {
    const { toBeCreated, toBeAdded } = await getMigrations(
      libraryOptions({
        db: store.db,
        secret: 'a secret for tests only, long enough',
        baseUrl: () => 'http://localhost',
        log: openLog('silent'),
        hasPasswords: true,
        hooks: {
          signedIn: async () => undefined,
          admit: async () => undefined,
          resetAsked: () => undefined,
          passwordReset: async () => undefined,
        },
      }),
    )
    expect({ toBeCreated, toBeAdded }).toEqual({ toBeCreated: [], toBeAdded: [] })
  })
})
