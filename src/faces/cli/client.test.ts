import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { reaching } from './client.ts'

test('a server that is gone is said to be gone, with what becomes of the work', async () => {
  const server = createServer((_, response) => response.end('{}')).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  expect((await reaching(address)('/healthz')).ok).toBe(true)
  server.closeAllConnections()
  server.close()
  await once(server, 'close')
  await expect(reaching(address)('/healthz')).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringMatching(/does not answer any more.*jobs list/),
  })
})
