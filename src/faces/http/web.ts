/** The built web: hashed files for a year, and one page for every address, with this response's nonce. */
import { readFile } from 'node:fs/promises'
import { extname, join, normalize } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Hono } from 'hono'
import { ProductError } from '../../platform/errors.ts'
import { fileAt } from '../../platform/files/on-disk.ts'
import type { Env } from './security.ts'

const types: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.woff2': 'font/woff2',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
}

export function mountWeb(app: Hono<Env>, folder: string): void {
  const zipped = new Map<string, Uint8Array<ArrayBuffer>>()
  app.get('/assets/*', async (c) => {
    const path = normalize(join(folder, c.req.path))
    if (!path.startsWith(join(folder, 'assets', '/')) || !fileAt(path))
      throw new ProductError('not-found', 'There is no such file. Load the page again: it may be of an older version.')
    const type = types[extname(path)] ?? 'application/octet-stream'
    const headers: Record<string, string> = {
      'content-type': type,
      'cache-control': 'public, max-age=31536000, immutable',
      vary: 'accept-encoding',
    }
    if (/^text|svg|json/.test(type) && /\bgzip\b/.test(c.req.header('accept-encoding') ?? '')) {
      let body = zipped.get(path)
      if (!body) zipped.set(path, (body = new Uint8Array(gzipSync(await readFile(path)))))
      return c.body(body, 200, { ...headers, 'content-encoding': 'gzip' })
    }
    return c.body(new Uint8Array(await readFile(path)), 200, headers)
  })
  // The addresses of invitations that went out before links had one prefix.
  app.get('/invitation', (c) => c.redirect(`/l/${(c.req.query('token') ?? '').replaceAll(/[^\w-]/g, '') || 'unknown'}`))
  app.get('/l/:token', async (c) => {
    c.header('cache-control', 'no-store')
    c.header('referrer-policy', 'no-referrer')
    c.header('x-robots-tag', 'noindex, nofollow')
    return c.html((await readFile(join(folder, 'link.html'), 'utf8')).replaceAll('__NONCE__', c.get('nonce')))
  })
  app.get('*', async (c) => {
    const file = normalize(join(folder, c.req.path))
    if (extname(file) && file.startsWith(join(folder, '/')) && fileAt(file))
      return c.body(new Uint8Array(await readFile(file)), 200, {
        'content-type': types[extname(file)] ?? 'application/octet-stream',
      })
    const html = await readFile(join(folder, 'index.html'), 'utf8')
    c.header('cache-control', 'no-store')
    return c.html(html.replaceAll('__NONCE__', c.get('nonce')))
  })
}
