/** Saves a draft as it is written: one save at a time, the next with what was written meanwhile. */
import { useRouter } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import type { Decision, DecisionContent, LinkedThing } from '../../src/decisions/schemas.ts'
import { ApiError, queryClient, useWorkspace, write } from '../api.ts'

export interface Draft {
  content: DecisionContent
  deciderId: string | null
}
export type Saving = 'clean' | 'waiting' | 'saving' | 'saved'
const quietMs = 600

/** Saves once it is quiet, and by `flush` at once. @returns what the server has, how far saving is, and why it failed */
export function useAutosave(draft: Draft, start: Decision | null, from: readonly LinkedThing[]) {
  const workspace = useWorkspace()
  const router = useRouter()
  const [stored, setStored] = useState(start)
  const [saving, setSaving] = useState<Saving>(start ? 'saved' : 'clean')
  const [error, setError] = useState<ApiError | null>(null)
  const known = useRef(start)
  const saved = useRef(JSON.stringify(draft))
  const wanted = useRef(draft)
  const busy = useRef<Promise<Decision | null> | null>(null)
  const isOpen = useRef(true)
  wanted.current = draft

  const save = async (): Promise<Decision | null> => {
    const { content, deciderId } = wanted.current
    const text = JSON.stringify(wanted.current)
    if (text === saved.current && known.current) return known.current
    setSaving('saving')
    try {
      const isFirst = known.current === null
      const next = known.current
        ? await write('decisions.update', workspace, {
            ...content,
            id: known.current.id,
            version: known.current.version,
            deciderId,
          })
        : await write('decisions.draft', workspace, { ...content, deciderId, from: [...from] })
      known.current = next
      saved.current = text
      queryClient.setQueryData([workspace, 'decisions.get', { id: next.id }], next)
      // Whoever goes on writing stays where they are on the page.
      if (isFirst && isOpen.current)
        void router.navigate({ to: `/w/${workspace}/decisions/${next.id}`, replace: true, resetScroll: false })
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
  const flush = async (): Promise<Decision | null> => {
    const mine = (busy.current ?? Promise.resolve(null)).then(save)
    busy.current = mine
    return mine
  }
  const text = JSON.stringify(draft)
  useEffect(() => {
    if (text === saved.current || error?.code === 'conflict') return
    setSaving('waiting')
    const timer = window.setTimeout(() => {
      void flush()
    }, quietMs)
    return () => window.clearTimeout(timer)
    // oxlint-disable-next-line react/exhaustive-deps -- what is written is what starts a save
  }, [text])
  // What was written last is saved when the page is left, too.
  useEffect(() => {
    isOpen.current = true
    return () => {
      isOpen.current = false
      if (JSON.stringify(wanted.current) !== saved.current) void flush()
    }
    // oxlint-disable-next-line react/exhaustive-deps -- once, at the end
  }, [])
  return { stored, saving, error, flush }
}
