import { Button, PasswordInput, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState, type FormEvent } from 'react'
import { ApiError, queryClient, send } from '../api.ts'
import { sessionKey } from '../session.ts'
import { Loading } from '../ui/states.tsx'
import { JoiningForm } from './form.tsx'
import { JoiningFrame } from './frame.tsx'
import { SecondStep } from './second-step.tsx'
import { signOnAddress, useWays } from './ways.ts'

interface Invitation {
  email: string
  role: string
  workspace: string
  isKnown: boolean
}

export function InvitationPage() {
  const token = new URLSearchParams(window.location.search).get('token') ?? ''
  const navigate = useNavigate()
  const found = useQuery<Invitation, ApiError>({
    queryKey: ['invitation', token],
    queryFn: () => send<Invitation>(`/api/invitation?token=${encodeURIComponent(token)}`),
    retry: false,
  })
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const [isBusy, setBusy] = useState(false)
  const [isHalfway, setHalfway] = useState(false)
  const ways = useWays()
  if (found.error)
    return (
      <JoiningFrame title="This invitation does not work" lead={found.error.message}>
        {null}
      </JoiningFrame>
    )
  if (!found.data || !ways)
    return (
      <JoiningFrame title="Join">
        <Loading rows={4} />
      </JoiningFrame>
    )
  const { email, role, workspace, isKnown } = found.data
  const join = async () => {
    setBusy(true)
    setProblem(null)
    try {
      const { twoFactorRedirect } = await send<{ twoFactorRedirect?: boolean }>('/api/invitation', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ token, name: isKnown ? 'known' : name, password }),
      })
      setHalfway(twoFactorRedirect === true)
      if (twoFactorRedirect) return setBusy(false)
      await queryClient.invalidateQueries({ queryKey: sessionKey })
      await navigate({ to: '/' })
    } catch (error) {
      setProblem(
        error instanceof ApiError
          ? isKnown && error.code === 'unauthenticated'
            ? 'The password is not right.'
            : error.message
          : 'This did not work. Try again.',
      )
      setBusy(false)
    }
  }
  // The code signs them in, and then the link adds the workspace to who they have shown to be.
  if (isHalfway) return <SecondStep onDone={join} onAgain={() => setHalfway(false)} />
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    await join()
  }
  const bySignOn = ways.provider ? (
    <Button component="a" href={signOnAddress('/')} fullWidth mt="lg" variant={ways.passwords ? 'default' : 'filled'}>
      Join by {ways.provider.name}
    </Button>
  ) : null
  const lead = `You are invited as ${role.replace('-', ' ')}, under ${email}.`
  if (!ways.passwords)
    return (
      <JoiningFrame title={`Join ${workspace}`} lead={lead}>
        {bySignOn}
        <p className="small faint joining-foot">Your account there has to have this address.</p>
      </JoiningFrame>
    )
  return (
    <JoiningFrame title={`Join ${workspace}`} lead={lead}>
      {bySignOn}
      {bySignOn ? <p className="joining-or">or by a password</p> : null}
      <JoiningForm problem={problem} isBusy={isBusy} verb="Join" onSubmit={submit}>
        {isKnown ? null : (
          <TextInput
            label="Your name"
            autoComplete="name"
            required
            value={name}
            onChange={(e) => setName(e.currentTarget.value)}
            autoFocus
          />
        )}
        <PasswordInput
          label={isKnown ? 'Your password' : 'Choose a password'}
          description={isKnown ? undefined : 'At least 10 characters, and none of the first that are guessed'}
          autoComplete={isKnown ? 'current-password' : 'new-password'}
          required
          minLength={isKnown ? undefined : 10}
          value={password}
          onChange={(e) => setPassword(e.currentTarget.value)}
        />
      </JoiningForm>
    </JoiningFrame>
  )
}
