/** Nothing that was entered is lost by leaving: a question stands before it, and only where something would be lost. */
import { Button, Modal } from '@mantine/core'
import { useBlocker } from '@tanstack/react-router'
import { createContext, useContext, useEffect, useMemo, useRef, useState, type ReactNode } from 'react'
import './leaving.css'

type IsUnsaved = () => boolean
interface Frame {
  register: (isUnsaved: IsUnsaved) => () => void
  /** It was asked and is closing. */
  isLeft: () => boolean
  /** While a question stands above it, Escape answers the question and closes nothing. */
  hold: (isHeld: boolean) => void
}
const Closing = createContext<Frame | null>(null)
export const ClosingProvider = Closing.Provider

/** What opens over a page stands in the address under one of these. */
const openings = ['open', 'edit'] as const

/** Asks before the page, the tab or what holds the form is left. @returns the question, to be rendered within the form */
export function useLeaving(isUnsaved: IsUnsaved): ReactNode {
  const frame = useContext(Closing)
  const known = useRef(isUnsaved)
  useEffect(() => {
    known.current = isUnsaved
  })
  useEffect(() => frame?.register(() => known.current()), [frame])
  const blocked = useBlocker({
    shouldBlockFn: ({ current, next }) =>
      known.current() &&
      frame?.isLeft() !== true &&
      (current.pathname !== next.pathname ||
        openings.some(
          (key) => (current.search as Record<string, unknown>)[key] !== (next.search as Record<string, unknown>)[key],
        )),
    enableBeforeUnload: () => known.current(),
    withResolver: true,
  })
  const isAsked = blocked.status === 'blocked'
  useEffect(() => {
    if (!isAsked) return
    frame?.hold(true)
    return () => frame?.hold(false)
  }, [frame, isAsked])
  return <LeavingQuestion isAsked={isAsked} onStay={() => blocked.reset?.()} onLeave={() => blocked.proceed?.()} />
}

/** For what closes: a way to close that asks the forms within it first. */
export function useClosing(onClose: () => void) {
  const forms = useRef(new Set<IsUnsaved>())
  const isLeft = useRef(false)
  const [isAsked, setAsked] = useState(false)
  const [isHeld, hold] = useState(false)
  const frame = useMemo<Frame>(
    () => ({
      register(isUnsaved) {
        isLeft.current = false
        forms.current.add(isUnsaved)
        return () => {
          forms.current.delete(isUnsaved)
        }
      },
      isLeft: () => isLeft.current,
      hold,
    }),
    [],
  )
  const close = () => {
    if ([...forms.current].some((isUnsaved) => isUnsaved())) setAsked(true)
    else onClose()
  }
  const question = (
    <LeavingQuestion
      isAsked={isAsked}
      onStay={() => setAsked(false)}
      onLeave={() => {
        isLeft.current = true
        setAsked(false)
        onClose()
      }}
    />
  )
  return { close, frame, question, mayEscape: !isAsked && !isHeld }
}

interface QuestionProps {
  isAsked: boolean
  onStay: () => void
  onLeave: () => void
}
/** There only while it is asked: the Escape that asks it must not answer it. */
const LeavingQuestion = ({ isAsked, ...answers }: QuestionProps) => (isAsked ? <Question {...answers} /> : null)

function Question({ onStay, onLeave }: Omit<QuestionProps, 'isAsked'>) {
  useEffect(() => {
    const before = document.activeElement
    return () => {
      if (before instanceof HTMLElement) before.focus()
    }
  }, [])
  return (
    <Modal opened onClose={onStay} title="Leave without saving?" size="sm" zIndex={400} returnFocus={false}>
      <p className="soft">What you entered here is not saved yet.</p>
      <div className="page-actions form-question">
        <Button data-autofocus onClick={onStay}>
          Keep editing
        </Button>
        <Button variant="default" onClick={onLeave}>
          Leave without saving
        </Button>
      </div>
    </Modal>
  )
}
