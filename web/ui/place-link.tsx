/** A link to a place in this workspace that is kept as text, with its search parameters: `/insights/adoption?month=2025-06`. */
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useWorkspace } from '../api.ts'
import { linkTo } from './address.ts'

export function PlaceLink({ address, children }: { address: string; children: ReactNode }) {
  const workspace = useWorkspace()
  const { to, search } = linkTo(workspace, address)
  return (
    <Link to={to} search={search as never} hash={address.split('#')[1] ?? ''}>
      {children}
    </Link>
  )
}
