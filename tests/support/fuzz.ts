/**
 * Requests that are nearly right: each operation's example with one or a few fields at or beyond their bounds, of another type, or of
 * texts that trip programs up. The same seed makes the same requests. What is answered is compared with the OpenAPI document.
 */
import { z } from 'zod'
import { hashToken, newId, newToken } from '../../src/platform/ids.ts'
import { roles, type Role } from '../../src/platform/auth/permissions.ts'
import type { AnyOperation, Fixtures } from '../../src/platform/operation.ts'
import { insertToken } from '../../src/platform/people/queries.ts'
import { operations } from '../../src/operations.ts'
import type { TestApp, TestWorkspace } from './app.ts'
import { fixturesOf } from './fixtures/every-room.ts'

interface Schema {
  type?: string
  enum?: unknown[]
  const?: unknown
  format?: string
  pattern?: string
  minimum?: number
  maximum?: number
  minLength?: number
  maxLength?: number
  maxItems?: number
  properties?: Record<string, Schema>
  items?: Schema | false
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
}
type Path = (string | number)[]
interface Field {
  path: Path
  schema: Schema
}
export interface FuzzReport {
  requests: number
  byStatus: Record<string, number>
  problems: string[]
}

/** Mulberry32: small, and the same everywhere. */
function randomOf(seed: number) {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
  return {
    below: (n: number) => Math.floor(next() * n),
    pick: <T>(of: readonly T[]) => of[Math.floor(next() * of.length)]!,
  }
}

const nested = (schema: Schema) => [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])]

function fieldsOf(schema: Schema, path: Path = [], depth = 0): Field[] {
  if (depth > 6) return []
  const here: Field[] = path.length > 0 ? [{ path, schema }] : []
  return [
    ...here,
    ...Object.entries(schema.properties ?? {}).flatMap(([name, of]) => fieldsOf(of, [...path, name], depth + 1)),
    ...(schema.items ? fieldsOf(schema.items, [...path, 0], depth + 1) : []),
    ...nested(schema).flatMap((of) => fieldsOf(of, path, depth + 1)),
  ]
}

/** Stands for a number that JSON can write and no program can hold. */
const endless = 'a number without an end'
const texts = [
  '',
  ' ',
  '\0',
  'a\0b',
  '\uD800',
  'x\uDC00y',
  '\uFEFF',
  '\u200B',
  "'; drop table batch; --",
  '%_\\',
  '😀'.repeat(40),
  '‮txet',
  '__proto__',
  'NaN',
  '../../etc/passwd',
  'x'.repeat(2001),
  'x'.repeat(20_000),
]
const numbers = [
  0,
  -1,
  1,
  1.5,
  2 ** 31 - 1,
  2 ** 31,
  -(2 ** 31) - 1,
  2 ** 53,
  1e15,
  1e16,
  1e308,
  -1e308,
  5e-324,
  endless,
]
const days = [
  '2025-02-30',
  '2025-13-01',
  '0000-01-01',
  '0001-01-01',
  '1900-02-29',
  '9999-12-31',
  '2025-12-31',
  '2025-12-31T00:00:00Z',
  '-0001-01-01',
]
const months = ['2025-13', '2025-00', '0000-01', '0001-01', '9999-12', '0100-01', '9899-12', '2025-12', '1969-12']
const ids = [
  'x',
  '00000000-0000-0000-0000-000000000000',
  'ffffffff-ffff-ffff-ffff-ffffffffffff',
  '0190b5a0-0000-7000-8000-00000000000f',
]
const others = [null, true, 'x', 7, {}, [], [[]], { x: { x: {} } }, { __proto__: 1 }]

/** What such a field is tried with. */
function tried({ schema }: Field): unknown[] {
  const within = [
    ...(schema.enum ?? []).slice(0, 3),
    ...(schema.const === undefined ? [] : [schema.const]),
    ...[schema.minimum, schema.maximum].flatMap((n) => (n === undefined ? [] : [n, n - 1, n + 1])),
    ...(schema.maxLength === undefined ? [] : ['y'.repeat(schema.maxLength), 'y'.repeat(schema.maxLength + 1)]),
    ...(schema.minLength ? ['y'.repeat(schema.minLength), 'y'.repeat(schema.minLength - 1)] : []),
  ]
  const isDated = schema.type === 'string' && schema.pattern?.includes('(?!0000)')
  const byKind =
    schema.type === 'string'
      ? schema.format === 'uuid'
        ? ids
        : isDated
          ? schema.pattern!.includes('02-29')
            ? days
            : months
          : texts
      : schema.type === 'number' || schema.type === 'integer'
        ? numbers
        : schema.type === 'array'
          ? [
              Array.from({ length: 10_001 }, () => 'x'),
              Array.from({ length: (schema.maxItems ?? 50) + 1 }, (_, i) => i),
            ]
          : []
  return [...within, ...byKind, ...others]
}

function withValue(of: unknown, [key, ...rest]: Path, value: unknown): unknown {
  if (key === undefined) return value
  if (typeof key === 'number') {
    const list: unknown[] = Array.isArray(of) ? [...(of as unknown[])] : []
    list[key] = withValue(list[key], rest, value)
    return list
  }
  const named = typeof of === 'object' && of !== null && !Array.isArray(of) ? of : {}
  return { ...named, [key]: withValue((named as Record<string, unknown>)[key], rest, value) }
}

const asJson = (input: unknown) => JSON.stringify(input)?.replaceAll(`"${endless}"`, '1e999') ?? 'null'

interface Documented {
  paths: Record<string, Record<string, { responses: Record<string, { content?: Record<string, { schema: object }> }> }>>
  components: { schemas: { Error: object } }
}

/** @returns what an answer of this status is not by the document, or null where it is as described */
function compareWith(document: Documented) {
  const schemas = new Map<object, z.ZodType>()
  const schemaOf = (described: object) => {
    const known = schemas.get(described) ?? z.fromJSONSchema(described as never)
    schemas.set(described, known)
    return known
  }
  return (op: AnyOperation, status: number, body: unknown): string | null => {
    const entry = document.paths[`/api/${op.name}`]?.[op.kind === 'read' ? 'get' : 'post']?.responses[String(status)]
    if (!entry) return `the status ${status} is not described`
    const described = entry.content?.['application/json']?.schema
    if (!described) return null
    const result = schemaOf('$ref' in described ? document.components.schemas.Error : described).safeParse(body)
    return result.success ? null : `an answer that is not as described: ${result.error.message.slice(0, 400)}`
  }
}

/** Longer addresses are refused; what is long is sent as a body, as any client does. */
const longestInAddress = 4000

/** @param heard after each request, how many there were */
export async function fuzz(
  app: TestApp,
  workspace: TestWorkspace,
  {
    requests,
    seed,
    heard = async () => undefined,
  }: { requests: number; seed: number; heard?: (done: number) => Promise<void> },
): Promise<FuzzReport> {
  const random = randomOf(seed)
  const report: FuzzReport = { requests: 0, byStatus: {}, problems: [] }
  const differs = compareWith((await (await app.app.request('/api/openapi.json')).json()) as Documented)
  const tokens = new Map<Role | null, string | null>([[null, null]])
  for (const role of roles) tokens.set(role, await tokenOf(app, workspace, role))
  const askers: (Role | null)[] = [...roles, 'admin', 'admin', 'admin', 'product-manager', null]
  const fields = new Map(
    operations.map((op) => [
      op,
      fieldsOf(z.toJSONSchema(op.input as z.ZodType, { io: 'input', reused: 'inline' }) as Schema),
    ]),
  )
  const made = new Map<Role, Fixtures>()
  const rowsFor = async (role: Role) => {
    const rows = made.get(role) ?? (await fixturesOf(app, workspace, role))
    made.set(role, rows)
    return rows
  }
  const each = Math.ceil(requests / operations.length)
  for (const op of operations) {
    const of = fields.get(op)!
    // Every field of every operation once with each kind of value as far as the number allows, then any of them.
    const plan = of.flatMap((field) => tried(field).map((value) => ({ field, value })))
    for (let n = 0; n < each && report.requests < requests; n += 1) {
      const role = random.pick(askers)
      let input: unknown = op.example(await rowsFor(role ?? 'admin'))
      const changes = plan.length === 0 ? 0 : 1 + (random.below(4) === 0 ? random.below(3) : 0)
      for (let i = 0; i < changes; i += 1) {
        const { field, value } = random.pick(plan)
        input = withValue(input, field.path, value)
      }
      if (plan.length === 0 && n > 3) input = random.pick(others)
      const status = await ask(op, role, input)
      report.requests += 1
      report.byStatus[status] = (report.byStatus[status] ?? 0) + 1
      // A write that went through may have used up what it was about.
      if (op.kind === 'write' && status === 200) made.delete(role ?? 'admin')
      await heard(report.requests)
    }
  }
  return report

  async function ask(op: AnyOperation, role: Role | null, input: unknown): Promise<number> {
    const text = asJson(input)
    const token = tokens.get(role)
    const headers = {
      'content-type': 'application/json',
      origin: 'http://localhost',
      ...(token ? { authorization: `Bearer ${token}` } : {}),
    }
    const path = `/api/${op.name}?workspace=${workspace.slug}`
    const answer =
      op.kind === 'read' && text.length < longestInAddress
        ? await app.app.request(`${path}&input=${encodeURIComponent(text)}`, { headers })
        : await app.app.request(path, { method: 'POST', headers, body: text })
    const body: unknown = await answer.json().catch(() => null)
    const wrong = answer.status >= 500 ? JSON.stringify(body) : differs(op, answer.status, body)
    if (wrong && report.problems.length < 50)
      report.problems.push(`${op.name} as ${role ?? 'nobody'}: ${answer.status} to ${text.slice(0, 300)}: ${wrong}`)
    return answer.status
  }
}

async function tokenOf(app: TestApp, workspace: TestWorkspace, role: Role): Promise<string> {
  const token = newToken()
  await insertToken(app.services.db, {
    id: newId(),
    userId: workspace.as[role].actor!.userId,
    name: 'fuzz',
    tokenHash: hashToken(token),
    mayReadPaths: false,
    createdAt: new Date(),
  })
  return token
}
