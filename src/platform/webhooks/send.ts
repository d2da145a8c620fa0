/** A signed POST to an address that a person named, which must not be a way into the network that the server stands in. */
import { createHmac } from 'node:crypto'
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { outside } from '../errors.ts'
import { guardedLookup, parseOutsideUrl } from '../outside/address.ts'

export interface WebhookSender {
  readonly mayReachPrivate: boolean
  /** @param id names the post, so that a receiver can tell whether it has it already */
  post(url: string, body: string, secret: string, id: string): Promise<{ status: number }>
}

/** @throws invalid for what is no address to post to */
export const parseWebhookUrl = (text: string, mayReachPrivate: boolean): URL =>
  parseOutsideUrl(text, mayReachPrivate, 'the receiver knows us by the signature')

const answerWithinMs = 15_000

export function openWebhooks({ mayReachPrivate }: { mayReachPrivate: boolean }): WebhookSender {
  const guarded = guardedLookup(mayReachPrivate)
  return {
    mayReachPrivate,
    async post(text, body, secret, id) {
      const url = parseWebhookUrl(text, mayReachPrivate)
      const send = url.protocol === 'https:' ? httpsRequest : httpRequest
      const status = await new Promise<number>((resolve, reject) => {
        const request = send(
          url,
          {
            method: 'POST',
            lookup: guarded,
            timeout: answerWithinMs,
            headers: {
              'content-type': 'application/json',
              'content-length': Buffer.byteLength(body),
              'user-agent': 'Throughline',
              'x-throughline-signature': signatureOf(body, secret),
              'x-throughline-message': id,
            },
          },
          (response) => {
            response.resume()
            resolve(response.statusCode ?? 0)
          },
        )
        request.on('timeout', () => request.destroy(new Error('no answer in time')))
        request.on('error', reject)
        request.end(body)
      }).catch((error: unknown) => {
        throw error instanceof Error && error.name === 'ProductError'
          ? error
          : outside(`${url.host} could not be reached: ${error instanceof Error ? error.message : 'unknown'}.`, error)
      })
      // A redirect is not followed: it could lead into the own network.
      if (status < 200 || status > 299)
        throw outside(`${url.host} answered ${status}; nothing was taken.`, null, { status })
      return { status }
    },
  }
}

/** What the receiver computes too: HMAC-SHA256 of the body with the shared secret. */
export const signatureOf = (body: string, secret: string): string =>
  `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`
