/** The bar below on a phone: four places, and all others behind the last. */
import { Drawer, UnstyledButton } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { Link, useLocation } from '@tanstack/react-router'
import { useWorkspace } from '../api.ts'
import { useMay } from '../session.ts'
import { MoreIcon } from '../ui/icons.tsx'
import { placeAt, type Place } from './places.tsx'

const shortLabels: Record<string, string> = {
  '': 'Home',
  '/insights/adoption': 'Adoption',
  '/insights/revenue': 'Revenue',
  '/shared': 'Shared',
  '/data': 'Data',
}

export function Bar({ places }: { places: readonly Place[] }) {
  const seesAll = useMay('insights:read')
  const [isMore, more] = useDisclosure(false)
  return (
    <>
      <nav className="bar" aria-label="Main, short">
        {places
          .filter((p) => p.to in shortLabels && (p.to !== '/shared' || !seesAll))
          .map((p) => (
            <BarLink key={p.to} place={p} />
          ))}
        <UnstyledButton className="bar-link" onClick={more.open} aria-haspopup="dialog">
          <MoreIcon />
          <span>More</span>
        </UnstyledButton>
      </nav>
      <Drawer opened={isMore} onClose={more.close} position="bottom" size="auto" title="Everything">
        <div className="more">
          {places.map((p) => (
            <MoreLink key={p.to} place={p} onClick={more.close} />
          ))}
        </div>
      </Drawer>
    </>
  )
}

function MoreLink({ place, onClick }: { place: Place; onClick: () => void }) {
  const workspace = useWorkspace()
  return (
    <Link to={`/w/$workspace${place.to}`} params={{ workspace }} onClick={onClick} className="rail-link">
      {place.icon}
      <span>{place.label}</span>
    </Link>
  )
}

function BarLink({ place }: { place: Place }) {
  const workspace = useWorkspace()
  const { pathname } = useLocation()
  return (
    <Link
      to={`/w/$workspace${place.to}`}
      params={{ workspace }}
      className="bar-link"
      activeOptions={{ exact: true }}
      aria-current={placeAt(pathname, workspace) === place ? 'page' : undefined}
    >
      {place.icon}
      <span>{shortLabels[place.to]}</span>
    </Link>
  )
}
