/** The frame of a form: what is wrong with the whole on top, its fields, how it is sent, and the question before it is left. */
import { Button } from '@mantine/core'
import { useEffect, useRef, type KeyboardEvent, type ReactNode } from 'react'
import { Failed, Loading } from '../states.tsx'
import { ConflictView } from './conflict-view.tsx'
import { useLeaving } from './leaving.tsx'
import type { OperationForm } from './use-operation-form.ts'
import './form.css'

const savingWords = { clean: '', waiting: 'Not saved yet', saving: 'Saving', saved: 'Saved' }

export interface FormProps<V extends Record<string, unknown>> {
  form: OperationForm<V>
  /** The verb on its button. */
  submit: string
  /** Beside what matters more. */
  isQuiet?: boolean
  /** Further buttons beside it. */
  actions?: ReactNode
  children: ReactNode
  /** How values read where two versions stand beside each other. */
  show?: (field: string, value: unknown) => ReactNode
}

export function Form<V extends Record<string, unknown>>({
  form,
  submit,
  isQuiet = false,
  actions,
  children,
  show,
}: FormProps<V>) {
  const frame = useRef<HTMLFormElement>(null)
  const leaving = useLeaving(() => !form.isAutosaved && form.isDirty())
  const { focusTurn, isReady } = form
  useEffect(() => {
    if (focusTurn > 0) frame.current?.querySelector<HTMLElement>('[aria-invalid="true"], .form-top [tabindex]')?.focus()
  }, [focusTurn])
  // What opens to be filled in begins at its first field, though the drawer was there before it; what is read first does not.
  useEffect(() => {
    const form = frame.current
    if (!isReady || !form?.closest('[role=dialog]') || form.closest('.thing') || form.contains(document.activeElement))
      return
    form.querySelector<HTMLElement>('input:not([type=hidden]), textarea')?.focus()
  }, [isReady])
  const onKeyDown = (event: KeyboardEvent<HTMLFormElement>) => {
    if (event.key !== 'Enter' || !(event.metaKey || event.ctrlKey)) return
    event.preventDefault()
    event.currentTarget.requestSubmit()
  }
  if (!isReady) return <Loading rows={4} />
  return (
    <form
      ref={frame}
      className="form"
      noValidate
      onKeyDown={onKeyDown}
      onSubmit={(event) => {
        event.preventDefault()
        event.stopPropagation()
        void form.submit()
      }}
    >
      {leaving}
      {form.error || form.problemsOnTop.length > 0 ? (
        <div className="form-top">
          {form.error ? (
            <div tabIndex={-1}>
              <Failed error={form.error} />
            </div>
          ) : null}
          {form.problemsOnTop.map(({ path, message }) => (
            <p key={path} className="form-problem" role="alert" tabIndex={-1}>
              {message}
            </p>
          ))}
        </div>
      ) : null}
      {form.conflict ? <ConflictView form={form} {...(show ? { show } : {})} /> : null}
      {children}
      <div className="page-actions">
        {form.isAutosaved ? (
          <span className="small faint" role="status">
            {savingWords[form.saving]}
          </span>
        ) : (
          <Button
            type="submit"
            {...(isQuiet ? { size: 'xs', variant: 'default' } : {})}
            loading={form.isSending}
            title={`${isApple ? '⌘' : 'Ctrl'} ↵`}
          >
            {submit}
          </Button>
        )}
        {actions}
      </div>
    </form>
  )
}
const isApple = /Mac|iPhone|iPad/.test(navigator.userAgent)
