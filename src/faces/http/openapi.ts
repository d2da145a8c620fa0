import { z } from 'zod'
import { isPermission, type AnyOperation } from '../../platform/operation.ts'
import { linkHeader } from './callers.ts'
import { errorCodes } from './errors.ts'

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

/** The OpenAPI 3.1 document, derived from the list of operations and nothing else. */
export function openApi(operations: readonly AnyOperation[], version: string): object {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Throughline',
      version,
      description:
        'Every verb of the product. Reads are GET with the input as JSON in `input`; writes are POST with the input as the body. Append `.csv` to a read that has a table. A file is sent as the body of `POST /api/uploads?workspace=…&name=…`, which answers the id that imports ask for.',
    },
    paths: Object.fromEntries(
      operations.map((op) => [`/api/${op.name}`, { [op.kind === 'read' ? 'get' : 'post']: describe(op) }]),
    ),
    components: {
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: 'throughline.session_token' },
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

function describe(op: AnyOperation): object {
  const isScoped = isPermission(op.may)
  const input = schema(op.input, 'input')
  return {
    operationId: op.name,
    summary: op.summary,
    tags: [op.name.split('.').slice(0, -1).join('.')],
    description: whoMay(op),
    security: op.may === 'public' ? [] : op.may === 'link' ? [{ link: [] }] : [{ session: [] }, { token: [] }],
    parameters: [
      ...(isScoped
        ? [
            {
              name: 'workspace',
              in: 'query',
              required: true,
              schema: { type: 'string' },
              description: 'The short name of the workspace',
            },
          ]
        : []),
      ...(op.kind === 'read'
        ? [
            {
              name: 'input',
              in: 'query',
              required: isNeeded(input),
              description: 'The input as JSON; a POST with it as the body does the same',
              content: { 'application/json': { schema: input } },
            },
          ]
        : []),
    ],
    ...(op.kind === 'write'
      ? { requestBody: { required: true, content: { 'application/json': { schema: input } } } }
      : {}),
    responses: {
      200: { description: 'Done', content: { 'application/json': { schema: schema(op.output, 'output') } } },
      default: {
        description: 'What, where and what to do',
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
      },
    },
  }
}
