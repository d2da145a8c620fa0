import { useParams } from '@tanstack/react-router'
import { useRead } from '../../api.ts'
import { CopyLink } from '../../ui/copy-link.tsx'
import { Page } from '../../ui/page.tsx'
import { Found } from './detail.tsx'

export function QuickWinPage() {
  const id = useParams({ strict: false }).id ?? ''
  const found = useRead('setup.quickWins.get', { id })
  return (
    <Page title={found.data?.title ?? 'Quick win'} actions={<CopyLink />}>
      <div className="qw-page">
        <Found id={id} />
      </div>
    </Page>
  )
}
