/** Where the link to a new password leads. */
import { Button, PasswordInput } from '@mantine/core'
import { useState, type FormEvent } from 'react'
import { ApiError, queryClient, send } from '../api.ts'
import { sessionKey } from '../session.ts'
import { JoiningForm } from './form.tsx'
import { JoiningFrame } from './frame.tsx'

export function NewPasswordPage() {
  const [token] = useState(() => new URLSearchParams(window.location.hash.slice(1)).get('token') ?? '')
  const [newPassword, setNewPassword] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const [isBusy, setBusy] = useState(false)
  const [isDone, setDone] = useState(false)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    setProblem(null)
    try {
      await send('/api/auth/reset-password', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ token, newPassword }),
      })
      await queryClient.invalidateQueries({ queryKey: sessionKey })
      setDone(true)
    } catch (error) {
      setProblem(error instanceof ApiError ? error.message : 'This did not work. Try again.')
    }
    setBusy(false)
  }
  if (isDone)
    return (
      <JoiningFrame title="The password is changed" lead="You were signed out everywhere. Sign in with the new one.">
        <form>
          <Button component="a" href="/sign-in">
            Sign in
          </Button>
        </form>
      </JoiningFrame>
    )
  return (
    <JoiningFrame title="Choose a new password" lead="It signs you out everywhere; the second step stays as it is.">
      <JoiningForm problem={problem} isBusy={isBusy} verb="Change the password" onSubmit={submit}>
        <PasswordInput
          label="New password"
          description="At least 10 characters, and none of the first that are guessed"
          autoComplete="new-password"
          required
          minLength={10}
          value={newPassword}
          onChange={(e) => setNewPassword(e.currentTarget.value)}
          autoFocus
        />
      </JoiningForm>
    </JoiningFrame>
  )
}
