import type { QuickWin } from '../../../src/setup/quick-wins/schemas.ts'
import { confidenceWords } from './words.ts'

/** How sure a figure is, by shape and word. */
export function Sure({ of }: { of: QuickWin['confidence'] }) {
  const { mark, word, why } = confidenceWords[of]
  return (
    <span className="qw-sure" title={why}>
      <span aria-hidden className={`qw-mark is-${of}`}>
        {mark}
      </span>
      {word}
    </span>
  )
}
