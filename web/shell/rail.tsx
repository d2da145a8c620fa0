/** The rail to the left: the workspace, then the places of it by group. */
import { Menu, Tooltip, UnstyledButton } from '@mantine/core'
import { Link, useLocation, useNavigate } from '@tanstack/react-router'
import { useWorkspace } from '../api.ts'
import mark from '../mark.svg'
import { useHere, useSession } from '../session.ts'
import { CollapseIcon, DownIcon } from '../ui/icons.tsx'
import { groups, placeAt, type Place } from './places.tsx'

export function Rail({
  places,
  isNarrow,
  onNarrow,
}: {
  places: readonly Place[]
  isNarrow: boolean
  onNarrow: (isNarrow: boolean) => void
}) {
  return (
    <nav className="rail" aria-label="Main">
      <WorkspaceMenu isNarrow={isNarrow} />
      {groups
        .map((group) => [group, places.filter((p) => p.group === group)] as const)
        .filter(([, some]) => some.length > 0)
        .map(([group, some]) => (
          <div className="rail-group" key={group}>
            {group === 'top' || isNarrow ? null : <div className="rail-title">{group}</div>}
            {some.map((p) => (
              <RailLink key={p.to} place={p} isNarrow={isNarrow} />
            ))}
          </div>
        ))}
      <UnstyledButton className="rail-link rail-collapse" onClick={() => onNarrow(!isNarrow)} aria-pressed={isNarrow}>
        <CollapseIcon />
        {isNarrow ? <span className="visually-hidden">Widen the menu</span> : <span>Collapse</span>}
      </UnstyledButton>
    </nav>
  )
}

function RailLink({ place, isNarrow }: { place: Place; isNarrow: boolean }) {
  const workspace = useWorkspace()
  const { pathname } = useLocation()
  const link = (
    <Link
      to={`/w/$workspace${place.to}`}
      params={{ workspace }}
      className="rail-link"
      activeOptions={{ exact: true }}
      aria-current={placeAt(pathname, workspace) === place ? 'page' : undefined}
    >
      {place.icon}
      <span className={isNarrow ? 'visually-hidden' : ''}>{place.label}</span>
    </Link>
  )
  return isNarrow ? (
    <Tooltip label={place.label} position="right">
      {link}
    </Tooltip>
  ) : (
    link
  )
}

function WorkspaceMenu({ isNarrow }: { isNarrow: boolean }) {
  const session = useSession()
  const here = useHere()
  const navigate = useNavigate()
  return (
    <Menu position="bottom-start" width={240}>
      <Menu.Target>
        <UnstyledButton className="rail-workspace" aria-label={`Workspace ${here?.name ?? ''}`}>
          <img src={mark} alt="" width={24} height={24} />
          {isNarrow ? null : (
            <>
              <span className="rail-workspace-name">{here?.name}</span>
              <DownIcon />
            </>
          )}
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Workspaces</Menu.Label>
        {session?.workspaces.map((w) => (
          <Menu.Item
            key={w.slug}
            onClick={() => {
              void navigate({ to: '/w/$workspace', params: { workspace: w.slug } })
            }}
            rightSection={w.kind === 'sample' ? <span className="small faint">sample</span> : null}
            aria-current={w.slug === here?.slug || undefined}
          >
            {w.name}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item
          onClick={() => {
            void navigate({ to: '/start' })
          }}
        >
          Open another …
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
