/** From any page to a decision: opens a draft with what was found there, its numbers as they are now, and the way back. */
import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { MeasureRef } from '../../src/insights/targets/measures.ts'
import type { LinkedThing } from '../../src/decisions/schemas.ts'
import type { z } from 'zod'
import { useWorkspace } from '../api.ts'
import { useMay } from '../session.ts'

export interface GivenFinding {
  title?: string
  text: string
  /** Of the page that shows it, with its search parameters; the address of this page where absent. */
  address?: string
  numbers?: { label: string; text: string; value?: number | null }[]
  /** The first one is proposed as what something is expected of. */
  measures?: z.input<typeof MeasureRef>[]
  from?: LinkedThing[]
}

export function DecideButton({ finding, label = 'Decide on this' }: { finding: GivenFinding; label?: string }) {
  const workspace = useWorkspace()
  const may = useMay('decisions:prepare')
  if (!may) return null
  const here = () => `${window.location.pathname}${window.location.search}`
  return (
    <Button
      size="xs"
      variant="default"
      component={Link}
      to={`/w/${workspace}/decisions/new`}
      search={{ finding: { ...finding, address: finding.address ?? here() } } as never}
    >
      {label}
    </Button>
  )
}
