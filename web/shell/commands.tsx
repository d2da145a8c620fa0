/** Search and commands: every page, every workspace, and what can be done from anywhere. */
import '@mantine/spotlight/styles.css'
import { useMantineColorScheme } from '@mantine/core'
import { Spotlight, spotlight } from '@mantine/spotlight'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { Permission } from '../../src/platform/auth/permissions.ts'
import { useRead, useWorkspace } from '../api.ts'
import { useFeatures } from '../insights/features/use-features.ts'
import { signOut, useHere, useSession } from '../session.ts'
import { pages as all } from '../rooms.ts'
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
  const found = useRead('insights.accounts.search', { text }, { enabled: text.length >= 2 && may('insights:accounts') })
  const catalogue = useFeatures({ enabled: text.length >= 2 && may('insights:read') })
  const features = (text.length >= 2 ? (catalogue.data?.features ?? []) : [])
    .filter((f) => f.name.toLowerCase().includes(text.toLowerCase()))
    .slice(0, 5)
    .map((f) => ({
      id: `feature${f.id}`,
      label: f.name,
      onClick: () => {
        void navigate({ to: '/w/$workspace/insights/feature', params: { workspace }, search: { id: f.id } })
      },
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
  const accounts = (text.length >= 2 ? (found.data?.rows ?? []) : []).slice(0, 5).map((a) => ({
    id: `account${a.accountExtId}`,
    label: a.name ?? a.accountExtId,
    keywords: `${a.accountExtId} ${a.domain ?? ''}`,
    onClick: () => {
      void navigate({ to: '/w/$workspace/customers/accounts', params: { workspace }, search: { id: a.accountExtId } })
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
      limit={20}
      searchProps={{
        autoFocus: true,
        placeholder: 'Go to a page, a feature or an account, or do something',
        'aria-label': 'Search and commands',
      }}
      actions={[
        { group: 'Pages', actions: pages },
        ...(features.length > 0 ? [{ group: 'Features', actions: features }] : []),
        ...(accounts.length > 0 ? [{ group: 'Accounts', actions: accounts }] : []),
        ...(others.length > 0 ? [{ group: 'Workspaces', actions: others }] : []),
        { group: 'Do', actions: commands },
      ]}
    />
  )
}
