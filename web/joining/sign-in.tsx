import { Alert, Anchor, PasswordInput, TextInput } from '@mantine/core'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState, type FormEvent } from 'react'
import { ApiError, queryClient, send } from '../api.ts'
import { sessionKey } from '../session.ts'
import { Loading } from '../ui/states.tsx'
import { JoiningForm } from './form.tsx'
import { JoiningFrame } from './frame.tsx'
import { SecondStep } from './second-step.tsx'
import { SignOnButton } from './sign-on.tsx'
import { safePath, useWays } from './ways.ts'

/** Why the provider brought nobody in; by its name alone, so that no address can put words here. */
const problems: Record<string, string> = {
  'not-invited':
    'Nobody has invited this address yet. Ask an admin of your workspace for an invitation, then sign in again.',
  'address-not-verified':
    'Your sign-on does not say that this address is yours. Whoever runs it can mark it as verified.',
  'address-of-another':
    'This address belongs to somebody who signed in by another account of your sign-on. Ask whoever runs this installation.',
  'too-many-groups':
    'You belong to more groups than your sign-on sends along. Ask whoever runs it to send only those that matter here.',
  'provider-away': 'The sign-on cannot be reached. Try again in a moment.',
  'too-often': 'The sign-on was begun too often from here. Try again in a minute.',
  failed: 'The sign-on did not work. Try again; if it stays so, ask whoever runs this installation.',
}

export function SignInPage() {
  const navigate = useNavigate()
  const ways = useWays()
  const search = new URLSearchParams(window.location.search)
  const to = safePath(search.get('to'))
  const [isHalfway, setHalfway] = useState(false)
  const done = async () => {
    await queryClient.invalidateQueries({ queryKey: sessionKey })
    await navigate({ href: to, replace: true })
  }
  if (isHalfway) return <SecondStep post={post} onDone={done} onAgain={() => setHalfway(false)} />
  if (!ways)
    return (
      <JoiningFrame title="Sign in">
        <Loading rows={4} />
      </JoiningFrame>
    )
  const problem = search.get('problem')
  return (
    <JoiningFrame title="Sign in">
      {problem ? (
        <Alert mt="lg" color="red" variant="light" role="alert">
          {problems[problem] ?? problems['failed']}
        </Alert>
      ) : null}
      {ways.provider ? (
        <SignOnButton verb="Continue with" name={ways.provider.name} to={to} isOnly={!ways.passwords} />
      ) : null}
      {ways.passwords ? <ByPassword onDone={done} onHalfway={() => setHalfway(true)} /> : null}
      <p className="small faint joining-foot">
        No account? People join by an invitation from an admin of their workspace.
        {ways.passwords && !ways.resetByMail
          ? ' For a forgotten password, ask whoever runs this installation for a link to a new one.'
          : null}
      </p>
    </JoiningFrame>
  )
}

const post = (path: string, body: object) =>
  send<{ twoFactorRedirect?: boolean }>(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })

function ByPassword({ onDone, onHalfway }: { onDone: () => Promise<void>; onHalfway: () => void }) {
  const ways = useWays()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const [isBusy, setBusy] = useState(false)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    setProblem(null)
    try {
      const { twoFactorRedirect } = await post('/api/auth/sign-in/email', { email, password })
      if (twoFactorRedirect) onHalfway()
      else await onDone()
    } catch (error) {
      setProblem(error instanceof ApiError ? error.message : 'This did not work. Try again.')
      setBusy(false)
    }
  }
  return (
    <JoiningForm
      problem={problem}
      isBusy={isBusy}
      verb="Sign in"
      onSubmit={submit}
      below={
        ways?.resetByMail ? (
          <Anchor component={Link} to="/forgotten" size="sm">
            Forgotten the password?
          </Anchor>
        ) : null
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
  )
}
