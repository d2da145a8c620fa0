/** Mail out, by the server that the operator names; without one nothing is mailed, and whoever asks is told how to set one up. */
import { createTransport } from 'nodemailer'
import { outside, precondition } from '../errors.ts'

export interface Mail {
  /** Goes out as the mail's own id, by which mail systems know a mail that they have already. */
  id: string
  to: string
  subject: string
  text: string
  attachments?: { filename: string; content: string }[]
}
export interface Mailer {
  readonly isSetUp: boolean
  /** @throws precondition without a mail server, outside where it refuses */
  send(mail: Mail): Promise<void>
}

const sendWithinMs = 20_000

export const noMailServer = () =>
  precondition(
    [
      'No mail server is set up.',
      'Ask whoever runs the server to set THROUGHLINE_MAIL_URL and THROUGHLINE_MAIL_FROM,',
      'or download the list and send it yourself.',
    ].join(' '),
  )

export function openMailer(options: { url: string | null; from: string | null }): Mailer {
  const { url, from } = options
  if (!url || !from)
    return {
      isSetUp: false,
      async send() {
        throw noMailServer()
      },
    }
  const transport = createTransport(url, { from })
  return {
    isSetUp: true,
    async send({ id, ...mail }) {
      const messageId = `<${id}@${/@([\w.-]+)/.exec(from)?.[1] ?? 'throughline'}>`
      const sent = transport.sendMail({ ...mail, from, messageId, disableFileAccess: true, disableUrlAccess: true })
      let timer: NodeJS.Timeout | undefined
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error('no answer in time')), sendWithinMs)
      })
      // The address of the server may hold its password: what it answered is told, not where it is.
      try {
        await Promise.race([sent, late])
      } catch (error) {
        throw outside(`The mail server did not take the mail to ${mail.to}: ${reasonOf(error)}.`, error)
      } finally {
        clearTimeout(timer)
      }
    },
  }
}

const reasonOf = (error: unknown) =>
  (error instanceof Error
    ? 'response' in error && typeof error.response === 'string'
      ? error.response
      : error.message
    : 'unknown'
  )
    .replaceAll(/\/\/[^@\s]*@/g, '//')
    .slice(0, 200)
