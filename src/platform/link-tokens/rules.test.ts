import { expect, test } from 'vitest'
import { badLink, linkStateOf, withoutLinks, type LinkToken } from './rules.ts'

const now = new Date('2026-03-01T09:00:00Z')
const token = (change: Partial<LinkToken> = {}): LinkToken => ({
  id: '1',
  workspaceId: 'w',
  purpose: 'screener',
  subject: { kind: 'study', id: 's' },
  expiresAt: new Date('2026-03-02T09:00:00Z'),
  mostUses: 1,
  uses: 0,
  revokedAt: null,
  ...change,
})

test.each([
  ['a fresh one', token(), 'screener', 'open'],
  ['one that may be used without a limit', token({ mostUses: null, uses: 9 }), 'screener', 'open'],
  ['any purpose, where none is asked for', token(), null, 'open'],
  ['none', null, 'screener', 'unknown'],
  ['one for something else', token(), 'booking', 'unknown'],
  ['one for something else that is used, too', token({ uses: 1 }), 'booking', 'unknown'],
  ['the last use taken', token({ uses: 1 }), 'screener', 'used'],
  ['used and over', token({ uses: 1, expiresAt: now }), 'screener', 'used'],
  ['over at this moment', token({ expiresAt: now }), 'screener', 'expired'],
  ['revoked', token({ revokedAt: now }), 'screener', 'expired'],
] as const)('%s', (_, link, purpose, state) => {
  expect(linkStateOf(link, purpose, now)).toBe(state)
})

test('a bad link is told by one of three words and nothing of what it was for', () => {
  expect((['expired', 'used', 'unknown'] as const).map((state) => badLink(state).message)).toEqual([
    'This link has expired.',
    'This link has been used.',
    'This link is unknown.',
  ])
  expect(badLink('used').details).toEqual({ link: 'used' })
})

test('a text is shown without what makes its links work', () => {
  expect(withoutLinks('Join: https://x.example/l/abcdefghijklmnopqrstuv\nor /l/ab')).toBe(
    'Join: https://x.example/l/…\nor /l/ab',
  )
})
