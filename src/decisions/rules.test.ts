import { expect, test } from 'vitest'
import {
  dueOf,
  keepFinding,
  missingIn,
  refuseCorrection,
  refuseDecider,
  refuseDecision,
  refuseRevisit,
  refuseWithdrawal,
  type Standing,
} from './rules.ts'
import { DecisionContent } from './schemas.ts'

const content = DecisionContent.parse({
  title: 'Sharing',
  finding: { text: '4 of 83 use it', address: '/insights/adoption' },
  options: [{ title: 'Build' }, { title: 'Leave' }],
  taken: 0,
  why: 'It pays.',
  revisitOn: '2026-09-03',
  expectation: { measure: { measure: 'arr' }, expected: { as: 'value', value: 10 } },
})
const aDecision = (change: Partial<Standing> = {}): Standing => ({
  id: 'd',
  state: 'draft',
  version: 1,
  deciderId: 'pm',
  content,
  ...change,
})
const today = '2026-03-03'

test('the named product manager alone takes a decision, once', () => {
  expect(() => refuseDecision(aDecision(), 'pm', today)).not.toThrow()
  expect(() => refuseDecision(aDecision(), 'ops', today)).toThrow('Somebody else is named')
  expect(() => refuseDecision(aDecision({ deciderId: null }), 'pm', today)).toThrow('Nobody is named yet')
  for (const state of ['decided', 'revisited', 'withdrawn'] as const)
    expect(() => refuseDecision(aDecision({ state }), 'pm', today)).toThrow('decided once')
  expect(() => refuseDecider('ops', ['pm'])).toThrow('no product manager “ops”')
  expect(() => refuseDecider(null, [])).not.toThrow()
})

test.each([
  [{ title: '' }, 'a title'],
  [{ why: '' }, 'why'],
  [{ expectation: null }, 'what is expected of which metric'],
  [{ revisitOn: null }, 'the day to look at it again'],
  [{ taken: null }, 'which option is taken'],
  [{ taken: 5 }, 'which option is taken'],
  [{ options: content.options.slice(0, 1) }, 'at least two options; doing nothing is one'],
  [{ finding: { ...content.finding, text: '' } }, 'the finding'],
])('what lacks %o cannot be decided', (change, missing) => {
  expect(missingIn({ ...content, ...change }, 'pm')).toEqual([missing])
  expect(() => refuseDecision(aDecision({ content: { ...content, ...change } }), 'pm', today)).toThrow(missing)
})

test('the day to look at it again lies ahead', () => {
  expect(() => refuseDecision(aDecision(), 'pm', '2026-09-03')).toThrow('must lie ahead')
  expect(missingIn(content, null)).toEqual(['the product manager who decides'])
})

test('who decided revisits, unless that person is no product manager here any more', () => {
  const decided = aDecision({ state: 'decided' })
  expect(() => refuseRevisit(decided, 'pm', ['pm', 'pm2'])).not.toThrow()
  expect(() => refuseRevisit(decided, 'pm2', ['pm', 'pm2'])).toThrow('who decided this')
  expect(() => refuseRevisit(decided, 'pm2', ['pm2'])).not.toThrow()
  expect(() => refuseRevisit(aDecision(), 'pm', ['pm'])).toThrow('still a draft')
})

test('a draft is given up by whoever prepares, a decision withdrawn by who took it, and neither twice', () => {
  expect(() => refuseWithdrawal(aDecision(), 'ops')).not.toThrow()
  expect(() => refuseWithdrawal(aDecision({ state: 'decided' }), 'ops')).toThrow('who decided this')
  expect(() => refuseWithdrawal(aDecision({ state: 'decided' }), 'pm')).not.toThrow()
  expect(() => refuseWithdrawal(aDecision({ state: 'withdrawn' }), 'pm')).toThrow('already')
})

test('after the decision words are corrected with a reason by who took it, and what was found, taken and expected stands', () => {
  const decided = aDecision({ state: 'decided' })
  const better = { ...content, why: 'It pays twice.' }
  expect(() => refuseCorrection(decided, 'pm', better, 'a number')).not.toThrow()
  expect(() => refuseCorrection(decided, 'ops', better, 'a number')).toThrow('who decided this')
  expect(() => refuseCorrection(decided, 'pm', better, null)).toThrow('what is corrected')
  expect(() => refuseCorrection(aDecision({ state: 'withdrawn' }), 'pm', better, 'a number')).toThrow('withdrawn')
  for (const change of [
    { taken: 1 },
    { revisitOn: '2027-01-01' },
    { options: [...content.options, content.options[0]!] },
    { finding: { ...content.finding, text: '80 of 83' } },
    { expectation: { ...content.expectation!, expected: { as: 'value' as const, value: 1 } } },
  ]) {
    expect(
      () => refuseCorrection(decided, 'pm', { ...content, ...change }, 'a number'),
      JSON.stringify(change),
    ).toThrow('stands as it was decided')
  }
})

test('a finding that comes from a page is kept, one written from scratch can be rewritten', () => {
  const rewritten = { ...content, finding: { ...content.finding, text: 'Everybody uses it' } }
  expect(keepFinding(content, rewritten).finding.text).toBe('4 of 83 use it')
  expect(keepFinding({ ...content, finding: { ...content.finding, address: null } }, rewritten).finding.text).toBe(
    'Everybody uses it',
  )
})

test.each([
  ['2026-09-02', 'ahead', 1],
  ['2026-09-03', 'due', 0],
  ['2026-09-07', 'overdue', 4],
  ['2027-09-03', 'overdue', 365],
] as const)('on %s it is %s', (day, state, days) => {
  expect(dueOf('decided', '2026-09-03', day)).toEqual({ state, days })
})

test('only what is decided and not yet revisited is due', () => {
  expect(
    (['draft', 'revisited', 'withdrawn'] as const).map((state) => dueOf(state, '2026-09-03', '2027-01-01')),
  ).toEqual([null, null, null])
})

test.each(['2026-02-30', '2026-13-01', 'soon'])('%s is no day', (revisitOn) => {
  expect(DecisionContent.safeParse({ revisitOn }).success).toBe(false)
})
