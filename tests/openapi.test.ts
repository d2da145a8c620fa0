import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { statusOf } from '../src/faces/http/errors.ts'
import { errorsOf, openApi } from '../src/faces/http/openapi.ts'
import { writtenRoutes } from '../src/faces/http/written-routes.ts'
import { operations } from '../src/operations.ts'
import { newId } from '../src/platform/ids.ts'
import { isPermission } from '../src/platform/operation.ts'
import { version } from '../src/start.ts'
import { testApp, type TestApp } from './support/app.ts'

interface Schema {
  [keyword: string]: unknown
}
interface Content {
  content: Record<string, { schema: Schema }>
}
interface Entry {
  operationId: string
  summary: string
  description: string
  tags: string[]
  security: Record<string, string[]>[]
  parameters: ({
    name: string
    in: string
    required: boolean
    description: string
    schema?: Schema
  } & Partial<Content>)[]
  requestBody?: Content & { required: boolean }
  responses: Record<string, Content & { description: string }>
}
interface Document {
  openapi: string
  info: { title: string; version: string; description: string }
  paths: Record<string, Record<string, Entry>>
  components: { schemas: Record<string, Schema>; securitySchemes: Record<string, unknown> }
}

let app: TestApp
let document: Document
beforeAll(async () => {
  app = await testApp()
  document = (await (await app.app.request('/api/openapi.json')).json()) as Document
})
afterAll(() => app.close())

const entryOf = (name: string) => Object.entries(document.paths[`/api/${name}`] ?? {})[0]!
const inputOf = (entry: Entry): Schema =>
  (entry.requestBody ?? entry.parameters.find((p) => p.name === 'input'))!.content!['application/json']!.schema

test('the document is OpenAPI 3.1 with an entry of its own for every operation, every table and every route by hand, and none besides', () => {
  expect(document.openapi).toBe('3.1.0')
  expect(document.info).toMatchObject({ title: 'Throughline', version })
  expect(new Set(Object.keys(document.paths))).toEqual(
    new Set([
      ...operations.flatMap((op) => [`/api/${op.name}`, ...(op.csv ? [`/api/${op.name}.csv`] : [])]),
      ...writtenRoutes.map((route) => route.path),
    ]),
  )
  expect(
    new Set(Object.values(document.paths).flatMap((path) => Object.values(path).map((entry) => entry.operationId)))
      .size,
  ).toBe(Object.values(document.paths).flatMap((path) => Object.keys(path)).length)
})

test.each(operations.map((op) => [op.name, op] as const))(
  '%s is described: how it is called, what it asks, what it answers',
  (name, op) => {
    const [method, entry] = entryOf(name)
    expect({ method, id: entry.operationId, summary: entry.summary }).toEqual({
      method: op.kind === 'read' ? 'get' : 'post',
      id: name,
      summary: op.summary,
    })
    expect(entry.summary).toMatch(/^[A-Z].{8,}[^.]$/)
    expect(entry.description).not.toBe('')
    for (const scheme of entry.security)
      for (const key of Object.keys(scheme)) expect(document.components.securitySchemes).toHaveProperty([key])
    const isScoped = isPermission(op.may)
    expect(entry.security.some((scheme) => 'link' in scheme)).toBe(op.may === 'link')
    expect(entry.parameters.map((p) => p.name)).toEqual([
      ...(isScoped ? ['workspace'] : []),
      ...(op.kind === 'read' ? ['input'] : []),
    ])
    for (const parameter of entry.parameters)
      expect(parameter, parameter.name).toMatchObject({
        in: 'query',
        required: expect.any(Boolean),
        description: expect.stringMatching(/\w/),
      })
    const statuses = [
      '200',
      ...(op.kind === 'read' ? ['304'] : []),
      '414',
      '429',
      ...errorsOf(op).map((c) => String(statusOf[c])),
    ]
    expect(new Set(Object.keys(entry.responses))).toEqual(new Set(statuses))
    for (const response of Object.values(entry.responses)) expect(response.description).toMatch(/\w/)
    const problems: string[] = []
    checkSchema(inputOf(entry), `${name} input`, problems)
    for (const [status, response] of Object.entries(entry.responses))
      if (status !== '304') checkSchema(response.content['application/json']!.schema, `${name} ${status}`, problems)
    expect(problems).toEqual([])
  },
)

test('every route that is served is in the document, but for pages, their files and what the sign-in library answers', () => {
  const asWritten = (path: string) => path.replaceAll(/:(\w+)/g, '{$1}')
  const served = app.app.routes
    .filter(({ method, path }) => method !== 'ALL' && !/^\/api\/(reference|auth\/)|^\/assets|^\/?\*$/.test(path))
    .map(({ method, path }) => ({ method: method.toLowerCase(), path: asWritten(path) }))
  // Reads answer a POST as well, and writes answer a GET with how they are asked.
  const isOther = (path: string) => operations.some((op) => path === `/api/${op.name}`)
  const missing = served.filter(({ method, path }) => !document.paths[path]?.[method] && !isOther(path))
  expect(missing).toEqual([])
  for (const { method, path } of writtenRoutes) expect(served).toContainEqual({ method, path })
})

test('the cookie bears the name that it has under https', () => {
  const named = openApi(operations, version, true) as Document
  expect(named.components.securitySchemes['session']).toMatchObject({ name: '__Host-throughline.session_token' })
})

test('what an operation takes as an example fits the schema that is published for it', () => {
  const id = newId()
  const fixtures = new Proxy<Record<string, string>>(
    {},
    { get: (_, name) => (name === 'batchId' ? '1' : name === 'filePath' ? '/tmp/users.csv' : id) },
  )
  const refused = operations.flatMap((op) => {
    const result = z.fromJSONSchema(inputOf(entryOf(op.name)[1])).safeParse(op.example(fixtures))
    return result.success ? [] : [`${op.name}: ${result.error.message}`]
  })
  expect(refused).toEqual([])
})

test('the reference page asks no other host', async () => {
  const page = await app.app.request('/api/reference')
  expect(page.status).toBe(200)
  const html = await page.text()
  expect(html).not.toMatch(/\/\/|@import|url\(/)
  const parts = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map((m) => m[1]!)
  expect(parts).toHaveLength(3)
  for (const part of parts) {
    const answer = await app.app.request(part)
    expect([part, answer.status, answer.headers.get('content-type')]).toEqual([
      part,
      200,
      part.endsWith('.css') ? 'text/css' : 'text/javascript',
    ])
  }
  const policy = page.headers.get('content-security-policy')!
  expect(policy).toMatch(/^default-src 'none'/)
  expect(policy).not.toMatch(/https?:|\*|script-src[^;]*unsafe/)
})

const keywords: Record<string, (value: unknown) => boolean> = {
  type: (v) =>
    [v].flat().every((t) => ['string', 'number', 'integer', 'boolean', 'object', 'array', 'null'].includes(String(t))),
  properties: isRecord,
  required: isList,
  enum: isList,
  const: () => true,
  default: () => true,
  items: (v) => v === false || isRecord(v),
  prefixItems: isList,
  anyOf: isList,
  oneOf: isList,
  allOf: isList,
  additionalProperties: (v) => typeof v === 'boolean' || isRecord(v),
  propertyNames: isRecord,
  title: isText,
  description: isText,
  format: isText,
  pattern: (v) => isText(v) && Boolean(new RegExp(v as string, 'u')),
  minimum: isNumber,
  maximum: isNumber,
  exclusiveMinimum: isNumber,
  exclusiveMaximum: isNumber,
  minLength: isNumber,
  maxLength: isNumber,
  minItems: isNumber,
  maxItems: isNumber,
  maxProperties: isNumber,
  multipleOf: isNumber,
  $ref: isText,
}
function isRecord(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
function isList(value: unknown): value is unknown[] {
  return Array.isArray(value) && value.length > 0
}
function isText(value: unknown): boolean {
  return typeof value === 'string'
}
function isNumber(value: unknown): boolean {
  return typeof value === 'number'
}

/** Every keyword is one of JSON Schema 2020-12 with a value of its kind, every reference resolves within the document. */
function checkSchema(schema: unknown, at: string, problems: string[]): void {
  if (!isRecord(schema)) {
    problems.push(`${at}: no schema`)
    return
  }
  for (const [keyword, value] of Object.entries(schema))
    if (!keywords[keyword]?.(value)) problems.push(`${at}: ${keyword} is ${JSON.stringify(value)}`)
  const {
    $ref,
    properties = {},
    required = [],
    items,
    prefixItems = [],
    anyOf = [],
    oneOf = [],
    allOf = [],
    additionalProperties,
  } = schema as {
    $ref?: string
    properties?: Schema
    required?: string[]
    items?: unknown
    prefixItems?: unknown[]
    anyOf?: unknown[]
    oneOf?: unknown[]
    allOf?: unknown[]
    additionalProperties?: unknown
  }
  if ($ref !== undefined && !document.components.schemas[/^#\/components\/schemas\/(\w+)$/.exec($ref)?.[1] ?? ''])
    problems.push(`${at}: ${$ref} is nowhere`)
  for (const name of required) if (!(name in properties)) problems.push(`${at}: ${name} is required and not described`)
  for (const [name, property] of Object.entries(properties)) checkSchema(property, `${at}.${name}`, problems)
  for (const part of [
    ...(items === undefined || items === false ? [] : [items]),
    ...prefixItems,
    ...anyOf,
    ...oneOf,
    ...allOf,
    ...(isRecord(additionalProperties) ? [additionalProperties] : []),
  ])
    checkSchema(part, at, problems)
}
