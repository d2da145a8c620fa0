/** When a message is tried again, what a failure means for it, and how chat systems take a message. */
import { isProductError } from '../errors.ts'

const minutesUntilNext = [1, 5, 30, 120, 480, 1440]

/** @param attempts how many there were @returns when the next one is due; null after the last */
export function nextTryAt(attempts: number, now: Date): Date | null {
  const minutes = minutesUntilNext[attempts - 1]
  return minutes === undefined ? null : new Date(now.getTime() + minutes * 60_000)
}

/** `again`: it surely did not arrive and may later. `never`: it was refused for good. `unsure`: it may have arrived, so that nobody sends it twice. */
export type Failure = 'again' | 'never' | 'unsure'

interface Cause {
  /** What a mail server answered. */
  responseCode?: unknown
  code?: unknown
  syscall?: unknown
}

const beforeAnyMail = ['EDNS', 'ETLS']

/** @param error what sending threw */
export function failureOf(error: unknown): Failure {
  if (!isProductError(error)) return 'unsure'
  // Refused by ourselves: an address within the own network, a secret that cannot be read, no mail server.
  if (error.code === 'precondition') return 'again'
  if (error.code !== 'outside') return 'never'
  const status = error.details?.['status']
  // Of a gateway that lost patience: the receiver behind it may have taken it.
  if (status === 408 || status === 502 || status === 504) return 'unsure'
  if (typeof status === 'number') return status >= 500 || status === 429 ? 'again' : 'never'
  const cause = (error.cause ?? {}) as Cause
  // Whoever runs the server mends its password; the mails that wait for that are as good as before.
  if (cause.code === 'EAUTH') return 'again'
  if (typeof cause.responseCode === 'number') return cause.responseCode >= 500 ? 'never' : 'again'
  if (cause.code === 'EENVELOPE') return 'never'
  const neverLeft =
    cause.syscall === 'connect' || cause.syscall === 'getaddrinfo' || beforeAnyMail.includes(String(cause.code))
  return neverLeft ? 'again' : 'unsure'
}

/** The body that a chat system's incoming webhook takes. */
export function chatBody(
  system: 'slack' | 'teams',
  message: { text: string; link?: { title: string; url: string } },
): string {
  const { text, link } = message
  if (system === 'slack') {
    const plain = (part: string) => part.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
    return JSON.stringify({
      text: link ? `${plain(text)}\n<${link.url}|${plain(link.title).replaceAll('|', '/')}>` : plain(text),
    })
  }
  return JSON.stringify({
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        content: {
          $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
          type: 'AdaptiveCard',
          version: '1.4',
          body: [{ type: 'TextBlock', text, wrap: true }],
          ...(link ? { actions: [{ type: 'Action.OpenUrl', title: link.title, url: link.url }] } : {}),
        },
      },
    ],
  })
}
