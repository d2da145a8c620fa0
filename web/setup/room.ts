import { pagesFor, type WebRoom } from '../room.ts'

export const setup: WebRoom = {
  pages: pagesFor('setup:read', [
    {
      path: '/getting-started/pillar',
      load: () => import('./pillar/page.tsx').then((m) => m.PillarPage),
      place: 'start',
      part: 'Pillar',
      tab: 'Pillar',
      label: 'Pillar',
      words: 'choose recommendation business data process customer',
    },
    {
      path: '/getting-started/charter',
      load: () => import('./charter/page.tsx').then((m) => m.CharterPage),
      place: 'start',
      part: 'Charter',
      tab: 'Charter',
      label: 'Charter',
      words: 'above below the line scope editions',
      // Published to all.
      needs: 'shared:read',
    },
    {
      path: '/getting-started/first-hire',
      load: () => import('./first-hire/page.tsx').then((m) => m.FirstHirePage),
      place: 'start',
      part: 'First hire',
      tab: 'First hire',
      label: 'First hire',
      words: 'job description interview kit scorecard profile',
    },
    {
      path: '/getting-started/quick-wins',
      load: () => import('./quick-wins/page.tsx').then((m) => m.QuickWinsPage),
      place: 'start',
      part: 'Quick wins',
      tab: 'Quick wins',
      label: 'Quick wins',
      words: 'hours given back ledger time saved baseline',
    },
    {
      path: '/getting-started/quick-wins/result',
      load: () => import('./quick-wins/result.tsx').then((m) => m.QuickWinResultPage),
      place: 'start',
      part: 'Quick wins',
      label: 'What Product Ops gave back',
      words: 'result proof show leaders hours given back',
    },
    {
      path: '/getting-started/quick-wins/$id',
      load: () => import('./quick-wins/thing.tsx').then((m) => m.QuickWinPage),
      place: 'start',
      part: 'Quick wins',
      label: 'A quick win',
    },
  ]),
}
