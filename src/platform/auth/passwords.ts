/** Which passwords are guessed first: not by what kinds of characters they hold, but by how few choices they are made of. */
import { invalid } from '../errors.ts'

const fewestPieces = 4
const rows = [
  'qwertyuiop',
  'qwertzuiop',
  'azertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  'yxcvbnm',
  '12345678901234567890',
  'abcdefghijklmnopqrstuvwxyz',
  '1q2w3e4r5t6y7u8i9o0p',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p',
  'qazwsxedcrfvtgbyhnujmikolp',
  'q1w2e3r4t5y6u7i8o9p0',
]
const runs = [...rows, ...rows.map((row) => row.split('').reverse().join(''))]
/** The field's own first guesses, names of the product among them. */
const words = [
  'throughline product productops operations password passwort passw0rd admin administrator welcome willkommen',
  'letmein login access master secret hello changeme default system user guest test testing temp summer winter spring',
  'autumn sommer january february march april june july august september october november december monday tuesday',
  'wednesday thursday friday saturday sunday iloveyou ilove loveyou love you sunshine princess princesa prince dragon',
  'monkey football baseball basketball soccer hockey tennis superman batman spiderman starwars pokemon trustno mustang',
  'shadow michael michelle jessica jennifer charlie daniel thomas robert jordan andrew anthony joshua matthew ashley',
  'amanda nicole hannah samantha elizabeth alexander alexandra alexis christian christina christopher benjamin nicholas',
  'william jonathan patrick victoria veronica natalie barbara maria marie anna peter computer internet samsung google',
  'microsoft apple windows android whatever killer freedom blink chocolate cheese butterfly flower angel angels baby',
  'babygirl babyboy forever family friends friend friendship blessed jesus christ heaven london liverpool arsenal',
  'chelsea barcelona manchester united america england germany france poland russia canada mexico brazil company office',
  'manager business money lucky number one good girl boy man rock star stars hunter ranger silver golden purple orange',
  'yellow green black white blue red tiger lion eagle phoenix ninja matrix corvette mercedes porsche ferrari yamaha',
  'harley honda slipknot metallica nirvana eminem fuck fucking fuckyou bitch pussy asshole dick sexy',
]
  .join(' ')
  .split(' ')

const plainOf: Record<string, string> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
}
const plain = (text: string) => Array.from(text, (letter) => plainOf[letter] ?? letter).join('')

/**
 * @param about what an attacker tries first for this person: their name, their address
 * @returns of how few choices the password is made: words that everybody uses, runs along the keyboard, repetitions and years each count as one
 */
export function piecesOf(password: string, about: readonly string[] = []): number {
  const text = password.toLowerCase()
  const known = [
    ...words,
    ...about.flatMap((one) => one.toLowerCase().split(/[^\p{L}\d]+/u)).filter((w) => w.length > 2),
  ]
  let pieces = 0
  for (let at = 0; at < text.length; pieces += 1) at += Math.max(1, longestAt(text, at, known))
  return pieces
}

function longestAt(text: string, at: number, known: readonly string[]): number {
  const rest = text.slice(at)
  const word = known.filter((one) => rest.startsWith(one) || plain(rest).startsWith(one)).map((one) => one.length)
  const year = /^(?:19|20)\d\d/.exec(rest)?.[0].length ?? 0
  const same = /^(.)\1+/u.exec(rest)?.[0].length ?? 0
  return Math.max(0, year, same, ...word, runAt(rest), repeatedAt(text, at))
}

function runAt(rest: string): number {
  let longest = 0
  for (let length = 2; length <= rest.length; length += 1) {
    if (!runs.some((run) => run.includes(rest.slice(0, length)))) break
    longest = length
  }
  return longest
}

/** What stood before, once more. */
function repeatedAt(text: string, at: number): number {
  const before = text.slice(0, at)
  for (let length = Math.min(at, text.length - at); length > 1; length -= 1)
    if (before.includes(text.slice(at, at + length))) return length
  return 0
}

/** @throws invalid for a password that is among the first that are tried */
export function refuseCommonPassword(password: string, about: readonly string[] = []): void {
  if (piecesOf(password, about) < fewestPieces)
    throw invalid(
      'This password is among the first that are guessed. Take a longer one, for example four words of your own.',
    )
}
