/** The line on top: where one is, search, how fresh the data is, and oneself. */
import { Kbd, Menu, UnstyledButton, useMantineColorScheme } from '@mantine/core'
import { Link, useLocation } from '@tanstack/react-router'
import { useWorkspace } from '../api.ts'
import { Freshness } from '../freshness.tsx'
import { signOut, useHere, useSession } from '../session.ts'
import { ApiIcon, SearchIcon, SettingsIcon } from '../ui/icons.tsx'
import { pageAt, placeLabel } from './places.tsx'
import { RunningJobs } from './running-jobs.tsx'

export function Top({ onSearch }: { onSearch: () => void }) {
  return (
    <header className="top">
      <Where />
      <UnstyledButton className="top-search" onClick={onSearch}>
        <SearchIcon />
        <span>Search and commands</span>
        <Kbd size="xs" aria-hidden>
          Ctrl K
        </Kbd>
      </UnstyledButton>
      <div className="top-end">
        <RunningJobs />
        <Freshness />
        <Me />
      </div>
    </header>
  )
}

function Where() {
  const workspace = useWorkspace()
  const { pathname } = useLocation()
  const page = pageAt(pathname, workspace)
  const place = page ? placeLabel(page) : null
  return (
    <div className="top-where">
      {place && place !== page?.label ? (
        <>
          <span className="faint">{place}</span>
          <span className="faint" aria-hidden>
            /
          </span>
        </>
      ) : null}
      <span>{page?.label ?? ''}</span>
    </div>
  )
}

function Me() {
  const session = useSession()
  const here = useHere()
  const workspace = useWorkspace()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const initials = (session?.person?.name ?? '?')
    .split(/\s+/)
    .map((word) => word[0])
    .slice(0, 2)
    .join('')
    .toUpperCase()
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <UnstyledButton className="me" aria-label={`${initials}, signed in as ${session?.person?.name ?? ''}`}>
          {initials}
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {session?.person?.name}, {here?.role.replace('-', ' ')}
          <br />
          {session?.person?.email}
        </Menu.Label>
        <Menu.Divider />
        {(['light', 'dark', 'auto'] as const).map((scheme) => (
          <Menu.Item
            key={scheme}
            leftSection={colorScheme === scheme ? '✓' : <span className="me-gap" />}
            onClick={() => setColorScheme(scheme)}
          >
            {{ light: 'Light', dark: 'Dark', auto: 'As the system' }[scheme]}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item component={Link} to={`/w/${workspace}/settings/sign-in`} leftSection={<SettingsIcon />}>
          Sign-in and devices
        </Menu.Item>
        <Menu.Item component="a" href="/api/reference" leftSection={<ApiIcon />}>
          API reference
        </Menu.Item>
        <Menu.Item
          onClick={() => {
            void signOut()
          }}
        >
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
