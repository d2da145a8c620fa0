/** Where the time of a product organisation goes, by code, and which of the three pillars of Product Ops takes it away. */
export const pillars = ['data', 'process', 'customer'] as const
export type Pillar = (typeof pillars)[number]

export const pillarWords: Record<Pillar, { name: string; what: string }> = {
  data: {
    name: 'Business and data insights',
    what: 'Figures of the business and of usage in one place, so that nobody pulls them by hand.',
  },
  process: {
    name: 'Process and practices',
    what: 'One view of the portfolio and light ways of working that teams take up because they help.',
  },
  customer: {
    name: 'Customer and market insights',
    what: 'Customers found, asked and heard once, and what they said found again.',
  },
}

export const audiences = ['product-managers', 'leaders', 'sales-and-support'] as const
export type Audience = (typeof audiences)[number]

export interface Friction {
  code: string
  name: string
  what: string
  /** Null where no system would take it away. */
  pillar: Pillar | null
  words: readonly string[]
}

const friction = (code: string, pillar: Pillar | null, name: string, what: string, words: string): Friction => ({
  code,
  pillar,
  name,
  what,
  words: words.split(' '),
})

export const frictions: readonly Friction[] = [
  friction(
    'data-extraction',
    'data',
    'Getting data out of systems',
    'Queries, exports and waiting for who can run them',
    'sql query export extract csv pull warehouse',
  ),
  friction(
    'metric-definitions',
    'data',
    'What a figure means',
    'Two figures of one name, and the hours to reconcile them',
    'definition reconcile mismatch metric',
  ),
  friction(
    'dashboards',
    'data',
    'Dashboards and reports',
    'Building and repairing reports for others',
    'dashboard report tableau looker chart',
  ),
  friction(
    'board-decks',
    'data',
    'Decks for board and executives',
    'Slides that are out of date by the next meeting',
    'deck slides board qbr executive powerpoint',
  ),
  friction(
    'roadmap-upkeep',
    'process',
    'Keeping roadmaps up',
    'The same roadmap in several formats',
    'roadmap format template timeline',
  ),
  friction(
    'status-reporting',
    'process',
    'Reporting status',
    'Telling the same state to several places',
    'status update weekly steering',
  ),
  friction(
    'tool-sprawl',
    'process',
    'Too many tools',
    'Copying between tools that do not know each other',
    'tool tools copy duplicate jira confluence',
  ),
  friction(
    'process-overhead',
    'process',
    'Planning and its meetings',
    'Planning rounds, templates and approvals',
    'planning process meeting approval okr quarterly',
  ),
  friction(
    'handoffs',
    'process',
    'Handoffs and dependencies',
    'Waiting for another team',
    'dependency dependencies handoff waiting blocked',
  ),
  friction(
    'launch-logistics',
    'process',
    'Launching',
    'Coordinating marketing, sales, support and documents',
    'launch release go-to-market enablement announcement',
  ),
  friction(
    'research-recruiting',
    'customer',
    'Finding people to talk to',
    'Recruiting, scheduling, incentives',
    'recruit interview interviews schedule participant incentive',
  ),
  friction(
    'research-lost',
    'customer',
    'Research that is not found again',
    'The same question researched twice',
    'research repository findings notes',
  ),
  friction(
    'feedback-triage',
    'customer',
    'Sorting feedback',
    'Reading, tagging and forwarding what customers say',
    'feedback triage tag tickets voice',
  ),
  friction(
    'sales-requests',
    'customer',
    'Requests from sales',
    'Answering what sales asks, one by one',
    'sales request deal rfp prospect',
  ),
  friction(
    'support-escalations',
    'customer',
    'Escalations from support',
    'Being the second line',
    'support escalation bug incident',
  ),
  friction(
    'skills',
    null,
    'Skills',
    'What training or coaching takes away, and no system',
    'skill training coaching onboarding junior',
  ),
]
