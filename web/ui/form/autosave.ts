/** Saves what is written as it is written: one save at a time, the next with what was written meanwhile. */
import { useEffect, useRef, useState } from 'react'
import { ApiError } from '../../api.ts'

export type Saving = 'clean' | 'waiting' | 'saving' | 'saved'
const quietMs = 600

/**
 * Saves once it is quiet, by `flush` at once, and what was written last when the page is left.
 * @param save given what the server has, as far as it has anything; the first save makes it
 * @param onFirst after the first save, where the page is still open
 * @param isOn false where a form is saved by its button
 * @returns what the server has, how far saving is, and why it failed
 */
export function useAutosave<Draft, Stored>(
  draft: Draft,
  start: Stored | null,
  save: (draft: Draft, stored: Stored | null) => Promise<Stored>,
  onFirst: (stored: Stored) => void = () => undefined,
  isOn = true,
) {
  const [stored, setStored] = useState(start)
  const [saving, setSaving] = useState<Saving>(start ? 'saved' : 'clean')
  const [error, setError] = useState<ApiError | null>(null)
  const known = useRef(start)
  const text = JSON.stringify(draft)
  const saved = useRef(text)
  const wanted = useRef(draft)
  const busy = useRef<Promise<Stored | null> | null>(null)
  const isOpen = useRef(true)
  wanted.current = draft

  const saveNow = async (): Promise<Stored | null> => {
    const taken = JSON.stringify(wanted.current)
    if (taken === saved.current && known.current) return known.current
    setSaving('saving')
    try {
      const isFirst = known.current === null
      const next = await save(wanted.current, known.current)
      known.current = next
      saved.current = taken
      if (isFirst && isOpen.current) onFirst(next)
      setStored(next)
      setError(null)
      setSaving('saved')
      return next
    } catch (problem) {
      setError(problem instanceof ApiError ? problem : new ApiError('bug', 'This could not be saved.'))
      setSaving('waiting')
      return null
    }
  }
  /** After whatever is under way. */
  const flush = async (): Promise<Stored | null> => {
    const mine = (busy.current ?? Promise.resolve(null)).then(saveNow)
    busy.current = mine
    return mine
  }
  useEffect(() => {
    if (!isOn || text === saved.current || error?.code === 'conflict') return
    setSaving('waiting')
    const timer = window.setTimeout(() => {
      void flush()
    }, quietMs)
    return () => window.clearTimeout(timer)
    // oxlint-disable-next-line react/exhaustive-deps -- what is written is what starts a save
  }, [text])
  useEffect(() => {
    isOpen.current = true
    return () => {
      isOpen.current = false
      if (isOn && JSON.stringify(wanted.current) !== saved.current) void flush()
    }
    // oxlint-disable-next-line react/exhaustive-deps -- once, at the end
  }, [])
  return { stored, saving, error, flush }
}
