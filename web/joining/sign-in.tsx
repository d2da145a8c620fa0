import { PasswordInput, TextInput } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useState, type FormEvent } from 'react'
import { ApiError, queryClient, send } from '../api.ts'
import { sessionKey } from '../session.ts'
import { JoiningForm } from './form.tsx'
import { JoiningFrame } from './frame.tsx'

/** Only a path of our own is gone to after signing in. */
const safePath = (text: string | null): string => (text && /^\/(?!\/)[^\\]*$/.test(text) ? text : '/')

export function SignInPage() {
  const navigate = useNavigate()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const [isBusy, setBusy] = useState(false)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    setProblem(null)
    try {
      await send('/api/auth/sign-in/email', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ email, password }),
      })
      await queryClient.invalidateQueries({ queryKey: sessionKey })
      await navigate({ href: safePath(new URLSearchParams(window.location.search).get('to')), replace: true })
    } catch (error) {
      setProblem(
        error instanceof ApiError && /too many/i.test(error.message)
          ? 'Too many tries. Wait a minute, then try again.'
          : error instanceof ApiError && error.code === 'unavailable'
            ? error.message
            : 'The e-mail address or the password is not right.',
      )
      setBusy(false)
    }
  }
  return (
    <JoiningFrame title="Sign in">
      <JoiningForm
        problem={problem}
        isBusy={isBusy}
        verb="Sign in"
        onSubmit={submit}
        below={
          <p className="small faint">
            No account? People join by an invitation from an admin of their workspace. A forgotten password is renewed
            by a new invitation.
          </p>
        }
      >
        <TextInput
          label="E-mail"
          type="email"
          autoComplete="username"
          required
          value={email}
          onChange={(e) => setEmail(e.currentTarget.value)}
          autoFocus
        />
        <PasswordInput
          label="Password"
          autoComplete="current-password"
          required
          value={password}
          onChange={(e) => setPassword(e.currentTarget.value)}
        />
      </JoiningForm>
    </JoiningFrame>
  )
}
