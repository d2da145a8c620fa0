import { expect, test } from 'vitest'
import { fits } from '../../platform/glob.ts'
import { featureMatcher, proposeFeatures, wordsOf } from './rules.ts'

test('exact goes before prefix before pattern, and the longest wins', () => {
  const featureOf = featureMatcher([
    {
      id: 'docs',
      rules: [
        { kind: 'prefix', value: 'doc.' },
        { kind: 'exact', value: 'open' },
      ],
    },
    { id: 'comments', rules: [{ kind: 'prefix', value: 'doc.comment' }] },
    {
      id: 'exports',
      rules: [
        { kind: 'pattern', value: '*export*' },
        { kind: 'exact', value: 'doc.comment.pdf' },
      ],
    },
  ])
  expect(
    ['doc.open', 'doc.comment_added', 'doc.comment.pdf', 'csv_export_done', 'open', 'opened'].map(featureOf),
  ).toEqual(['docs', 'comments', 'exports', 'exports', 'docs', null])
})

test.each([
  ['*', '', true],
  ['a*b', 'axxb', true],
  ['a*b', 'axxc', false],
  ['a?c', 'abc', true],
  ['a?c', 'ac', false],
  ['*a*a*', 'bab', false],
  ['a.c', 'abc', false],
  ['', 'x', false],
])('the pattern %s on %s is %s', (pattern, text, expected) => {
  expect(fits(pattern, text)).toBe(expected)
})

test('a hostile pattern ends in time', () => {
  expect(fits('*a*a*a*a*a*a*a*a*a*a*b', 'a'.repeat(20_000))).toBe(false)
})

test('names are split alike however they are written', () => {
  expect(['doc.comment_added', 'Doc: Comment Added', 'docCommentAdded'].map(wordsOf)).toEqual([
    ['doc', 'comment', 'added'],
    ['doc', 'comment', 'added'],
    ['doc', 'comment', 'added'],
  ])
})

test('proposals group by the leading word, prefer a prefix, leave traffic out and say what they cover', () => {
  const proposals = proposeFeatures(
    [
      { name: 'report.created', events: 50 },
      { name: 'report.shared', events: 30 },
      { name: 'BoardOpened', events: 10 },
      { name: 'board_moved', events: 5 },
      { name: 'page_view', events: 905 },
    ],
    new Set(['board']),
  )
  expect(proposals.map((p) => [p.draft.name, p.draft.rules, p.events, p.exists])).toEqual([
    ['Report', [{ kind: 'prefix', value: 'report.' }], 80, false],
    [
      'Board',
      [
        { kind: 'exact', value: 'BoardOpened' },
        { kind: 'exact', value: 'board_moved' },
      ],
      15,
      true,
    ],
  ])
  expect(proposals[0]!.shareOfUnmapped).toBeCloseTo(0.08)
})
