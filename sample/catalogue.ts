/** The sample company's product: what it sells, what its events are called, and which truths are planted. */
export const segments = ['SMB', 'Mid-market', 'Enterprise'] as const
export type Segment = (typeof segments)[number]

export interface SampleFeature {
  name: string
  area: string
  isCore: boolean
  releasedOn: string | null
  prefix: string
  events: string[]
  /** Share of accounts that come to adopt it, by segment. */
  adoption: Record<Segment, number>
  plans: readonly string[] | 'all'
  /** What it does to the yearly odds of leaving; 1 is nothing. */
  churnFactor: number
}

export const plans = ['Starter', 'Team', 'Business', 'Enterprise'] as const
const paid = ['Team', 'Business', 'Enterprise'] as const
const upper = ['Business', 'Enterprise'] as const

const feature = (
  name: string,
  area: string,
  prefix: string,
  events: string[],
  adoption: [number, number, number],
  more: Partial<SampleFeature> = {},
): SampleFeature => ({
  name,
  area,
  prefix,
  events,
  isCore: false,
  releasedOn: null,
  plans: 'all',
  churnFactor: 1,
  adoption: { SMB: adoption[0], 'Mid-market': adoption[1], Enterprise: adoption[2] },
  ...more,
})

export const features: SampleFeature[] = [
  feature('Boards', 'Work', 'board.', ['created', 'card_moved', 'card_created', 'column_added'], [0.92, 0.94, 0.93], {
    isCore: true,
  }),
  feature('Documents', 'Work', 'doc.', ['created', 'edited', 'published'], [0.84, 0.88, 0.9], { isCore: true }),
  feature(
    'Collaboration',
    'Teamwork',
    'collab.',
    ['comment_added', 'mention_sent', 'share_link_created', 'guest_invited'],
    [0.72, 0.66, 0.06],
    { isCore: true },
  ),
  feature('Search', 'Work', 'search.', ['query', 'result_opened'], [0.62, 0.7, 0.78]),
  feature('Reports', 'Insight', 'report.', ['created', 'exported', 'scheduled'], [0.34, 0.5, 0.62]),
  // The truth: who adopts it stays.
  feature('Automations', 'Work', 'automation.', ['rule_created', 'rule_ran'], [0.36, 0.4, 0.38], {
    plans: paid,
    churnFactor: 0.3,
  }),
  // Seems to keep customers, because larger accounts, who stay anyway, adopt it more.
  feature('Templates', 'Work', 'template.', ['used', 'created'], [0.14, 0.45, 0.82]),
  // Adopted at random: nothing follows from it.
  feature('Calendar', 'Work', 'calendar.', ['event_created', 'synced'], [0.42, 0.42, 0.42]),
  feature('Mobile app', 'Platform', 'mobile.', ['opened', 'notification_opened'], [0.5, 0.55, 0.48]),
  feature('Single sign-on', 'Platform', 'sso.', ['login'], [0.1, 0.35, 0.85], { plans: upper }),
  feature('Advanced analytics', 'Insight', 'analytics.', ['dashboard_viewed', 'metric_defined'], [0.15, 0.32, 0.4], {
    plans: upper,
  }),
  feature('AI summaries', 'Insight', 'ai_summary.', ['generated', 'rated'], [0.3, 0.26, 0.2], {
    releasedOn: '2025-06-10',
  }),
]

/** Events of general traffic and of experiments: no feature's, and never a column. */
export const noise = [
  'page_view',
  'session_start',
  'login',
  'heartbeat',
  'exp.checkout_b',
  'exp.onboarding_v3',
  'settings_opened',
  'billing_page_viewed',
]

export const regions = ['Europe', 'North America', 'Asia Pacific'] as const
export const industries = [
  'Logistics',
  'Manufacturing',
  'Retail',
  'Software',
  'Health',
  'Media',
  'Energy',
  'Education',
  'Finance',
  'Construction',
] as const
/** Account teams, not persons. */
export const owners = [
  'Enterprise North',
  'Enterprise South',
  'Enterprise Americas',
  'Mid-market East',
  'Mid-market West',
  'Growth',
] as const

const starts = [
  'Alder',
  'Amber',
  'Anchor',
  'Arbor',
  'Aspen',
  'Atlas',
  'Basalt',
  'Beacon',
  'Birch',
  'Bramble',
  'Bridge',
  'Cairn',
  'Canal',
  'Cedar',
  'Cinder',
  'Clover',
  'Cobalt',
  'Copper',
  'Coral',
  'Crest',
  'Delta',
  'Dune',
  'Ember',
  'Fern',
  'Fjord',
  'Flint',
  'Forge',
  'Garnet',
  'Glacier',
  'Granite',
  'Grove',
  'Harbour',
  'Hazel',
  'Heather',
  'Indigo',
  'Iron',
  'Ivy',
  'Juniper',
  'Kelp',
  'Lagoon',
  'Lantern',
  'Larch',
  'Linden',
  'Maple',
  'Marble',
  'Meadow',
  'Meridian',
  'Mistral',
  'Moss',
  'Oak',
  'Onyx',
  'Orchard',
  'Pebble',
  'Pine',
  'Prairie',
  'Quarry',
  'Quartz',
  'Raven',
  'Reed',
  'Ridge',
  'River',
  'Rowan',
  'Saffron',
  'Sage',
  'Sequoia',
  'Shale',
  'Slate',
  'Sparrow',
  'Spruce',
  'Sterling',
  'Summit',
  'Swift',
  'Tamarack',
  'Teal',
  'Thistle',
  'Timber',
  'Topaz',
  'Tundra',
  'Umber',
  'Vale',
  'Verdant',
  'Walnut',
  'Willow',
  'Wren',
  'Zephyr',
]
const ends = [
  'Freight',
  'Works',
  'Foods',
  'Systems',
  'Health',
  'Media',
  'Energy',
  'Learning',
  'Capital',
  'Builders',
  'Labs',
  'Motors',
  'Textiles',
  'Marine',
  'Optics',
  'Press',
  'Robotics',
  'Supply',
  'Travel',
  'Ventures',
]

/** No two accounts share a name, at any scale. */
export const companyName = (i: number): string => {
  const n = (i * 7919) % (starts.length * ends.length)
  const round = Math.floor(i / (starts.length * ends.length))
  return `${starts[n % starts.length]} ${ends[Math.floor(n / starts.length)]}${round > 0 ? ` ${round + 1}` : ''}`
}
