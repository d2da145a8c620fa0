/** The rail to the left: the workspace, then its places, of which the open one unfolds. */
import { Menu, Tooltip, UnstyledButton } from '@mantine/core'
import { Link, useLocation, useNavigate } from '@tanstack/react-router'
import { useWorkspace } from '../api.ts'
import mark from '../mark.svg'
import { useHere, useSession } from '../session.ts'
import { CollapseIcon, DownIcon } from '../ui/icons.tsx'
import type { PlaceName, RoomPage } from '../room.ts'
import { pageAt, tabOf, type Place } from './places.tsx'

export function Rail({
  places,
  isNarrow,
  onNarrow,
}: {
  places: readonly Place[]
  isNarrow: boolean
  onNarrow: (isNarrow: boolean) => void
}) {
  const workspace = useWorkspace()
  const { pathname } = useLocation()
  const open = tabOf(pageAt(pathname, workspace))
  return (
    <nav className="rail" aria-label="Main">
      <WorkspaceMenu isNarrow={isNarrow} />
      {[places.filter((p) => !setApart.has(p.name)), places.filter((p) => setApart.has(p.name))].map((some, i) => (
        <div className="rail-group" key={i}>
          {some.map((place) => (
            <RailPlace key={place.name} place={place} open={open} isNarrow={isNarrow} />
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

/** Below the line. */
const setApart: ReadonlySet<PlaceName> = new Set(['data', 'settings'])

function RailPlace({ place, open, isNarrow }: { place: Place; open: RoomPage | undefined; isNarrow: boolean }) {
  const workspace = useWorkspace()
  const isOpen = open?.place === place.name
  const hasParts = isOpen && !isNarrow && place.parts.length > 1
  const link = (
    <Link
      to={`/w/$workspace${place.parts[0]!.path}`}
      params={{ workspace }}
      className={isOpen ? (hasParts ? 'rail-link is-unfolded' : 'rail-link is-open') : 'rail-link'}
      activeOptions={{ exact: true }}
      aria-current={isOpen ? 'true' : undefined}
    >
      {place.icon}
      <span className={isNarrow ? 'visually-hidden' : ''}>{place.label}</span>
    </Link>
  )
  if (isNarrow)
    return (
      <Tooltip label={place.label} position="right">
        {link}
      </Tooltip>
    )
  return (
    <>
      {link}
      {hasParts ? (
        <ul className="rail-parts" aria-label={place.label}>
          {place.parts.map((part) => (
            <li key={part.name}>
              <Link
                to={`/w/$workspace${part.path}`}
                params={{ workspace }}
                className={part.name === open.part ? 'rail-part is-open' : 'rail-part'}
                activeOptions={{ exact: true }}
                aria-current={part.name === open.part ? 'true' : undefined}
              >
                {part.name}
              </Link>
            </li>
          ))}
        </ul>
      ) : null}
    </>
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
