/** What gets in the way of product decisions, as people of the field name it, and the pillar of Product Operations that takes it away. */

export const pillars = ['data', 'process', 'customer'] as const
export type Pillar = (typeof pillars)[number]

export const pillarWords: Record<Pillar, { name: string; what: string }> = {
  data: {
    name: 'Business and data insights',
    what: 'Figures about usage and revenue that product managers and leaders can ask without pulling them together first.',
  },
  process: {
    name: 'Process and practices',
    what: 'How the teams plan, decide, report and launch, so that a leader can see the whole portfolio.',
  },
  customer: {
    name: 'Customer and market insights',
    what: 'Getting at customers, and at what the company has already heard from them.',
  },
}

export const audiences = ['product-managers', 'leaders', 'sales-and-support'] as const
export type Audience = (typeof audiences)[number]

export interface Friction {
  code: string
  name: string
  what: string
  /** Null: not for Product Operations to take away. */
  pillar: Pillar | null
  /** By which it is recognised in people's own words: beginnings of words, in small letters. */
  words: readonly string[]
}

const of = (
  pillar: Pillar | null,
  all: readonly [code: string, name: string, what: string, words: readonly string[]][],
): Friction[] => all.map(([code, name, what, words]) => ({ code, name, what, pillar, words }))

export const frictions: readonly Friction[] = [
  ...of('data', [
    [
      'data-extraction',
      'Getting data out of systems',
      'Querying, exporting and joining data before a question can be asked',
      ['data', 'sql', 'query', 'quer', 'export', 'csv', 'extract', 'snowflake', 'warehouse', 'analyst', 'usage'],
    ],
    [
      'metric-definitions',
      'Figures that disagree',
      'Two tools, two numbers; nobody knows which one counts',
      [
        'definition',
        'disagree',
        'metric',
        'kpi',
        'differ',
        'reconcil',
        'which number',
        'two numbers',
        'source of truth',
      ],
    ],
    [
      'reporting',
      'Dashboards and reports by hand',
      'Building and refreshing the same report again',
      ['dashboard', 'report', 'spreadsheet', 'excel', 'tableau', 'looker', 'pivot', 'weekly numbers'],
    ],
    [
      'executive-decks',
      'Decks for executives and the board',
      'Making slides for a meeting, obsolete by the next one',
      ['deck', 'slide', 'board', 'qbr', 'powerpoint', 'executive', 'exec '],
    ],
  ]),
  ...of('process', [
    [
      'roadmap-upkeep',
      'Keeping roadmaps in step',
      'The same roadmap in several formats for several readers',
      ['roadmap', 'template', 'format', 'timeline'],
    ],
    [
      'status-reporting',
      'Saying where things stand',
      'Collecting and writing status for people who could not see it',
      ['status', 'update meeting', 'weekly update', 'standup', 'progress', 'steering'],
    ],
    [
      'portfolio-view',
      'No view of the portfolio',
      'Digging in tickets for what teams work on and why',
      ['portfolio', 'visibility', 'who works on', 'what teams', 'allocation', 'okr', 'jira', 'ticket'],
    ],
    [
      'tool-sprawl',
      'Too many tools',
      'The same thing kept in several tools, and none of them whole',
      ['tools', 'tool', 'duplicate', 'copy paste', 'copying', 'notion', 'confluence', 'sync'],
    ],
    [
      'process-overhead',
      'Process that helps nobody',
      'Meetings, gates and forms without a decision at the end',
      ['meeting', 'process', 'approval', 'gate', 'form', 'bureaucra', 'ceremon'],
    ],
    [
      'planning-inputs',
      'Gathering what planning needs',
      'Collecting figures, wishes and capacity for each planning round',
      ['planning', 'quarter', 'capacity', 'headcount', 'estimate', 'prioriti'],
    ],
    [
      'handoffs',
      'Waiting for other teams',
      'Dependencies found late, and hand-offs that get lost',
      ['handoff', 'hand-off', 'dependenc', 'wait', 'blocked', 'other team', 'legal', 'security review'],
    ],
    [
      'launch-logistics',
      'Launch logistics',
      'Chasing enablement, pricing, documents and dates for each release',
      ['launch', 'release', 'go-to-market', 'gtm', 'enablement', 'marketing', 'pricing'],
    ],
    [
      'onboarding',
      'Finding out how it is done here',
      'New people ask around for months',
      ['onboard', 'new pm', 'ramp', 'how we do', 'find out how', 'documentation'],
    ],
  ]),
  ...of('customer', [
    [
      'research-recruiting',
      'Finding customers to talk to',
      'Lists, permissions, invitations and calendars for each interview',
      ['interview', 'recruit', 'participant', 'schedul', 'incentive', 'calendar', 'customers to talk', 'consent'],
    ],
    [
      'research-not-found',
      'Research that is not found again',
      'Asking customers what somebody has asked them already',
      ['research', 'finding', 'already asked', 'repository', 'insight', 'study', 'studies'],
    ],
    [
      'feedback-triage',
      'Sorting feedback',
      'Reading, tagging and merging what comes in from everywhere',
      ['feedback', 'triage', 'nps', 'survey', 'comments', 'voice of', 'tagging'],
    ],
    [
      'sales-requests',
      'Requests from sales that vanish',
      'What sales asks for and promises, without an answer in sight',
      ['sales', 'deal', 'salesforce', 'crm', 'prospect', 'promise', 'feature request', 'request'],
    ],
    [
      'support-escalations',
      'Escalations from support',
      'Answering one customer at a time what many ask',
      ['support', 'escalat', 'zendesk', 'bug', 'complain', 'customer success'],
    ],
  ]),
  ...of(null, [
    [
      'skills',
      'A skill that is missing',
      'What training and coaching solve: Product Operations does not cover for skills',
      ['skill', 'training', 'coach', 'learn', 'junior', 'know how'],
    ],
    ['other', 'Something else', 'What fits none of these', []],
  ]),
]

export const frictionOf = (code: string): Friction => frictions.find((f) => f.code === code) ?? frictions.at(-1)!

const plain = (text: string): string =>
  ` ${text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}-]+/gu, ' ')
    .trim()} `

/**
 * Which friction somebody's own words are about, the likeliest first: how many of its words begin a word of theirs, longer ones for more.
 * A suggestion that people correct. @returns at most three codes; none where no word is known
 */
export function suggestCodes(words: string): string[] {
  const said = plain(words)
  return frictions
    .map(({ code, words: known }, order) => ({
      code,
      order,
      score: known.reduce((sum, word) => sum + (said.includes(` ${plain(word).trim()}`) ? 1 + word.length / 20 : 0), 0),
    }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || a.order - b.order)
    .slice(0, 3)
    .map(({ code }) => code)
}
