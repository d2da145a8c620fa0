/** What is drawn as a file; in a shared view only where export was granted, like the rows of a table. */
import { Button } from '@mantine/core'
import { useSharedFrame } from '../api.ts'
import { download, svgToPng } from './picture.ts'

export function PictureButtons({
  name,
  of,
  svg,
  isPlain = false,
}: {
  name: string
  /** What the picture is of, where a page has several. */
  of?: string
  svg: () => string
  isPlain?: boolean
}) {
  const frame = useSharedFrame()
  if (frame && !frame.mayExport) return null
  const look = isPlain ? ({ variant: 'subtle', color: 'gray' } as const) : ({ variant: 'default' } as const)
  const label = (kind: string) => (of ? { 'aria-label': `${kind} of ${of}` } : {})
  return (
    <>
      <Button
        size="compact-xs"
        {...look}
        {...label('PNG')}
        onClick={() => {
          void svgToPng(svg()).then((png) => download(`${name}.png`, png))
        }}
      >
        PNG
      </Button>
      <Button
        size="compact-xs"
        {...look}
        {...label('SVG')}
        onClick={() => download(`${name}.svg`, new Blob([svg()], { type: 'image/svg+xml' }))}
      >
        SVG
      </Button>
    </>
  )
}
