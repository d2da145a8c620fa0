import type { WebRoom } from '../room.ts'

export const home: WebRoom = {
  pages: [
    {
      path: '',
      load: () => import('./home.tsx').then((m) => m.HomePage),
      place: 'home',
      part: 'What stands out',
      tab: 'What stands out',
      label: 'Home',
    },
  ],
}
