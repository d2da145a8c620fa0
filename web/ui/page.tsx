/** A page answers one question: its title is that question, then the answer, the controls, the picture, the table, how we know. */
import type { ReactNode } from 'react'
import { useEffect } from 'react'
import { useIsShared } from '../api.ts'
import './page.css'

export interface PageProps {
  title: string
  lead?: ReactNode
  actions?: ReactNode
  controls?: ReactNode
  children: ReactNode
  isWide?: boolean
}

export function Page({ title, lead, actions, controls, children, isWide = false }: PageProps) {
  const isFixed = useIsShared()
  useEffect(() => {
    document.title = `${title} · Throughline`
  }, [title])
  return (
    <div className={isWide ? 'page page-wide' : 'page'}>
      <header className="page-head">
        <h1>{title}</h1>
        {actions ? <div className="page-actions">{actions}</div> : null}
      </header>
      {lead ? <div className="page-lead">{lead}</div> : null}
      {controls ? (
        isFixed ? (
          <fieldset className="page-controls page-fixed" disabled aria-label="As it was shared">
            {controls}
          </fieldset>
        ) : (
          <div className="page-controls">{controls}</div>
        )
      ) : null}
      {children}
    </div>
  )
}

export function Section({
  title,
  note,
  actions,
  children,
  id,
}: {
  title: string
  note?: ReactNode
  actions?: ReactNode
  children: ReactNode
  id?: string
}) {
  return (
    <section className="section" id={id} aria-label={title}>
      <header className="section-head">
        <div>
          <h2>{title}</h2>
          {note ? <p className="soft">{note}</p> : null}
        </div>
        {actions ? <div className="page-actions">{actions}</div> : null}
      </header>
      {children}
    </section>
  )
}
