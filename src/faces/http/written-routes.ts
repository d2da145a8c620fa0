/** The routes that no operation stands for, as the OpenAPI document describes them. A test compares them with what the app serves. */
import type { ErrorCode } from '../../platform/errors.ts'

export interface WrittenRoute {
  method: 'get' | 'post'
  /** As OpenAPI writes it: `/api/downloads/{file}`. */
  path: string
  summary: string
  /** Whether who asks is signed in, and whether a workspace is named. */
  asks: 'nobody' | 'a person of a workspace'
  parameters?: { name: string; in: 'query' | 'path'; description: string; required: boolean }[]
  body?: { type: string; schema: object }
  answer: { type: string; schema: object }
  errors: readonly ErrorCode[]
  /** Answers beside 200 that are no errors of ours. */
  also?: Record<number, { description: string; type: string; schema: object }>
}

const text = { type: 'string' }
const flag = { type: 'boolean' }
const object = (properties: Record<string, object>, required = Object.keys(properties)) => ({
  type: 'object',
  properties,
  required,
})
const json = 'application/json'
const signedIn: readonly ErrorCode[] = ['unauthenticated', 'forbidden', 'not-found']
const joining = object({ token: text, name: text, email: text, password: text }, ['token', 'name', 'password'])
const session = { type: 'object', description: 'as the sign-in gives it', additionalProperties: true }

export const writtenRoutes: readonly WrittenRoute[] = [
  {
    method: 'get',
    path: '/healthz',
    summary: 'Whether the process lives',
    asks: 'nobody',
    answer: { type: json, schema: object({ ok: flag }) },
    errors: [],
  },
  {
    method: 'get',
    path: '/readyz',
    summary: 'Whether the stores answer and the disk takes writes',
    asks: 'nobody',
    answer: { type: json, schema: object({ ok: flag }) },
    errors: [],
    also: {
      503: {
        description: 'Not ready, and why; what is there may still be read',
        type: json,
        schema: object({ ok: flag, reads: flag, writes: flag, why: text }),
      },
    },
  },
  {
    method: 'get',
    path: '/api/openapi.json',
    summary: 'This document',
    asks: 'nobody',
    answer: { type: json, schema: { type: 'object', additionalProperties: true } },
    errors: [],
  },
  {
    method: 'get',
    path: '/api/schema',
    summary: 'What an operation takes, as JSON Schema for its form',
    asks: 'nobody',
    parameters: [
      { name: 'operation', in: 'query', description: 'by its name: insights.features.create', required: true },
    ],
    answer: { type: json, schema: { type: 'object', additionalProperties: true } },
    errors: ['not-found'],
  },
  {
    method: 'get',
    path: '/api/setup',
    summary: 'Whether somebody has to set this installation up',
    asks: 'nobody',
    parameters: [{ name: 'token', in: 'query', description: 'of the one-time link', required: false }],
    answer: { type: json, schema: object({ isNeeded: flag, isLinkValid: flag }) },
    errors: [],
  },
  {
    method: 'post',
    path: '/api/setup',
    summary: 'Set the installation up by its one-time link',
    asks: 'nobody',
    body: { type: json, schema: joining },
    answer: { type: json, schema: session },
    errors: ['forbidden', 'conflict', 'precondition'],
  },
  {
    method: 'post',
    path: '/api/uploads',
    summary: 'Send a file; imports ask for the id that is answered',
    asks: 'a person of a workspace',
    parameters: [{ name: 'name', in: 'query', description: 'what the file is called', required: false }],
    body: { type: 'application/octet-stream', schema: { type: 'string', format: 'binary' } },
    answer: { type: json, schema: object({ id: text, name: text, sizeBytes: { type: 'integer' } }) },
    errors: signedIn,
  },
  {
    method: 'get',
    path: '/api/downloads/{file}',
    summary: 'A file that was written for other tools',
    asks: 'a person of a workspace',
    parameters: [{ name: 'file', in: 'path', description: 'its name, such as metrics.csv', required: true }],
    answer: { type: 'application/octet-stream', schema: { type: 'string', format: 'binary' } },
    errors: signedIn,
  },
  {
    method: 'get',
    path: '/api/live',
    summary: 'What changes in the workspace, as server-sent events: each names topics, none holds data',
    asks: 'a person of a workspace',
    answer: { type: 'text/event-stream', schema: { type: 'string' } },
    errors: signedIn,
  },
]
