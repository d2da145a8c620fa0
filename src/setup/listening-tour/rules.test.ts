import { expect, test } from 'vitest'
import { codeOf, hoursAWeek, largestAnswer, needFit } from './answers.ts'
import { fewestForAWave, isReleased, needPart, promiseOf, refuseFewInvited, safeCut } from './confidentiality.ts'
import { meanOf, moneyAYear, shareOf, t95, totalOf } from './estimates.ts'
import { frictionMap, voiceOf, type Voice } from './frictions.ts'
import { mailOf, mayRemind } from './mails.ts'
import { questionSets } from './question-sets.ts'
import { AnswerContent, FrictionEntry, Questions } from './schemas.ts'
import { openAnswer, sealAnswer, shuffled, slotOf, tokenFor, tokenHashFor } from './tokens.ts'
import { audiences, frictionOf, frictions, pillars, suggestCodes } from '../taxonomy.ts'

const secrets = {
  secretFor: (purpose: string) => Buffer.from(purpose.padEnd(32, '.').slice(0, 32)).toString('base64url'),
}
const entry = (more: Partial<FrictionEntry> = {}): FrictionEntry =>
  FrictionEntry.parse({ code: 'reporting', often: 'weekly', hours: 2, ...more })
const answer = (...values: AnswerContent['values']): AnswerContent => ({ values, mayQuote: false })

test('four answers stay shut, the fifth opens all five', () => {
  expect([1, 2, 3, 4, 5, 6].map((n) => isReleased(n, 5))).toEqual([false, false, false, false, true, true])
})

test('whatever is set, no group is smaller than three', () => {
  expect([1, 2].map((n) => isReleased(n, 1))).toEqual([false, false])
  expect(safeCut(new Map([['A', 2]]), 5, 1).shown).toEqual([])
})

test('an audience smaller than two groups is interviewed instead, and the message says what an interview promises', () => {
  expect(fewestForAWave(5)).toBe(10)
  expect(() => refuseFewInvited(9, 5)).toThrow(/Interview them instead: an interview is confidential, not anonymous/)
  expect(() => refuseFewInvited(4, 3)).toThrow(/6 is the fewest/)
  expect(() => refuseFewInvited(10, 5)).not.toThrow()
})

test('a cut shows parts of a group or more; what is left over is none, or a group itself', () => {
  expect(
    safeCut(
      new Map([
        ['A', 7],
        ['B', 5],
      ]),
      12,
      5,
    ),
  ).toEqual({
    shown: [
      { name: 'A', people: 7 },
      { name: 'B', people: 5 },
    ],
    rest: null,
  })
  expect(
    safeCut(
      new Map([
        ['A', 7],
        ['B', 6],
        ['C', 3],
        ['D', 2],
      ]),
      18,
      5,
    ),
  ).toMatchObject({ rest: { people: 5, names: 2 } })
})

test('the whole less what is shown never tells a few: the next smallest part joins them', () => {
  // A 9, B 6, C 3 of 18: C would be the difference.
  expect(
    safeCut(
      new Map([
        ['A', 9],
        ['B', 6],
        ['C', 3],
      ]),
      18,
      5,
    ),
  ).toEqual({
    shown: [{ name: 'A', people: 9 }],
    rest: { people: 9, names: 2 },
  })
})

test('who did not say their area counts among the rest, so that they are no difference either', () => {
  expect(
    safeCut(
      new Map([
        ['A', 9],
        ['B', 6],
      ]),
      16,
      5,
    ).shown,
  ).toEqual([{ name: 'A', people: 9 }])
  expect(safeCut(new Map([['A', 5]]), 6, 5).shown).toEqual([])
})

test('for every company of up to four areas no shown part, no rest and no sum of shown parts leaves fewer than a group', () => {
  for (let seed = 0; seed < 2000; seed++) {
    const sizes = [seed % 11, Math.floor(seed / 11) % 9, Math.floor(seed / 99) % 7, seed % 5]
    const unsaid = seed % 4
    const total = sizes.reduce((a, b) => a + b, 0) + unsaid
    // Fewer answers than a group are never counted.
    if (total < 5) continue
    const { shown, rest } = safeCut(
      new Map(sizes.map((n, i) => [`A${i}`, n] as const).filter(([, n]) => n > 0)),
      total,
      5,
    )
    for (const p of shown) expect(p.people).toBeGreaterThanOrEqual(5)
    expect(rest === null || rest.people >= 5).toBe(true)
    expect(shown.reduce((a, p) => a + p.people, 0) + (rest?.people ?? 0)).toBe(total)
    for (let chosen = 0; chosen < 2 ** shown.length; chosen++) {
      const some = shown.filter((_, i) => chosen & (1 << i)).reduce((a, p) => a + p.people, 0)
      expect(total - some === 0 || total - some >= 5).toBe(true)
    }
  }
})

test('an area is refused while people still answer, and for ever where it stands for too few', () => {
  const cut = safeCut(
    new Map([
      ['A', 8],
      ['B', 8],
      ['C', 2],
    ]),
    18,
    5,
  )
  expect(() => needPart(cut, 'A', false)).toThrow(/once the wave is closed/)
  expect(() => needPart(cut, 'C', true)).toThrow(/Too few/)
  expect(() => needPart(cut, 'made up', true)).toThrow(/Too few/)
  expect(() => needPart(cut, 'A', true)).not.toThrow()
})

test('what is promised names the number of the group', () => {
  expect(promiseOf(7).join(' ')).toMatch(/7 or more at a time.*7 or more people/)
})

test('a token is the same whenever it is worked out, and another for another wave, person or secret', () => {
  const token = tokenFor('w', 'p', secrets)
  expect(token).toHaveLength(22)
  expect(tokenFor('w', 'p', secrets)).toBe(token)
  const others = [
    tokenFor('w2', 'p', secrets),
    tokenFor('w', 'p2', secrets),
    tokenFor('w', 'p', { secretFor: () => 'x' }),
  ]
  expect(new Set([token, ...others]).size).toBe(4)
})

test('without the secret neither the hash nor the slot of a link leads to its person, since both change with it', () => {
  const other = { secretFor: (p: string) => secrets.secretFor(`other ${p}`) }
  expect(tokenHashFor('w', 'p', secrets)).not.toBe(tokenHashFor('w', 'p', other))
  expect(slotOf('hash', secrets)).not.toBe(slotOf('hash', other))
  expect(slotOf('hash', secrets)).not.toContain('hash')
})

test('what waits is as long whether much or nothing was written, opens in its own slot, and in no other', () => {
  const short = sealAnswer(answer(), 'a', secrets)
  const long = sealAnswer(answer({ question: 'text', value: 'x'.repeat(2000) }), 'b', secrets)
  expect(short.length).toBe(long.length)
  expect(openAnswer(long, 'b', secrets).values[0]!.value).toHaveLength(2000)
  expect(() => openAnswer(long, 'a', secrets)).toThrow()
})

test('shuffling keeps everything and can bring any order', () => {
  const orders = new Set(Array.from({ length: 300 }, () => shuffled([1, 2, 3]).join('')))
  expect([...orders].sort()).toEqual(['123', '132', '213', '231', '312', '321'])
})

test('each question set fits in four minutes: few questions, one of frictions, and every one valid', () => {
  for (const audience of audiences) {
    const set = Questions.parse(questionSets[audience])
    expect(set.length).toBeLessThanOrEqual(5)
    expect(set.filter((q) => q.kind === 'frictions')).toHaveLength(1)
  }
})

const questions = Questions.parse([
  { id: 'f', kind: 'frictions', text: 'Which?', isNeeded: true },
  { id: 's', kind: 'share', text: 'How much?' },
  { id: 'c', kind: 'choice', text: 'What became of it?', options: ['Built', 'Lost'] },
  { id: 'r', kind: 'scale', text: 'How well?' },
  { id: 't', kind: 'text', text: 'Else?' },
])
test.each([
  ['what is needed is missing', answer(), /“Which\?” has no answer yet/],
  ['an empty list is no answer', answer({ question: 'f', value: [] }), /no answer yet/],
  [
    'neither chosen nor in words',
    answer({ question: 'f', value: [entry({ code: null })] }),
    /not one that was offered/,
  ],
  [
    'an option that was not offered',
    answer({ question: 'f', value: [entry()] }, { question: 'c', value: 'Stolen' }),
    /not one that was offered/,
  ],
  [
    'a step beyond the scale',
    answer({ question: 'f', value: [entry()] }, { question: 'r', value: 6 }),
    /not one that was offered/,
  ],
  [
    'a question that was not asked',
    answer({ question: 'f', value: [entry()] }, { question: 'zzz', value: 'x' }),
    /was not asked/,
  ],
  [
    'answered twice',
    answer({ question: 'f', value: [entry()] }, { question: 't', value: 'x' }, { question: 't', value: 'y' }),
    /twice/,
  ],
])('an answer is refused: %s', (_, given, message) => {
  expect(() => needFit(questions, given)).toThrow(message)
})

test('a whole answer beyond what is kept is refused with its size, and one that fits is taken', () => {
  const many = Questions.parse(Array.from({ length: 14 }, (_, i) => ({ id: `t${i}`, kind: 'text', text: 'Tell us' })))
  const long = answer(...many.map((q) => ({ question: q.id, value: '漢'.repeat(2000) })))
  expect(() => needFit(many, long)).toThrow(new RegExp(`of ${largestAnswer} bytes`))
  expect(() =>
    needFit(questions, answer({ question: 'f', value: [entry()] }, { question: 's', value: 40 })),
  ).not.toThrow()
})

test('hours a week follow from how often and how long each time', () => {
  expect(hoursAWeek({ often: 'daily', hours: 0.5 })).toBe(2.5)
  expect(hoursAWeek({ often: 'monthly', hours: 13 })).toBeCloseTo(3)
  expect(hoursAWeek({ often: 'quarterly', hours: 13 })).toBeCloseTo(1)
})

test.each([
  ['Pulling usage data out of Snowflake with SQL', 'data-extraction'],
  ['Making slides for the board', 'executive-decks'],
  ['refreshing the same dashboard in Excel', 'reporting'],
  ['Finding customers to talk to and scheduling interviews', 'research-recruiting'],
  ['keeping the roadmap in three formats', 'roadmap-upkeep'],
  ['Sales never hear what became of a feature request', 'sales-requests'],
  ['ESCALATIONS from Zendesk', 'support-escalations'],
  ['Änderung an der Roadmap', 'roadmap-upkeep'],
])('“%s” is suggested as %s', (words, code) => {
  expect(suggestCodes(words)[0]).toBe(code)
})

test('nothing is suggested for words that say nothing, and such words count as something else until somebody codes them', () => {
  expect(suggestCodes('hm')).toEqual([])
  expect(codeOf({ code: null, words: 'hm' })).toBe('other')
  expect(codeOf({ code: null, words: 'slides' }, 'skills')).toBe('skills')
  expect(codeOf({ code: 'reporting', words: 'slides' })).toBe('reporting')
})

test('the taxonomy names each friction once and leads to a pillar or says that none covers it', () => {
  expect(new Set(frictions.map((f) => f.code)).size).toBe(frictions.length)
  for (const pillar of pillars) expect(frictions.filter((f) => f.pillar === pillar).length).toBeGreaterThanOrEqual(4)
  expect(frictionOf('skills').pillar).toBeNull()
  expect(frictionOf('unknown').code).toBe('other')
})

test('the quantile of t is near the tables, and the mean of everybody has no interval', () => {
  expect([9, 19, 29].map((v) => Number(t95(v).toFixed(2)))).toEqual([2.26, 2.09, 2.05])
  expect(meanOf([1, 2, 3], 3)).toEqual({ value: 2, low: 2, high: 2 })
  expect(meanOf([1, 2], 10)).toBeNull()
})

test('a share stays within 0 and 100 %', () => {
  const of = shareOf([0, 0, 90], 1000)!
  expect([of.low, of.high <= 1]).toEqual([0, true])
})

test('a total counts everybody who was asked: who said nothing of it with zero', () => {
  // 4 hours from each of 5 out of 10 who answered, 20 asked.
  const of = totalOf([4, 4, 4, 4, 4], 10, 20)
  expect(of.value).toBe(40)
  expect(of.low).toBeGreaterThanOrEqual(20)
  expect(of.high).toBeGreaterThan(40)
  expect(moneyAYear(40, 50)).toBe(92_000)
})

const voices = (n: number, more: Partial<FrictionEntry>, area: string | null = null): Voice[] =>
  Array.from({ length: n }, () => ({ area, entries: [{ entry: entry(more), code: more.code ?? 'reporting' }] }))

test('the friction map adds up hours, tells a missing skill from a missing system, and names systems whatever their case', () => {
  const [first, second] = frictionMap(
    [
      ...voices(6, { system: 'Jira', lack: 'skill', waiting: 2 }),
      ...voices(4, { code: 'executive-decks', hours: 1, system: 'jira' }),
    ],
    { audience: 'product-managers', population: 10, areas: new Set() },
  )
  expect(first).toMatchObject({
    code: 'reporting',
    people: 6,
    hoursPerWeek: 12,
    lacksSkill: 6,
    waiting: 12,
    systems: [{ name: 'Jira', people: 6 }],
  })
  expect(second).toMatchObject({ code: 'executive-decks', pillar: 'data', hoursPerWeek: 4, systems: [{ people: 4 }] })
})

test('what one or two named stands as something else, and of so few nothing further is told', () => {
  const map = frictionMap(
    [...voices(5, {}), ...voices(2, { code: 'skills', lack: 'skill', waiting: 9, system: 'Odd' })],
    {
      audience: 'leaders',
      population: 7,
      areas: new Set(),
    },
  )
  expect(map.map((f) => [f.code, f.lacksSkill, f.waiting, f.systems.length])).toEqual([
    ['reporting', 0, 0, 0],
    ['other', 0, 0, 0],
  ])
})

test('a friction is told of an area only where the area may be shown', () => {
  const of = (areas: string[]) =>
    frictionMap(voices(5, {}, 'Search'), { audience: 'leaders', population: 5, areas: new Set(areas) })[0]!.areas
  expect(of([])).toEqual([])
  expect(of(['Search'])).toEqual([{ name: 'Search', people: 5 }])
})

test('a person’s code for somebody’s words goes before the words', () => {
  const content = answer({ question: 'f', value: [entry({ code: null, words: 'slides' })] })
  expect(voiceOf(content, new Map(), null).entries[0]!.code).toBe('executive-decks')
  expect(voiceOf(content, new Map([[0, { code: 'skills' }]]), null).entries[0]!.code).toBe('skills')
})

test('two reminders, two days apart, and none before somebody was asked', () => {
  const on = (reminders: number, today: string) => mayRemind({ askedOn: '2026-01-10', reminders }, today)
  expect([
    on(0, '2026-01-11'),
    on(0, '2026-01-12'),
    on(1, '2026-01-13'),
    on(1, '2026-01-14'),
    on(2, '2026-02-01'),
  ]).toEqual([false, true, false, true, false])
  expect(mayRemind({ askedOn: null, reminders: 0 }, '2026-01-12')).toBe(false)
})

test('a mail holds the link, the day and the promise; a reminder says that it may reach who has answered', () => {
  const of = { name: 'Ada', company: 'Acme', note: '', groupOf: 5, closesOn: '2026-02-01', link: 'https://x/l/abc' }
  expect(mailOf('ask', of).text).toMatch(/https:\/\/x\/l\/abc[\s\S]*1 Feb 2026[\s\S]*5 or more/)
  expect(mailOf('remind', of).text).toMatch(/may reach you all the same/)
  expect(mailOf('play-back', of).text).toContain(of.link)
})
