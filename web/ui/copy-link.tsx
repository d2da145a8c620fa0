import { Button, CopyButton } from '@mantine/core'
import { useIsShared } from '../api.ts'

/** The address holds everything that is chosen on the page. A shared view has one link, above its page. */
export function CopyLink() {
  if (useIsShared()) return null
  return (
    <CopyButton value={window.location.href} timeout={2000}>
      {({ copied, copy }) => (
        <Button size="compact-xs" variant="default" onClick={copy} aria-live="polite">
          {copied ? 'Link copied' : 'Copy link'}
        </Button>
      )}
    </CopyButton>
  )
}
