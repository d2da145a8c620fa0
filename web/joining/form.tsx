/** The form of a page before a workspace: what went wrong, the fields, one button. */
import { Alert, Button } from '@mantine/core'
import type { FormEvent, ReactNode } from 'react'

export function JoiningForm({
  problem,
  isBusy,
  verb,
  onSubmit,
  children,
  below,
}: {
  problem: string | null
  isBusy: boolean
  verb: string
  onSubmit: (event: FormEvent) => Promise<void>
  children: ReactNode
  below?: ReactNode
}) {
  return (
    <form
      onSubmit={(event) => {
        void onSubmit(event)
      }}
    >
      {problem ? (
        <Alert color="red" variant="light" role="alert">
          {problem}
        </Alert>
      ) : null}
      {children}
      <Button type="submit" loading={isBusy}>
        {verb}
      </Button>
      {below}
    </form>
  )
}
