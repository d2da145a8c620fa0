import { z } from 'zod'
import type { ErrorCode } from '../../platform/errors.ts'
import { isPermission, type AnyOperation } from '../../platform/operation.ts'
import { linkHeader } from './callers.ts'
import { errorCodes, statusOf, tooLongStatus, tooOftenStatus } from './errors.ts'
import { writtenRoutes, type WrittenRoute } from './written-routes.ts'

const schema = (type: z.ZodType, io: 'input' | 'output') => {
  const { $schema: _, ...rest } = z.toJSONSchema(type, { io }) as Record<string, unknown>
  return rest
}

const isNeeded = (input: Record<string, unknown>) => Array.isArray(input['required']) && input['required'].length > 0

const errorSchema = {
  type: 'object',
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['code', 'message'],
      properties: { code: { type: 'string', enum: errorCodes }, message: { type: 'string' }, details: {} },
    },
  },
}

/** What may go wrong with any request, an operation's or not. */
const always: readonly ErrorCode[] = ['invalid', 'limit', 'unavailable', 'bug']

/** The errors that asking this can end in: by who may ask, and by what a change can meet. */
export function errorsOf(op: Pick<AnyOperation, 'kind' | 'may'>): ErrorCode[] {
  return [
    ...always,
    ...(op.may === 'public' ? [] : (['unauthenticated', 'forbidden'] as const)),
    ...(isPermission(op.may) || op.may === 'link' ? (['not-found', 'precondition', 'outside'] as const) : []),
    ...(op.kind === 'write' ? (['not-found', 'conflict', 'precondition', 'forbidden', 'outside'] as const) : []),
  ]
}

const asJson = (schema: object) => ({ 'application/json': { schema } })

/** An answer for each status: several codes may share one. */
function errorResponses(codes: readonly ErrorCode[]): Record<string, object> {
  const byStatus = Map.groupBy(new Set(codes), (code) => statusOf[code])
  const all = [...byStatus].map(([status, of]): [string, object] => [
    String(status),
    {
      description: of.map((code) => meanings[code]).join('; '),
      content: asJson({ $ref: '#/components/schemas/Error' }),
    },
  ])
  return Object.fromEntries([...all, [String(tooLongStatus), tooLong], [String(tooOftenStatus), tooOften]])
}

const tooLong = {
  description: 'The address is longer than 16 KB',
  content: asJson({ $ref: '#/components/schemas/Error' }),
}

const tooOften = {
  description: 'It was asked too often; the details say when it may be asked again',
  content: asJson({ $ref: '#/components/schemas/Error' }),
}

const meanings: Record<ErrorCode, string> = {
  invalid: 'What was given does not fit, and what would',
  unauthenticated: 'Nobody is signed in',
  forbidden: 'The role does not allow it',
  'not-found': 'There is no such thing in this workspace',
  conflict: 'It was changed meanwhile',
  precondition: 'The state of things does not allow it yet',
  limit: 'More than is taken at once',
  throttled: 'It was tried too often; the details say when it opens',
  unavailable: 'The server cannot do it at the moment',
  outside: 'Another system failed',
  bug: 'Our fault; the log has it under the id that is told',
}

const workspaceParameter = {
  name: 'workspace',
  in: 'query',
  required: true,
  schema: { type: 'string' },
  description: 'The short name of the workspace',
}

/**
 * The OpenAPI 3.1 document, derived from the list of operations and the short one of routes written by hand.
 * @param isSecure whether people reach it by https, where the cookie bears another name
 */
export function openApi(operations: readonly AnyOperation[], version: string, isSecure = false): object {
  const paths: Record<string, Record<string, object>> = {}
  const add = (path: string, method: string, entry: object) => {
    paths[path] = { ...paths[path], [method]: entry }
  }
  for (const op of operations) {
    add(`/api/${op.name}`, op.kind === 'read' ? 'get' : 'post', describe(op))
    if (op.csv) add(`/api/${op.name}.csv`, 'get', describeTable(op))
  }
  for (const route of writtenRoutes) add(route.path, route.method, describeWritten(route))
  return {
    openapi: '3.1.0',
    info: {
      title: 'Throughline',
      version,
      description:
        'Every verb of the product. Reads are GET with the input as JSON in `input`, or POST with it as the body; writes are POST with the input as the body. Append `.csv` to a read that has a table. A file is sent as the body of `POST /api/uploads?workspace=…&name=…`, which answers the id that imports ask for.',
    },
    paths,
    components: {
      securitySchemes: {
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: `${isSecure ? '__Host-' : ''}throughline.session_token`,
        },
        token: { type: 'http', scheme: 'bearer' },
        link: { type: 'apiKey', in: 'header', name: linkHeader },
      },
      schemas: { Error: errorSchema },
    },
  }
}

function whoMay({ may, link }: AnyOperation): string {
  if (may === 'public') return 'Open to anyone.'
  if (may !== 'link') return `Asks: ${may}.`
  return `For whoever holds a link${link?.purpose ? ` for ${link.purpose}` : ''}: what follows /l/ in its address goes into the header.`
}

function inputParameter(op: AnyOperation) {
  const input = schema(op.input, 'input')
  return {
    name: 'input',
    in: 'query',
    required: isNeeded(input),
    description: 'The input as JSON; a POST with it as the body does the same',
    content: asJson(input),
  }
}

const whoAsks = (op: AnyOperation) => ({
  tags: [op.name.split('.').slice(0, -1).join('.')],
  description: whoMay(op),
  security: op.may === 'public' ? [] : op.may === 'link' ? [{ link: [] }] : [{ session: [] }, { token: [] }],
})

function describe(op: AnyOperation): object {
  return {
    operationId: op.name,
    summary: op.summary,
    ...whoAsks(op),
    parameters: [
      ...(isPermission(op.may) ? [workspaceParameter] : []),
      ...(op.kind === 'read' ? [inputParameter(op)] : []),
    ],
    ...(op.kind === 'write' ? { requestBody: { required: true, content: asJson(schema(op.input, 'input')) } } : {}),
    responses: {
      200: { description: 'Done', content: asJson(schema(op.output, 'output')) },
      ...(op.kind === 'read' ? { 304: { description: 'As it was: the tag that was sent is that of the answer' } } : {}),
      ...errorResponses(errorsOf(op)),
    },
  }
}

function describeTable(op: AnyOperation): object {
  return {
    operationId: `${op.name}.csv`,
    summary: `${op.summary}, as a table`,
    ...whoAsks(op),
    parameters: [...(isPermission(op.may) ? [workspaceParameter] : []), inputParameter(op)],
    responses: {
      200: { description: 'All of its rows', content: { 'text/csv': { schema: { type: 'string' } } } },
      ...errorResponses(errorsOf(op)),
    },
  }
}

function describeWritten({
  method,
  path,
  summary,
  asks,
  parameters = [],
  body,
  answer,
  errors,
  also = {},
}: WrittenRoute): object {
  const isScoped = asks !== 'nobody'
  return {
    operationId: `${method} ${path}`,
    summary,
    tags: ['by hand'],
    description: isScoped ? `Asks: ${asks}.` : 'Open to anyone.',
    security: isScoped ? [{ session: [] }, { token: [] }] : [],
    parameters: [
      ...(isScoped ? [workspaceParameter] : []),
      ...parameters.map((parameter) => ({ ...parameter, schema: { type: 'string' } })),
    ],
    ...(body ? { requestBody: { required: true, content: { [body.type]: { schema: body.schema } } } } : {}),
    responses: {
      200: { description: 'Done', content: { [answer.type]: { schema: answer.schema } } },
      ...errorResponses([...always, ...errors]),
      ...Object.fromEntries(
        Object.entries(also).map(([status, { description, type, schema: of }]) => [
          status,
          { description, content: { [type]: { schema: of } } },
        ]),
      ),
    },
  }
}
