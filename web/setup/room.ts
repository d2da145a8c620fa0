import { pagesFor, type WebRoom } from '../room.ts'

export const setup: WebRoom = {
  pages: pagesFor('setup:read', [
    {
      path: '/start',
      load: () => import('./start.tsx').then((m) => m.StartPage),
      place: 'start',
      part: 'Start',
      tab: 'Start',
      label: 'Is it time for Product Operations?',
      words: 'triggers thresholds readiness',
    },
    {
      path: '/start/tour',
      load: () => import('./tour.tsx').then((m) => m.TourPage),
      place: 'start',
      part: 'Listening tour',
      tab: 'Waves',
      label: 'Listening tour',
      words: 'survey questions waves answers friction',
    },
    {
      path: '/start/tour/$id',
      load: () => import('./wave.tsx').then((m) => m.WavePage),
      place: 'start',
      part: 'Listening tour',
      label: 'A wave of the listening tour',
    },
    {
      path: '/start/interviews',
      load: () => import('./interviews.tsx').then((m) => m.InterviewsPage),
      place: 'start',
      part: 'Listening tour',
      tab: 'Interviews',
      label: 'Interviews',
      words: 'guide notes confidential',
      needs: 'setup:listen',
    },
    {
      path: '/start/cost',
      load: () => import('./cost.tsx').then((m) => m.CostPage),
      place: 'start',
      part: 'What it costs',
      tab: 'What it costs',
      label: 'What friction costs',
      words: 'friction map hours money pillar',
    },
  ]),
}
