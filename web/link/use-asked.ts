import { useEffect, useState } from 'react'
import type { CallError } from './call.ts'

export type Asked<T> = { data: T; error: null } | { data: null; error: CallError | null }

/** What a page asks once, when it opens. */
export function useAsked<T>(ask: () => Promise<T>): Asked<T> {
  const [asked, setAsked] = useState<Asked<T>>({ data: null, error: null })
  useEffect(() => {
    let isShown = true
    ask().then(
      (data) => {
        if (isShown) setAsked({ data, error: null })
      },
      (error: CallError) => {
        if (isShown) setAsked({ data: null, error })
      },
    )
    return () => {
      isShown = false
    }
    // Asked when the page opens and never again; a link's page has nothing that changes under it.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [])
  return asked
}
