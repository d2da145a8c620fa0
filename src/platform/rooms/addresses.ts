/** The pages that the server leads to, by what they show: it writes no other address. A test finds each among the web's pages, and opens it. */
export const addresses = {
  account: '/customers/accounts',
  adoption: '/insights/adoption',
  association: '/insights/association',
  data: '/data',
  decision: '/decisions',
  eventRules: '/data/event-rules',
  feature: '/insights/feature',
  list: '/customers/lists',
  objective: '/insights/objectives',
  quickWin: '/start/quick-wins',
  request: '/requests',
  revenue: '/insights/revenue',
  story: '/insights/stories',
  view: '/shared',
  whitespace: '/insights/whitespace',
  whoIsWho: '/data/who-is-who',
} as const
