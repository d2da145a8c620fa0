/** The bar below on a phone: four places, and all others behind the last, by place. */
import { Drawer, UnstyledButton } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { Link, useLocation } from '@tanstack/react-router'
import { useWorkspace } from '../api.ts'
import { MoreIcon } from '../ui/icons.tsx'
import { pageAt, tabOf, type Place } from './places.tsx'

const inBar = 4

export function Bar({ places }: { places: readonly Place[] }) {
  const [isMore, more] = useDisclosure(false)
  const workspace = useWorkspace()
  const { pathname } = useLocation()
  const open = tabOf(pageAt(pathname, workspace))
  return (
    <>
      <nav className="bar" aria-label="Main, short">
        {places.slice(0, inBar).map((place) => (
          <Link
            key={place.name}
            to={`/w/$workspace${place.parts[0]!.path}`}
            params={{ workspace }}
            className={open?.place === place.name ? 'bar-link is-open' : 'bar-link'}
            activeOptions={{ exact: true }}
            aria-current={open?.place === place.name ? 'true' : undefined}
          >
            {place.icon}
            <span>{place.label}</span>
          </Link>
        ))}
        <UnstyledButton className="bar-link" onClick={more.open} aria-haspopup="dialog">
          <MoreIcon />
          <span>More</span>
        </UnstyledButton>
      </nav>
      <Drawer
        opened={isMore}
        onClose={more.close}
        position="bottom"
        size="auto"
        title="Everything"
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <div className="more">
          {places.map((place) => (
            <section key={place.name} aria-label={place.label}>
              <h2 className="more-title">
                {place.icon}
                {place.label}
              </h2>
              <div className="more-parts">
                {place.parts.map((part) => (
                  <Link
                    key={part.name}
                    to={`/w/$workspace${part.path}`}
                    params={{ workspace }}
                    onClick={more.close}
                    className={
                      open?.place === place.name && open.part === part.name ? 'more-part is-open' : 'more-part'
                    }
                    activeOptions={{ exact: true }}
                  >
                    {part.name}
                  </Link>
                ))}
              </div>
            </section>
          ))}
        </div>
      </Drawer>
    </>
  )
}
