/** How an invitation is told to whom it is for. */
import { shortDay } from '../wording.ts'

/** Names come from people: without line breaks, so that none becomes a header or a paragraph of its own. */
export function invitationMail(to: { workspace: string; role: string; from: string; link: string; expiresAt: Date }): {
  subject: string
  text: string
} {
  const plain = (text: string) => text.replaceAll(/\s+/g, ' ').trim()
  return {
    subject: `${plain(to.from)} invites you to ${plain(to.workspace)} on Throughline`,
    text: [
      `${plain(to.from)} invites you to ${plain(to.workspace)} on Throughline, as ${to.role.replace('-', ' ')}.`,
      '',
      `Join here, once, until ${shortDay(to.expiresAt.toISOString().slice(0, 10))}:`,
      to.link,
      '',
      'If you did not expect this, leave it be: nothing happens without you.',
    ].join('\n'),
  }
}
