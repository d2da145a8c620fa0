import { expect, test } from 'vitest'
import {
  groupRepeated,
  hoursBetween,
  isAskedBy,
  isVisible,
  isWithheld,
  likeness,
  refuseAnswer,
  refuseEnd,
  timesOf,
  type Asked,
} from './rules.ts'

test('the tail of fewer than ten answers is not told', () => {
  expect(timesOf([])).toEqual({ answered: 0, medianHours: null, p90Hours: null })
  expect(timesOf([0, 4])).toEqual({ answered: 2, medianHours: 2, p90Hours: null })
  expect(timesOf([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]).p90Hours).toBeCloseTo(9.1, 12)
})

test('hours are the clock’s, and never negative', () => {
  expect(hoursBetween(new Date('2026-03-06T17:00:00Z'), new Date('2026-03-09T09:30:00Z'))).toBe(64.5)
  expect(hoursBetween(new Date('2026-03-06T17:00:00Z'), new Date('2026-03-06T16:59:00Z'))).toBe(0)
})

test('questions are alike by the words they share', () => {
  expect([
    likeness(['a', 'b'], ['a', 'b']),
    likeness(['a', 'b'], ['c']),
    likeness(['a', 'b', 'c'], ['a']),
    likeness([], []),
  ]).toEqual([1, 0, 0.5, 0])
  expect([
    isAskedBy(['enterpris', 'coll'], ['enterpris', 'collabor', 'use']),
    isAskedBy(['co'], ['collabor']),
    isAskedBy(['churn', 'enterpris'], ['enterpris']),
    isAskedBy([], ['a']),
  ]).toEqual([1, 0, 0.5, 0])
})

const asked = (id: string, at: string, words: string, more: Partial<Asked> = {}): Asked => ({
  id,
  question: words,
  askedBy: id,
  askedAt: new Date(at),
  words: words.split(' '),
  sameAs: null,
  address: null,
  ...more,
})

test('what is asked more than once is one group, by its words or by the answer that was taken', () => {
  const groups = groupRepeated([
    asked('4', '2026-03-04', 'nrr of smb'),
    asked('1', '2026-03-01', 'enterprise use collaboration', { address: '/insights/adoption' }),
    asked('2', '2026-03-02', 'enterprise collaboration use share'),
    asked('3', '2026-03-03', 'who shares', { sameAs: '1', askedBy: '1' }),
    asked('5', '2026-03-05', 'churn october'),
    asked('6', '2026-03-06', 'churn october'),
  ])
  expect(
    groups.map(({ times, people, requestIds, question, address }) => ({
      times,
      people,
      requestIds,
      question,
      address,
    })),
  ).toEqual([
    { times: 3, people: 2, requestIds: ['1', '2', '3'], question: 'who shares', address: '/insights/adoption' },
    { times: 2, people: 2, requestIds: ['5', '6'], question: 'churn october', address: null },
  ])
  expect(groupRepeated([])).toEqual([])
})

test('who may not see account names sees the own questions, and answered ones that name none', () => {
  const stakeholder = { userId: 's', seesAccounts: false }
  const lead = { userId: 'l', seesAccounts: true }
  const seen = (state: string, askedBy: string, namesAccounts: boolean) =>
    isVisible({ state, askedBy, namesAccounts }, stakeholder)
  expect([
    seen('open', 's', true),
    seen('open', 'x', false),
    seen('answered', 'x', false),
    seen('answered', 'x', true),
    seen('closed', 'x', false),
    seen('closed', 's', false),
  ]).toEqual([true, false, true, false, false, true])
  expect([
    isVisible({ state: 'open', askedBy: 'x', namesAccounts: true }, lead),
    isWithheld({ state: 'answered', askedBy: 's', namesAccounts: true }, stakeholder),
    isWithheld({ state: 'answered', askedBy: 's', namesAccounts: true }, lead),
  ]).toEqual([true, true, false])
})

test('only an open question is answered; who asked or who answers ends and reopens it', () => {
  expect(() => refuseAnswer('open')).not.toThrow()
  expect(() => refuseAnswer('answered')).toThrow('answered already')
  expect(() => refuseEnd({ state: 'open', askedBy: 'me' }, 'me', false, 'closed')).not.toThrow()
  expect(() => refuseEnd({ state: 'open', askedBy: 'x' }, 'me', true, 'closed')).not.toThrow()
  expect(() => refuseEnd({ state: 'open', askedBy: 'x' }, 'me', false, 'closed')).toThrow('Who asked this')
  expect(() => refuseEnd({ state: 'closed', askedBy: 'me' }, 'me', false, 'closed')).toThrow('closed already')
  expect(() => refuseEnd({ state: 'open', askedBy: 'me' }, 'me', false, 'open')).toThrow('open already')
})
