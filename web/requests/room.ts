import { pagesFor, type WebRoom } from '../room.ts'

export const requests: WebRoom = {
  pages: pagesFor('requests:ask', [
    {
      path: '/requests',
      load: () => import('./page.tsx').then((m) => m.RequestsPage),
      place: 'decisions',
      part: 'Requests',
      tab: 'Requests',
      label: 'Request desk',
      words: 'questions asked answers product ops',
    },
  ]),
}
