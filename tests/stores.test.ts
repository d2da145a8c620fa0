/** What the types say of the tables is what the tables are, on both stores. */
import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { getMigrations } from 'better-auth/db/migration'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { authTables, signInOptions } from '../src/platform/auth/sign-in.ts'
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
const librarys: string[] = [
  authTables.session,
  authTables.account,
  authTables.verification,
  authTables.rateLimit,
  'migration',
]

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
    const bodies = new Map([...text.matchAll(/interface (\w+) \{([^}]*)\}/g)].map((m) => [m[1]!, m[2]!]))
    const list = /(?:interface|type) \w+Tables (?:= )?\{\n([\s\S]*?)\n\}/.exec(text)![1]!
    for (const [, table, inline, named] of list.matchAll(/^\s*(\w+): (?:\{(.*)\}|(\w+))$/gm))
      tables[table!] = columnsOf(inline ?? bodies.get(named!) ?? '')
  }
  return tables
}

function columnsOf(body: string): Record<string, Column> {
  return Object.fromEntries(
    body
      .split(/[;\n]/)
      .map((part) => /^\s*(\w+): (.+?)\s*$/.exec(part))
      .filter((m) => m !== null)
      .map(([, name, type]) => [name!, columnOf(type!)]),
  )
}

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
    select table_name as "table", column_name as "column", data_type as type, is_nullable = 'YES' as "isNullable", column_default is not null as "hasDefault"
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
      signInOptions({
        db: store.db,
        secret: 'a secret for tests only, long enough',
        baseUrl: () => 'http://localhost',
        log: openLog('silent'),
      }),
    )
    expect({ toBeCreated, toBeAdded }).toEqual({ toBeCreated: [], toBeAdded: [] })
  })
})
