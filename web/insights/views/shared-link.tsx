import { Button, CopyButton } from '@mantine/core'

export function SharedLink({ link }: { link: string }) {
  return (
    <div className="share-link">
      <code>{link}</code>
      <CopyButton value={link}>
        {({ copied, copy }) => (
          <Button size="xs" onClick={copy} aria-live="polite">
            {copied ? 'Link copied' : 'Copy the link'}
          </Button>
        )}
      </CopyButton>
    </div>
  )
}
