import { pagesFor, type WebRoom } from '../room.ts'

export const setup: WebRoom = {
  pages: pagesFor('setup:read', [
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
