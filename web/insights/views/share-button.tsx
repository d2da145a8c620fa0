/** Shares the page as it stands, or a part of it that is a page of its own, where it can be shared and the person may. */
import { Button, Modal } from '@mantine/core'
import { useLocation } from '@tanstack/react-router'
import { useState } from 'react'
import type { Read } from '../../../src/sharing/schemas.ts'
import { useRead, useWorkspace, useWrite } from '../../api.ts'
import { useMay } from '../../session.ts'
import { plural } from '../../ui/format.ts'
import { freshAudience, ShareForm } from './share-form.tsx'
import { SharedLink } from './shared-link.tsx'

export interface SharedPart {
  /** Within the workspace, with what was chosen. */
  path: string
  search: string
  question: string
}

export function ShareButton({ reads, part }: { reads: Read[]; part?: SharedPart | undefined }) {
  const workspace = useWorkspace()
  const may = useMay('insights:curate')
  const { pathname } = useLocation()
  const [isOpen, setOpen] = useState(false)
  const views = useRead('insights.views.list', {}, { enabled: may })
  const page = part ?? { path: pathname.slice(`/w/${workspace}`.length), search: null, question: null }
  if (!may || !views.data?.shareable.includes(page.path)) return null
  return (
    <>
      <Button size="compact-xs" variant="default" onClick={() => setOpen(true)}>
        Share
      </Button>
      <Modal
        opened={isOpen}
        onClose={() => setOpen(false)}
        size="lg"
        title={<span className="drawer-title">{part ? 'Share this' : 'Share this page'}</span>}
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        {isOpen ? <Share page={page} reads={reads} onClose={() => setOpen(false)} /> : null}
      </Modal>
    </>
  )
}

type Chosen = SharedPart | { path: string; search: null; question: null }

function Share({ page, reads, onClose }: { page: Chosen; reads: Read[]; onClose: () => void }) {
  const share = useWrite('insights.views.share')
  const question = page.question ?? document.title.replace(/ · Throughline$/, '')
  if (share.data)
    return (
      <div className="share-form" role="status">
        <p>
          It is shared, and stands on the first page of whom it was shared with. They see it by today’s data each time
          they open it.
          {share.data.published > 0
            ? ` ${plural(share.data.published, 'figure was', 'figures were')} kept as published, as they are now.`
            : ''}
        </p>
        <SharedLink link={share.data.link} />
        <div>
          <Button variant="default" onClick={onClose}>
            Done
          </Button>
        </div>
      </div>
    )
  return (
    <ShareForm
      start={freshAudience(question)}
      error={share.error}
      isPending={share.isPending}
      verb="Share"
      onSave={(audience) =>
        share.mutate({ path: page.path, search: page.search ?? window.location.search, reads, ...audience })
      }
      lead="They see this page as it is chosen here, without its controls: rates and sums, and nothing else of the product. What is not granted is refused."
    />
  )
}
