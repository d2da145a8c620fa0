/** The page of an invitation: a new person chooses a name and a password, a known one signs in. */
import { PasswordInput, TextInput } from '@mantine/core'
import { useState, type FormEvent } from 'react'
import type { getSignInWays } from '../../src/platform/auth/operations.ts'
import type { joinWorkspace, readInvitation } from '../../src/platform/people/joining.ts'
import { JoiningForm } from '../joining/form.tsx'
import { JoiningFrame } from '../joining/frame.tsx'
import { SecondStep } from '../joining/second-step.tsx'
import { SignOnButton } from '../joining/sign-on.tsx'
import { CallError, postCode, readByLink, signIn, writeByLink } from './call.ts'
import { BadLink } from './pages.tsx'
import { useAsked } from './use-asked.ts'

export function InvitationPage() {
  const found = useAsked(() => readByLink<typeof readInvitation>('people.invitation', {}))
  const ways = useAsked(() => readByLink<typeof getSignInWays>('session.ways', {}))
  const [isHalfway, setHalfway] = useState(false)
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const [isBusy, setBusy] = useState(false)
  if (found.error) return <BadLink error={found.error} />
  if (ways.error) return <BadLink error={ways.error} />
  if (!found.data || !ways.data) return <JoiningFrame title="Join">{null}</JoiningFrame>
  const { email, role, workspace, isKnown } = found.data
  const { passwords, provider } = ways.data
  const join = async () => {
    await writeByLink<typeof joinWorkspace>('people.join', isKnown ? {} : { name, password })
    if (!isKnown) await signIn(email, password)
    window.location.assign('/')
  }
  // A known person's code signs them in, and then the link adds the workspace to who they have shown to be.
  if (isHalfway) return <SecondStep post={postCode} onDone={join} onAgain={() => setHalfway(false)} />
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    setProblem(null)
    try {
      if (isKnown && (await signIn(email, password))) setHalfway(true)
      else await join()
      setBusy(false)
    } catch (error) {
      setProblem(
        !(error instanceof CallError)
          ? 'This did not work. Try again.'
          : isKnown && error.code === 'unauthenticated'
            ? 'The password is not right.'
            : error.message,
      )
      setBusy(false)
    }
  }
  return (
    <JoiningFrame title={`Join ${workspace}`} lead={`You are invited as ${role.replace('-', ' ')}, under ${email}.`}>
      {provider ? <SignOnButton verb="Join by" name={provider.name} to="/" isOnly={!passwords} /> : null}
      {passwords ? (
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
      ) : (
        <p className="small faint joining-foot">Your account there has to have this address.</p>
      )}
    </JoiningFrame>
  )
}
