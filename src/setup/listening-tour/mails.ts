/** What people are written, and when again. */
import { daysBetween } from '../../platform/calendar/month.ts'
import { shortDay } from '../../platform/wording.ts'
import { promiseOf } from './confidentiality.ts'

export type Occasion = 'ask' | 'remind' | 'play-back'

const mostReminders = 2
const daysApart = 2

/** Two reminders at most: two days after the invitation, and four days after it. */
export const mayRemind = (person: { askedOn: string | null; reminders: number }, today: string): boolean =>
  person.askedOn !== null &&
  person.reminders < mostReminders &&
  daysBetween(person.askedOn, today) >= daysApart * (person.reminders + 1)

export function mailOf(
  what: Occasion,
  of: { name: string; company: string; note: string; groupOf: number; closesOn: string; link: string },
): { subject: string; text: string } {
  const greeting = `Dear ${of.name},`
  if (what === 'play-back')
    return {
      subject: `What ${of.company} makes of your answers`,
      text: [
        greeting,
        'You answered. This is what was heard, what will be done, what will not, and why:',
        of.link,
      ].join('\n\n'),
    }
  const asked = [
    ...(of.note ? [of.note] : []),
    'It takes under four minutes, on a phone too, without an account:',
    of.link,
    `The link is yours alone: please do not pass it on. It is open until ${shortDay(of.closesOn)}.`,
    promiseOf(of.groupOf).join('\n'),
  ]
  return what === 'ask'
    ? { subject: `${of.company} asks: what gets in the way of your work?`, text: [greeting, ...asked].join('\n\n') }
    : {
        subject: `Still open: what gets in the way of your work?`,
        text: [
          greeting,
          'If you have answered already, thank you: who has is told for several people at a time, so this may reach you all the same.',
          ...asked,
        ].join('\n\n'),
      }
}
