/** What to mind about a first hire: advice with its reason, never a ban. */
import { pillarWords, type Pillar } from '../taxonomy.ts'
import { profiles } from './profiles.ts'
import type { Advice, Background, HireDraft, Profile, ReportsTo } from './schemas.ts'

const pitfalls: readonly { pillar: Pillar; background: Background; because: string }[] = [
  {
    pillar: 'data',
    background: 'database-engineer',
    because: 'Databases are then well kept, and the story that leaders and product managers wait for is not told.',
  },
  {
    pillar: 'process',
    background: 'agile-coach',
    because: 'Who never was a product manager tends to bring a method instead of easing the work of product managers.',
  },
  {
    pillar: 'customer',
    background: 'researcher',
    because:
      'A researcher without operations tends to do the research for others, and the team learns to wait for them.',
  },
]
const fitting: Record<Pillar, readonly Background[]> = {
  data: ['analyst', 'consultant'],
  process: ['product-manager'],
  customer: ['research-ops', 'researcher'],
}
const lineRisks: Record<ReportsTo, string | null> = {
  cpo: null,
  'head-of-product': null,
  operations: 'Product Ops is then downstream of product managers, and hears of a decision after it.',
  'business-operations': 'Product Ops is then taken for a consultant from outside.',
  'product-area': 'One area gets better, and the others do not.',
}

/** @param pillar the one that is hired for */
export function adviceOf(pillar: Pillar, draft: HireDraft): Advice[] {
  return [
    ...backgroundAdvice(pillar, draft),
    ...lineAdvice(draft.reportsTo),
    ...ratioAdvice(draft),
    ...experienceAdvice(draft.leaderCoaches),
  ]
}

function backgroundAdvice(pillar: Pillar, { background, doesAllResearch }: HireDraft): Advice[] {
  const pitfall = pitfalls.find((p) => p.pillar === pillar && p.background === background)
  const own: Advice[] = []
  if (pitfall)
    own.push({
      about: 'background',
      advice: 'Think again about this background.',
      because: pitfall.because,
      isCaution: true,
    })
  else if (background !== null && !fitting[pillar].includes(background))
    own.push({
      about: 'background',
      advice: `This background is an unusual one for ${pillarWords[pillar].name.toLowerCase()}.`,
      because: profiles[pillar].looksFor[0]! + '.',
      isCaution: true,
    })
  if (doesAllResearch)
    own.push({
      about: 'background',
      advice: 'Let product managers and designers do research themselves.',
      because: 'One person who does all research is a queue, and the teams lose touch with customers.',
      isCaution: true,
    })
  return own
}

function lineAdvice(reportsTo: ReportsTo | null): Advice[] {
  if (reportsTo === null)
    return [
      {
        about: 'reporting line',
        advice: 'Say to whom the person reports.',
        because: 'The line decides whose questions come first. It is the CPO or the head of product where it works.',
        isCaution: false,
      },
    ]
  const risk = lineRisks[reportsTo]
  return risk === null
    ? []
    : [{ about: 'reporting line', advice: 'Let it be the CPO or the head of product.', because: risk, isCaution: true }]
}

/** Product managers for each person in Product Ops, as it was seen to work: neither 1 nor 100; up to 50. */
export const ratioBounds = { fewest: 3, most: 50 } as const

export function ratioOf({
  productManagers,
  productOps,
}: Pick<HireDraft, 'productManagers' | 'productOps'>): number | null {
  return productManagers === null || productOps === null || productOps === 0 ? null : productManagers / productOps
}

function ratioAdvice(draft: HireDraft): Advice[] {
  const ratio = ratioOf(draft)
  if (ratio === null) return []
  const { fewest, most } = ratioBounds
  if (ratio < fewest)
    return [
      {
        about: 'ratio',
        advice: `${trimmed(ratio)} product managers for each person in Product Ops are very few.`,
        because: 'One for each product manager is an assistant, and what is done helps one team alone.',
        isCaution: true,
      },
    ]
  if (ratio > most)
    return [
      {
        about: 'ratio',
        advice: `${trimmed(ratio)} product managers for each person in Product Ops are more than one can serve.`,
        because: `Up to ${most} were seen to work. Beyond that, only what serves the whole organisation is worth doing.`,
        isCaution: true,
      },
    ]
  return (draft.productOps ?? 0) <= 2 && (draft.productManagers ?? 0) >= 7
    ? [
        {
          about: 'ratio',
          advice: 'Do only what serves the whole organisation.',
          because: 'One or two people for seven product managers or more have no time for single teams.',
          isCaution: false,
        },
      ]
    : []
}
const trimmed = (n: number) => String(Math.round(n * 10) / 10)

function experienceAdvice(leaderCoaches: boolean | null): Advice[] {
  if (leaderCoaches === null) return []
  return [
    leaderCoaches
      ? {
          about: 'experience',
          advice: 'The right skills are enough.',
          because: 'The leader has time to coach, so the person need not have held the title before; few have.',
          isCaution: false,
        }
      : {
          about: 'experience',
          advice: 'Look for somebody who has done it before.',
          because: 'The leader has no time to coach. The title is rare: look for product managers who did the work.',
          isCaution: false,
        },
  ]
}

/** A job description to begin with, in Markdown. @param above what the charter promises */
export function descriptionOf(
  pillar: Pillar,
  title: string,
  reportsTo: ReportsTo | null,
  above: readonly string[],
): string {
  const { looksFor, needNot } = profiles[pillar]
  const list = (lines: readonly string[]) => lines.map((line) => `- ${line}`).join('\n')
  return [
    `# ${title}`,
    `${pillarWords[pillar].what} You make product managers’ decisions easier and never take them.`,
    ...(reportsTo === null ? [] : [`You report to ${lineWords[reportsTo]}.`]),
    ...(above.length === 0 ? [] : ['## What you will deliver', list(above)]),
    '## Who you are',
    list(looksFor),
    '## What you need not bring',
    list(needNot),
    '## Your first ninety days',
    list([
      'Listen: where product managers, leaders, sales and support lose time',
      'Deliver: one or two quick wins, timed before and after',
      'Prove: show what was given back, and what comes next',
    ]),
  ].join('\n\n')
}

export const lineWords: Record<ReportsTo, string> = {
  cpo: 'the CPO',
  'head-of-product': 'the head of product',
  operations: 'operations',
  'business-operations': 'business operations',
  'product-area': 'a product area',
}

/** The interview kit in Markdown: questions with what to listen for, and the scorecard to fill in alone. */
export function kitOf(title: string, { questions, criteria }: Profile): string {
  return [
    `# Interview kit: ${title}`,
    'Fill the scorecard in alone, before anybody talks about the candidate. Keep it where candidates are kept, not here.',
    '## Questions',
    ...questions.flatMap(({ question, listenFor, mind }) => [
      `### ${question}`,
      listenFor.map((l) => `- Listen for: ${l}`).join('\n'),
      ...(mind === null ? [] : [`- Mind: ${mind}`]),
    ]),
    '## Scorecard',
    '1: speaks against. 2: rather against. 3: rather for. 4: speaks for.',
    criteria.map((c) => `- ${c}: __ of 4, because:`).join('\n'),
  ].join('\n\n')
}
