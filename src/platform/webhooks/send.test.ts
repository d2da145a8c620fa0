import { expect, test } from 'vitest'
import { openWebhooks, parseWebhookUrl } from './send.ts'

test.each([
  ['ftp://example.com', /begins with https/],
  ['nonsense', /begins with https/],
  ['http://example.com/x', /only https/],
  ['https://a:b@example.com', /leave name and password out/],
  ['https://127.0.0.1/x', /own network/],
  ['https://[::1]/x', /own network/],
  ['https://localhost/x', /own network/],
  ['https://2130706433/', /own network/],
])('%s is refused', (url, message) => {
  expect(() => parseWebhookUrl(url, false)).toThrow(message)
})

test('a name that leads into the own network is refused when it is connected to', async () => {
  await expect(openWebhooks({ mayReachPrivate: false }).post('https://localhost./x', '{}', 's', '1')).rejects.toThrow(
    /own network|could not be reached/,
  )
})
