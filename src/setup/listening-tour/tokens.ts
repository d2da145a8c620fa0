/** Personal links of a wave. Whose a token is, is stored nowhere: it can be worked out with the installation's secret, to remind and to copy. */
import { createHmac, randomInt } from 'node:crypto'
import { hashToken } from '../../platform/ids.ts'
import { seal, unseal } from '../../platform/sealed.ts'
import { AnswerContent } from './schemas.ts'

export const tourPurpose = 'listening-tour'

interface Secrets {
  secretFor: (purpose: string) => string
}

/** 128 bits that nobody without the secret can tell from chance. */
export const tokenFor = (waveId: string, invitedId: string, { secretFor }: Secrets): string =>
  createHmac('sha256', secretFor('listening tour links'))
    .update(`${waveId} ${invitedId}`)
    .digest()
    .subarray(0, 16)
    .toString('base64url')

export const tokenHashFor = (waveId: string, invitedId: string, secrets: Secrets): string =>
  hashToken(tokenFor(waveId, invitedId, secrets))

/** Where the answer of a link waits for its group. */
export const slotOf = (tokenHash: string, { secretFor }: Secrets): string =>
  createHmac('sha256', secretFor('listening tour slots')).update(tokenHash).digest('base64url')

/** Of two lengths whatever was written, so that a long answer is not known by how much was kept. */
const lengths = [16_384, 65_536]

export function sealAnswer(content: AnswerContent, slot: string, { secretFor }: Secrets): string {
  const plain = JSON.stringify(content)
  const bytes = Buffer.byteLength(plain)
  const length = lengths.find((l) => l >= bytes) ?? bytes
  return seal(plain + ' '.repeat(length - bytes), secretFor('listening tour answers'), slot)
}

export const openAnswer = (sealed: string, slot: string, { secretFor }: Secrets): AnswerContent =>
  AnswerContent.parse(JSON.parse(unseal(sealed, secretFor('listening tour answers'), slot)))

/** In an order that says nothing of the one before. */
export function shuffled<T>(all: readonly T[], draw: (below: number) => number = (below) => randomInt(below)): T[] {
  const out = [...all]
  for (let i = out.length - 1; i > 0; i--) {
    const j = draw(i + 1)
    ;[out[i], out[j]] = [out[j]!, out[i]!]
  }
  return out
}
