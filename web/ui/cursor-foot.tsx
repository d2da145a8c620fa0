/** Below a list that the server hands over page by page, newest first: how much is shown, and the ways to the rest. */
import { Button } from '@mantine/core'

export function CursorFoot({
  shown,
  cursor,
  nextCursor,
  onCursor,
}: {
  shown: string
  cursor: string | undefined
  nextCursor: string | null
  onCursor: (cursor: string | undefined) => void
}) {
  return (
    <div className="table-foot">
      <span>{shown} shown</span>
      <span className="page-actions">
        {cursor ? (
          <Button size="compact-xs" variant="default" onClick={() => onCursor(undefined)}>
            Newest
          </Button>
        ) : null}
        {nextCursor ? (
          <Button size="compact-xs" variant="default" onClick={() => onCursor(nextCursor)}>
            Older
          </Button>
        ) : null}
      </span>
    </div>
  )
}
