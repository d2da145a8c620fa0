/** How often may be guessed: a budget of failures that fills up again with time, one for each way of guessing. */
import { createHash } from 'node:crypto'
import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

/** So many failures at once, and then one each `everyMs`. */
export interface Budget {
  key: string
  tries: number
  everyMs: number
}

const second = 1000
const minute = 60 * second

/** Names nobody: whether an address is known cannot be read from what is kept. */
export const accountKey = (email: string): string =>
  createHash('sha256').update(email.trim().toLowerCase()).digest('base64url').slice(0, 22)

/** A household or an office of IPv6 has a /64 to itself, so that it is one place. */
export function placeKey(address: string): string {
  if (isIP(address) !== 6) return address
  const [a, b, c, d] = (ipaddr.parse(address) as ipaddr.IPv6).parts
  return [a, b, c, d].map((part) => part!.toString(16)).join(':')
}

/**
 * What a wrong password costs. One account from one place always has its own budget. From where the account has never
 * signed in, two more are drawn on: the account's, so that guessing spread over many addresses ends too, and the
 * address's, so that one address cannot try many accounts. Nobody can spend those for people who sign in where they
 * have before, however many share that address.
 */
export function passwordBudgets(email: string, address: string, isKnownPlace: boolean): Budget[] {
  const account = accountKey(email)
  const place = placeKey(address)
  const own: Budget = { key: `password ${account} ${place}`, tries: 10, everyMs: 90 * second }
  if (isKnownPlace) return [own]
  return [
    own,
    { key: `password ${account}`, tries: 30, everyMs: 3 * minute },
    { key: `password from ${place}`, tries: 100, everyMs: minute },
  ]
}

/** Asking again for the password of who is signed in already, or for a code that turns the second step on. */
export const confirmingBudgets = (userId: string): Budget[] => [
  { key: `confirm ${userId}`, tries: 10, everyMs: 90 * second },
]

/** Codes of the second step from one place; the library counts them by account and by challenge besides. */
export const codeBudgets = (address: string): Budget[] => [
  { key: `code from ${placeKey(address)}`, tries: 60, everyMs: minute },
]

/** Mails to one address, so that nobody's mailbox is filled, and mails asked for from one place. */
export const resetBudgets = (email: string, address: string): Budget[] => [
  { key: `reset ${accountKey(email)}`, tries: 3, everyMs: 20 * minute },
  { key: `reset from ${placeKey(address)}`, tries: 30, everyMs: minute },
]

/** Ways to the sign-on provider that one place may begin. */
export const signOnBudget = (address: string): Budget => ({
  key: `sign-on from ${placeKey(address)}`,
  tries: 200,
  everyMs: 2 * second,
})

/** A code of an authenticator works once, though the clock would take it for a minute and a half. */
export const codeOnce = (userId: string, code: string): Budget => ({
  key: `code ${userId} ${createHash('sha256').update(code).digest('base64url').slice(0, 22)}`,
  tries: 1,
  everyMs: 5 * minute,
})

/** @returns until when to wait, in words with the time in UTC */
export function opensInWords(opensAt: Date, now: Date): string {
  const seconds = Math.max(1, Math.ceil((opensAt.getTime() - now.getTime()) / second))
  const wait = seconds < 90 ? `${seconds} second${seconds === 1 ? '' : 's'}` : `${Math.ceil(seconds / 60)} minutes`
  return `in ${wait}, at ${opensAt.toISOString().slice(11, 16)} UTC`
}
