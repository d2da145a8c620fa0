/** Search and commands: every page, every workspace, and what can be done from anywhere. */
import '@mantine/spotlight/styles.css'
import { useMantineColorScheme } from '@mantine/core'
import { Spotlight, spotlight } from '@mantine/spotlight'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import type { Permission } from '../../src/platform/auth/permissions.ts'
import { useRead, useWorkspace } from '../api.ts'
import { signOut, useHere, useSession } from '../session.ts'
import { pages as all } from '../rooms.ts'
import { linkTo } from '../ui/address.ts'
import { iconOf } from './places.tsx'

export const openCommands = (): void => {
  window.setTimeout(() => spotlight.open(), 0)
}

export function Commands() {
  const workspace = useWorkspace()
  const here = useHere()
  const session = useSession()
  const navigate = useNavigate()
  const { setColorScheme } = useMantineColorScheme()
  const [query, setQuery] = useState('')
  const text = query.trim()
  const may = (permission: Permission) => here?.permissions.includes(permission) ?? false
  const found = useRead('search.things', { text }, { enabled: text.length >= 2, keepPrevious: true })
  // The list chooses its first line as one types; what the server finds comes later, and Enter should open that too.
  useEffect(() => {
    if (!found.data || text === '' || document.querySelector('.mantine-Spotlight-action[data-selected]')) return
    document.querySelector('.mantine-Spotlight-action')?.setAttribute('data-selected', 'true')
  }, [found.data, text])
  const things = (text.length >= 2 ? (found.data?.groups ?? []) : []).map(({ kind, many, rows }) => ({
    group: many,
    actions: rows.flatMap(({ id, title, detail, address }) =>
      address === null
        ? []
        : [
            {
              id: `${kind} ${id}`,
              label: title,
              description: detail ?? undefined,
              // The server found it; what is typed need not stand in its title.
              keywords: text,
              onClick: () => {
                void navigate(linkTo(workspace, address))
              },
            },
          ],
    ),
  }))
  const pages = all
    .filter((p) => p.tab && (!p.needs || may(p.needs)))
    .map((p) => ({
      id: `page${p.path}`,
      label: p.label,
      keywords: p.words ?? '',
      leftSection: iconOf(p),
      onClick: () => {
        void navigate({ to: `/w/$workspace${p.path}`, params: { workspace } })
      },
    }))
  const others = (session?.workspaces ?? [])
    .filter((w) => w.slug !== workspace)
    .map((w) => ({
      id: `workspace${w.slug}`,
      label: w.name,
      onClick: () => {
        void navigate({ to: '/w/$workspace', params: { workspace: w.slug } })
      },
    }))
  const commands = [
    ...(may('insights:edit') && here?.kind === 'own'
      ? [
          {
            id: 'import',
            label: 'Import a file',
            keywords: 'upload csv',
            onClick: () => {
              void navigate({ to: '/w/$workspace/data/import', params: { workspace } })
            },
          },
        ]
      : []),
    {
      id: 'ask',
      label: 'Ask Product Ops …',
      keywords: 'question request answer',
      onClick: () => {
        void navigate({ to: `/w/${workspace}/requests`, search: { ask: true } as never })
      },
    },
    { id: 'light', label: 'Light colours', onClick: () => setColorScheme('light') },
    { id: 'dark', label: 'Dark colours', onClick: () => setColorScheme('dark') },
    {
      id: 'api',
      label: 'API reference',
      onClick: () => {
        window.location.assign('/api/reference')
      },
    },
    {
      id: 'out',
      label: 'Sign out',
      onClick: () => {
        void signOut()
      },
    },
  ]
  return (
    <Spotlight
      shortcut={null}
      query={query}
      onQueryChange={setQuery}
      nothingFound="Nothing is called that."
      highlightQuery
      limit={30}
      searchProps={{
        autoFocus: true,
        placeholder: 'Go to a page, a feature, an account, a decision …, or do something',
        'aria-label': 'Search and commands',
      }}
      actions={[
        { group: 'Pages', actions: pages },
        ...things.filter(({ actions }) => actions.length > 0),
        ...(others.length > 0 ? [{ group: 'Workspaces', actions: others }] : []),
        { group: 'Do', actions: commands },
      ]}
    />
  )
}
