/** The frame: rail to the left (a bar below on a phone), top line with search, freshness and me. */
import { useHotkeys, useLocalStorage } from '@mantine/hooks'
import { Outlet, useLocation } from '@tanstack/react-router'
import { lazy, Suspense, useMemo } from 'react'
import { useWorkspace } from '../api.ts'
import { Freshness } from '../freshness.tsx'
import { NotShared } from '../insights/views/not-shared.tsx'
import { useLive } from '../live.ts'
import { useHere } from '../session.ts'
import { Bar } from './bar.tsx'
import { pageAt, placesFor } from './places.tsx'
import { Rail } from './rail.tsx'
import { Tabs } from './tabs.tsx'
import { Top } from './top.tsx'
import './shell.css'

const Commands = lazy(() => import('./commands.tsx').then((m) => ({ default: m.Commands })))
const openCommands = () => {
  void import('./commands.tsx').then((m) => m.openCommands())
}

export function Shell() {
  const workspace = useWorkspace()
  const here = useHere()
  const { pathname } = useLocation()
  const [isNarrow, setNarrow] = useLocalStorage({ key: 'rail-narrow', defaultValue: false })
  useLive(workspace)
  useHotkeys([['mod+B', () => setNarrow(!isNarrow)]])
  // From within a field too: there it does nothing else.
  useHotkeys([['mod+K', openCommands]], [], true)
  const places = useMemo(() => placesFor(here?.permissions ?? []), [here?.permissions])
  const page = pageAt(pathname, workspace)
  return (
    <div className={isNarrow ? 'shell is-narrow' : 'shell'}>
      <a className="skip" href="#main">
        Skip to the page
      </a>
      <Rail places={places} isNarrow={isNarrow} onNarrow={setNarrow} />
      <div className="frame">
        <Top onSearch={openCommands} />
        <Freshness isStrip />
        <Tabs places={places} />
        <main id="main" tabIndex={-1}>
          {here && page?.needs && !here.permissions.includes(page.needs) ? (
            <NotShared label={page.label} />
          ) : (
            <Outlet />
          )}
        </main>
      </div>
      <Bar places={places} />
      <Suspense fallback={null}>
        <Commands />
      </Suspense>
    </div>
  )
}
