/** Which thing is open over a page: it stands in the address, and Back closes it where it was opened. */
import { useRouter } from '@tanstack/react-router'
import { useCallback, useRef, useState } from 'react'
import { isText, useAddress } from '../address.ts'

export interface Opening {
  /** Its id, or `new`. */
  of: string | undefined
  open: (id: string) => void
  close: () => void
  /** Those that it stands among, in the order of the list beneath. */
  among: readonly string[]
  setAmong: (ids: string[]) => void
}

export function useOpening(): Opening {
  const [state, set] = useAddress<{ open?: string }>({ open: isText })
  const router = useRouter()
  const [among, setAmong] = useState<string[]>([])
  // A step that was made here can be gone back; whoever came by a link has nothing behind them.
  const wasStep = useRef(false)
  const open = (id: string) => {
    if (!state.open) wasStep.current = true
    set({ open: id }, { asStep: !state.open })
  }
  const close = useCallback(() => {
    if (wasStep.current) router.history.back()
    else set({ open: undefined })
    wasStep.current = false
    // oxlint-disable-next-line react/exhaustive-deps -- what the address is changed by is made anew each time
  }, [router])
  return { of: state.open, open, close, among, setAmong }
}
