/** One frame for every thing, in a drawer or on a page of its own: what it is, where it stands, its facts, what can be done, what refers to it. */
import { Button, CopyButton } from '@mantine/core'
import type { ReactNode } from 'react'
import { useIsShared, useWorkspace } from '../../api.ts'
import { SideDrawer } from '../side-drawer.tsx'
import { Page } from '../page.tsx'
import type { Opening } from './opening.ts'
import { References } from './references.tsx'
import './thing.css'

export interface ThingProps {
  /** As the links between things know it, where they do: `request`, `objective`. */
  kind?: string
  id: string
  title: ReactNode
  /** In words, with its tone; where it stands. */
  state?: ReactNode
  owner?: ReactNode
  facts?: readonly (readonly [label: string, value: ReactNode])[]
  /** Within the workspace; what “Copy link” copies. */
  address: string
  actions?: ReactNode
  children?: ReactNode
}

/** What stands below the name of its kind. */
export function Thing({ kind, id, title, state, owner, facts = [], address, actions, children }: ThingProps) {
  return (
    <article className="thing">
      <header className="thing-head">
        <h2>{title}</h2>
        <Standing {...{ state, owner }} />
        <div className="page-actions">
          {actions}
          <CopyThingLink address={address} />
        </div>
      </header>
      <Facts facts={facts} />
      {children}
      {kind ? <References kind={kind} id={id} /> : null}
    </article>
  )
}

/** The same on a page of its own. */
export function ThingPage({
  kind,
  id,
  title,
  state,
  owner,
  facts = [],
  address,
  actions,
  children,
}: ThingProps & { title: string }) {
  return (
    <Page
      title={title}
      lead={<Standing {...{ state, owner }} />}
      actions={
        <>
          {actions}
          <CopyThingLink address={address} />
        </>
      }
    >
      <div className="thing thing-page">
        <Facts facts={facts} />
        {children}
        {kind ? <References kind={kind} id={id} /> : null}
      </div>
    </Page>
  )
}

function Standing({ state, owner }: Pick<ThingProps, 'state' | 'owner'>) {
  if (!state && !owner) return null
  return (
    <p className="thing-standing">
      {state}
      {state && owner ? <span className="faint"> · </span> : null}
      {owner ? <span className="soft">{owner}</span> : null}
    </p>
  )
}

function Facts({ facts }: { facts: NonNullable<ThingProps['facts']> }) {
  if (facts.length === 0) return null
  return (
    <dl className="thing-facts">
      {facts.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

function CopyThingLink({ address }: { address: string }) {
  const workspace = useWorkspace()
  if (useIsShared()) return null
  return (
    <CopyButton value={`${window.location.origin}/w/${workspace}${address}`} timeout={2000}>
      {({ copied, copy }) => (
        <Button size="compact-xs" variant="default" onClick={copy} aria-live="polite">
          {copied ? 'Link copied' : 'Copy link'}
        </Button>
      )}
    </CopyButton>
  )
}

export interface ThingDrawerProps {
  opening: Opening
  /** What kind of thing it is, above its title: `Question`. */
  kind: (id: string) => string
  width?: number
  children: (id: string) => ReactNode
}

/** Over the list that it was opened from, with the way to the one before and the one after. */
export function ThingDrawer({ opening, kind, width, children }: ThingDrawerProps) {
  const { of, among, open, close } = opening
  const at = of === undefined ? -1 : among.indexOf(of)
  const step = (by: number, label: string, sign: string) => {
    const to = at < 0 ? undefined : among[at + by]
    return (
      <Button
        size="compact-xs"
        variant="subtle"
        color="gray"
        aria-label={label}
        title={label}
        disabled={to === undefined}
        onClick={() => to !== undefined && open(to)}
      >
        {sign}
      </Button>
    )
  }
  return (
    <SideDrawer
      of={of}
      onClose={close}
      {...(width ? { width } : {})}
      title={(id) => (
        <span className="thing-kind">
          {kind(id)}
          {at >= 0 && among.length > 1 ? (
            <span className="thing-steps">
              {step(-1, 'Previous', '↑')}
              {step(1, 'Next', '↓')}
              <span className="small faint number">
                {at + 1} of {among.length}
              </span>
            </span>
          ) : null}
        </span>
      )}
    >
      {(id) => <div key={id}>{children(id)}</div>}
    </SideDrawer>
  )
}
