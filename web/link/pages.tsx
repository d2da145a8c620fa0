/** Which page a link leads to, by what it is for. A room that hands out links adds its page here. */
import { lazy, Suspense, type ComponentType } from 'react'
import type { openLink } from '../../src/platform/link-tokens/operations.ts'
import { JoiningFrame } from '../joining/frame.tsx'
import { readByLink, type CallError } from './call.ts'
import { useAsked } from './use-asked.ts'

const pages: Record<string, ComponentType> = {
  'listening-tour': lazy(() => import('./tour/page.tsx').then((m) => ({ default: m.TourPage }))),
  invitation: lazy(() => import('./invitation.tsx').then((m) => ({ default: m.InvitationPage }))),
}

export function LinkPage() {
  const opened = useAsked(() => readByLink<typeof openLink>('links.open', {}))
  if (opened.error) return <BadLink error={opened.error} />
  const Page = opened.data ? pages[opened.data.purpose] : null
  if (opened.data && !Page)
    return (
      <JoiningFrame title="There is nothing here" lead="This link leads to nothing that can be shown.">
        {null}
      </JoiningFrame>
    )
  return <Suspense>{Page ? <Page /> : null}</Suspense>
}

export function BadLink({ error }: { error: CallError }) {
  return (
    <JoiningFrame
      title={error.link ? 'This link does not work' : 'This page could not be opened'}
      lead={error.link ? `${error.message} Ask whoever gave it to you for a new one.` : error.message}
    >
      {null}
    </JoiningFrame>
  )
}
