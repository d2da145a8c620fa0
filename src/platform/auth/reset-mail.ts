import type { Mail } from '../mail/mail.ts'
import { newId } from '../ids.ts'
import { resetMinutes } from './library.ts'

/** @param link none for a person who has no password: the mail says how they sign in, and nobody else learns it */
export function resetMail(about: {
  name: string
  email: string
  link: string | null
  provider: string | null
  site: string
}): Mail {
  const body = about.link
    ? `A new password was asked for, for ${about.email} at ${about.site}. Choose it here within ${resetMinutes} minutes; the link works once:

${about.link}

It ends your sessions everywhere.`
    : `A new password was asked for, for ${about.email} at ${about.site}. You sign in there by ${about.provider ?? 'your company’s sign-on'}, so that there is no password to renew.`
  return {
    id: newId(),
    to: about.email,
    subject: 'A new password for Throughline',
    text: `Hello ${about.name.replaceAll(/[\r\n]+/g, ' ')},

${body}

If you did not ask for it, there is nothing to do: your password stays as it is.
`,
  }
}
