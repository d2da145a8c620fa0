/** Shares the page as it stands, where it can be shared and the person may. */
import { Button, Modal } from '@mantine/core'
import { useLocation } from '@tanstack/react-router'
import { useState } from 'react'
import type { listViewsOperation, shareView } from '../../../src/insights/views/operations.ts'
import type { Read } from '../../../src/insights/views/schemas.ts'
import { useRead, useWorkspace, useWrite } from '../../api.ts'
import { useMay } from '../../session.ts'
import { plural } from '../../ui/format.ts'
import { freshAudience, ShareForm } from './share-form.tsx'
import { SharedLink } from './shared-link.tsx'

export function ShareButton({ reads }: { reads: Read[] }) {
  const workspace = useWorkspace()
  const may = useMay('insights:curate')
  const { pathname } = useLocation()
  const [isOpen, setOpen] = useState(false)
  const views = useRead<typeof listViewsOperation>('insights.views.list', {}, { enabled: may })
  const path = pathname.slice(`/w/${workspace}`.length)
  if (!may || !views.data?.shareable.includes(path)) return null
  return (
    <>
      <Button size="compact-xs" variant="default" onClick={() => setOpen(true)}>
        Share
      </Button>
      <Modal
        opened={isOpen}
        onClose={() => setOpen(false)}
        size="lg"
        title={<span className="drawer-title">Share this page</span>}
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        {isOpen ? <Share path={path} reads={reads} onClose={() => setOpen(false)} /> : null}
      </Modal>
    </>
  )
}

function Share({ path, reads, onClose }: { path: string; reads: Read[]; onClose: () => void }) {
  const share = useWrite<typeof shareView>('insights.views.share')
  const question = document.title.replace(/ · Throughline$/, '')
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
      onSave={(audience) => share.mutate({ path, search: window.location.search, reads, ...audience })}
      lead="They see this page as it is chosen here, without its controls: rates and sums, and nothing else of the product. What is not granted is refused."
    />
  )
}
