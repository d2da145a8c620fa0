/** A link to another page of this workspace. A shared view ends at its own page: there its words stand without the link, or what is given instead. */
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useIsShared, useWorkspace } from '../api.ts'

export function PageLink({
  to,
  search,
  children,
  whenShared = children,
}: {
  /** Within the workspace: /insights/adoption. */
  to: string
  search?: Record<string, unknown>
  children: ReactNode
  whenShared?: ReactNode
}) {
  const workspace = useWorkspace()
  if (useIsShared()) return <>{whenShared}</>
  return (
    <Link to={`/w/${workspace}${to}`} {...(search ? { search: search as never } : {})}>
      {children}
    </Link>
  )
}
