/** Asking for a mail with a link to a new password; the answer is the same whether the address is known. */
import { Anchor, TextInput } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useState, type FormEvent } from 'react'
import { ApiError, send } from '../api.ts'
import { JoiningForm } from './form.tsx'
import { JoiningFrame } from './frame.tsx'
import { useWays } from './ways.ts'

export function ForgottenPage() {
  const ways = useWays()
  const [email, setEmail] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const [isBusy, setBusy] = useState(false)
  const [isSent, setSent] = useState(false)
  const back = (
    <Anchor component={Link} to="/sign-in" size="sm">
      Back to signing in
    </Anchor>
  )
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    setProblem(null)
    try {
      await send('/api/auth/request-password-reset', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ email }),
      })
      setSent(true)
    } catch (error) {
      setProblem(error instanceof ApiError ? error.message : 'This did not work. Try again.')
    }
    setBusy(false)
  }
  if (isSent)
    return (
      <JoiningFrame
        title="Look into your mail"
        lead={`If somebody signs in as ${email}, a mail with a link is on its way. The link works once, for 30 minutes.`}
      >
        <p className="joining-foot">{back}</p>
      </JoiningFrame>
    )
  if (ways && !ways.resetByMail)
    return (
      <JoiningFrame
        title="Choose a new password"
        lead="This installation sends no mail. Ask whoever runs it for a link to a new password."
      >
        <p className="joining-foot">{back}</p>
      </JoiningFrame>
    )
  return (
    <JoiningFrame title="Choose a new password" lead="By a link that is mailed to your address.">
      <JoiningForm problem={problem} isBusy={isBusy} verb="Mail me the link" onSubmit={submit} below={back}>
        <TextInput
          label="E-mail"
          type="email"
          autoComplete="username"
          required
          value={email}
          onChange={(e) => setEmail(e.currentTarget.value)}
          autoFocus
        />
      </JoiningForm>
    </JoiningFrame>
  )
}
