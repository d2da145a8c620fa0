/** The reference page of the API, served from our own files: no outside host is asked. */
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Hono } from 'hono'
import type { Env } from './security.ts'

const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'))
const files: Record<string, string> = { 'swagger-ui.css': 'text/css', 'swagger-ui-bundle.js': 'text/javascript' }

const page = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Throughline API</title><meta name="viewport" content="width=device-width">
<link rel="stylesheet" href="/api/reference/swagger-ui.css"></head><body><main id="reference"></main>
<script src="/api/reference/swagger-ui-bundle.js"></script><script src="/api/reference/start.js"></script></body></html>`
const start = `SwaggerUIBundle({ url: '/api/openapi.json', dom_id: '#reference', deepLinking: true, docExpansion: 'none', tagsSorter: 'alpha' })`

export function mountReference(app: Hono<Env>): void {
  app.get('/api/reference', (c) => {
    // The viewer styles its elements in place, which only this page allows.
    c.header(
      'content-security-policy',
      "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'",
    )
    return c.html(page)
  })
  app.get('/api/reference/start.js', (c) => c.body(start, 200, { 'content-type': 'text/javascript' }))
  for (const [name, type] of Object.entries(files))
    app.get(`/api/reference/${name}`, async (c) =>
      c.body(await readFile(join(folder, name), 'utf8'), 200, { 'content-type': type }),
    )
}
