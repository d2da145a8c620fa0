import { Button, PasswordInput, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState, type FormEvent } from 'react'
import { ApiError, queryClient, send } from '../api.ts'
import { sessionKey } from '../session.ts'
import { Loading } from '../ui/states.tsx'
import { JoiningForm } from './form.tsx'
import { JoiningFrame } from './frame.tsx'
import { signOnAddress } from './sign-on.tsx'
import { useWays } from './ways.ts'

export function SetUpPage() {
  const token = new URLSearchParams(window.location.search).get('token') ?? ''
  const navigate = useNavigate()
  const state = useQuery({
    queryKey: ['setup', token],
    queryFn: () => send<{ isNeeded: boolean; isLinkValid: boolean }>(`/api/setup?token=${encodeURIComponent(token)}`),
  })
  const [name, setName] = useState('')
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const [isBusy, setBusy] = useState(false)
  const ways = useWays()
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    setProblem(null)
    try {
      await send('/api/setup', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ token, name, email, ...(ways?.passwords ? { password } : {}) }),
      })
      if (!ways?.passwords) return window.location.assign(signOnAddress('/start'))
      await queryClient.invalidateQueries({ queryKey: sessionKey })
      await navigate({ to: '/start' })
    } catch (error) {
      setProblem(error instanceof ApiError ? error.message : 'This did not work. Try again.')
      setBusy(false)
    }
  }
  if (!state.data || !ways)
    return (
      <JoiningFrame title="Set Throughline up">
        <Loading rows={4} />
      </JoiningFrame>
    )
  if (!state.data.isNeeded)
    return (
      <JoiningFrame
        title="This installation is set up"
        lead="The link has done its work. Sign in with the account that was made then."
      >
        <form>
          <Button component="a" href="/sign-in">
            Sign in
          </Button>
        </form>
      </JoiningFrame>
    )
  if (!state.data.isLinkValid)
    return (
      <JoiningFrame
        title="This link does not work"
        lead="A set-up link works once and for a day. Start the server again: it prints a new one as long as nobody has set it up."
      >
        {null}
      </JoiningFrame>
    )
  return (
    <JoiningFrame
      title="Set Throughline up"
      lead={
        ways.passwords
          ? 'You become the owner of this installation. Everybody else joins by your invitation.'
          : `You become the owner of this installation, under the address that ${ways.provider?.name} knows you by.`
      }
    >
      <JoiningForm problem={problem} isBusy={isBusy} verb="Set up" onSubmit={submit}>
        <TextInput
          label="Your name"
          autoComplete="name"
          required
          value={name}
          onChange={(e) => setName(e.currentTarget.value)}
          autoFocus
        />
        <TextInput
          label="E-mail"
          type="email"
          autoComplete="username"
          required
          value={email}
          onChange={(e) => setEmail(e.currentTarget.value)}
        />
        {ways.passwords ? (
          <PasswordInput
            label="Password"
            description="At least 10 characters, and none of the first that are guessed"
            autoComplete="new-password"
            required
            minLength={10}
            value={password}
            onChange={(e) => setPassword(e.currentTarget.value)}
          />
        ) : null}
      </JoiningForm>
    </JoiningFrame>
  )
}
