/** The page of an invitation: a new person chooses a name and a password, a known one signs in. */
import { PasswordInput, TextInput } from '@mantine/core'
import { useState, type FormEvent } from 'react'
import type { joinWorkspace, readInvitation } from '../../src/platform/people/joining.ts'
import { JoiningForm } from '../joining/form.tsx'
import { JoiningFrame } from '../joining/frame.tsx'
import { CallError, readByLink, signIn, writeByLink } from './call.ts'
import { BadLink } from './pages.tsx'
import { useAsked } from './use-asked.ts'

export function InvitationPage() {
  const found = useAsked(() => readByLink<typeof readInvitation>('people.invitation', {}))
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const [isBusy, setBusy] = useState(false)
  if (found.error) return <BadLink error={found.error} />
  if (!found.data) return <JoiningFrame title="Join">{null}</JoiningFrame>
  const { email, role, workspace, isKnown } = found.data
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    setProblem(null)
    try {
      if (isKnown) await signIn(email, password)
      await writeByLink<typeof joinWorkspace>('people.join', isKnown ? {} : { name, password })
      if (!isKnown) await signIn(email, password)
      window.location.assign('/')
    } catch (error) {
      setProblem(
        !(error instanceof CallError)
          ? 'This did not work. Try again.'
          : isKnown && error.code === 'outside'
            ? 'The password is not right.'
            : error.message,
      )
      setBusy(false)
    }
  }
  return (
    <JoiningFrame title={`Join ${workspace}`} lead={`You are invited as ${role.replace('-', ' ')}, under ${email}.`}>
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
          description={isKnown ? undefined : 'At least 10 characters'}
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
