import type { ReactNode } from 'react'

/** A name in a table that opens what stands behind its line. */
export function NameButton({ children, onClick }: { children: ReactNode; onClick: () => void }) {
  return (
    <button type="button" className="plain as-link" onClick={onClick}>
      {children}
    </button>
  )
}
