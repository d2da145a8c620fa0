import { pagesFor, type WebRoom } from '../room.ts'

export const decisions: WebRoom = {
  pages: pagesFor('decisions:read', [
    {
      path: '/decisions',
      load: () => import('./page.tsx').then((m) => m.DecisionsPage),
      place: 'decisions',
      part: 'Decisions',
      tab: 'Decisions',
      label: 'Decisions',
      words: 'decided why expected effect revisit log',
    },
    {
      path: '/decisions/$id',
      load: () => import('./decision.tsx').then((m) => m.DecisionPage),
      place: 'decisions',
      part: 'Decisions',
      label: 'A decision',
    },
  ]),
}
