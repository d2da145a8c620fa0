/** The line of tabs under the top line: the pages of the open sub-place, or the sub-places where it has one page. */
import { Link, useLocation } from '@tanstack/react-router'
import { useEffect, useRef, type KeyboardEvent } from 'react'
import { useWorkspace } from '../api.ts'
import { pageAt, tabOf, type Place } from './places.tsx'

export function Tabs({ places }: { places: readonly Place[] }) {
  const workspace = useWorkspace()
  const { pathname } = useLocation()
  const line = useRef<HTMLElement>(null)
  const open = tabOf(pageAt(pathname, workspace))
  useEffect(() => {
    line.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [open])
  const place = places.find((p) => p.name === open?.place)
  const part = place?.parts.find((p) => p.name === open?.part)
  if (!open || !place || !part) return null
  const tabs =
    part.tabs.length > 1
      ? part.tabs.map((page) => ({ label: page.tab!, path: page.path, isOpen: page === open }))
      : place.parts.map((one) => ({ label: one.name, path: one.path, isOpen: one === part }))
  if (tabs.length < 2) return null
  return (
    <nav
      className="tabs"
      aria-label={part.tabs.length > 1 && part.name !== place.label ? `${place.label}, ${part.name}` : place.label}
      ref={line}
      onKeyDown={walk}
    >
      {tabs.map(({ label, path, isOpen }) => (
        <Link
          key={path}
          to={`/w/$workspace${path}`}
          params={{ workspace }}
          className={isOpen ? 'tab is-open' : 'tab'}
          activeOptions={{ exact: true }}
          aria-current={isOpen ? 'page' : undefined}
        >
          {label}
        </Link>
      ))}
    </nav>
  )
}

const steps: Record<string, (at: number, last: number) => number> = {
  ArrowRight: (at, last) => Math.min(at + 1, last),
  ArrowLeft: (at) => Math.max(at - 1, 0),
  Home: () => 0,
  End: (_, last) => last,
}

function walk(event: KeyboardEvent<HTMLElement>) {
  const step = steps[event.key]
  const links = [...event.currentTarget.querySelectorAll('a')]
  const at = links.indexOf(document.activeElement as HTMLAnchorElement)
  if (!step || at < 0) return
  event.preventDefault()
  links[step(at, links.length - 1)]?.focus()
}
