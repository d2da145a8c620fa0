import { Button, CopyButton } from '@mantine/core'

/** The address holds everything that is chosen on the page. */
export function CopyLink() {
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
