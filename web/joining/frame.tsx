/** The pages before a workspace: narrow, one question each. */
import { useEffect, type ReactNode } from 'react'
import mark from '../mark.svg'
import './frame.css'

export function JoiningFrame({
  title,
  lead,
  children,
  isWide = false,
}: {
  title: string
  lead?: ReactNode
  children: ReactNode
  isWide?: boolean
}) {
  useEffect(() => {
    document.title = `${title} · Throughline`
  }, [title])
  return (
    <main className={isWide ? 'joining joining-wide' : 'joining'}>
      <div className="joining-brand">
        <img src={mark} alt="" width={28} height={28} />
        <span>Throughline</span>
      </div>
      <h1>{title}</h1>
      {lead ? <p className="joining-lead">{lead}</p> : null}
      {children}
    </main>
  )
}
