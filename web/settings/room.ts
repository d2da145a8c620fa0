import type { RoomPage, WebRoom } from '../room.ts'

/** Each is a sub-place of its own. */
const part = (label: string, page: Pick<RoomPage, 'path' | 'load'> & Partial<RoomPage>): RoomPage => ({
  place: 'settings',
  part: label,
  tab: label,
  label,
  ...page,
})

export const settings: WebRoom = {
  pages: [
    part('Workspace', {
      path: '/settings/workspace',
      load: () => import('./workspace.tsx').then((m) => m.WorkspacePage),
      words: 'name currency',
    }),
    part('People', {
      path: '/settings/people',
      load: () => import('./people.tsx').then((m) => m.PeoplePage),
      label: 'People and roles',
      needs: 'workspace:admin',
      words: 'invite',
    }),
    part('Sign-in', {
      path: '/settings/sign-in',
      load: () => import('./sign-in.tsx').then((m) => m.SignInSettingsPage),
      label: 'Sign-in and devices',
      words: 'my account password sessions two-factor second step authenticator sign out',
    }),
    part('Audit', {
      path: '/settings/audit',
      load: () => import('./audit.tsx').then((m) => m.AuditPage),
      label: 'Audit log',
      needs: 'audit:read',
    }),
    part('Jobs', {
      path: '/settings/jobs',
      load: () => import('./jobs.tsx').then((m) => m.JobsPage),
      needs: 'insights:edit',
      words: 'imports refresh progress',
    }),
  ],
  moved: { '/settings': '/settings/workspace' },
}
