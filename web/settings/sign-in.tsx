/** One's own way in: the password, the second step, and the devices that are signed in. */
import { Alert, Button, PasswordInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState, type FormEvent } from 'react'
import { ApiError, queryClient, send, useRead, useWorkspace, useWrite, type OutputOf } from '../api.ts'
import { useSession } from '../session.ts'
import { moment } from '../ui/format.ts'
import { Page, Section } from '../ui/page.tsx'
import { Await } from '../ui/states.tsx'
import { SecondStepSection } from './second-step.tsx'
import './settings.css'
import './sign-in.css'

type Account = OutputOf<'account.get'>

export function SignInSettingsPage() {
  const account = useRead('account.get', {})
  const person = useSession()?.person
  return (
    <Page
      title="How do I sign in, and where am I signed in?"
      lead={person ? `You are ${person.name}, ${person.email}, in every workspace of this installation.` : undefined}
    >
      <Await query={account} rows={6}>
        {(a) => (
          <>
            <Devices sessions={a.sessions} />
            {a.provider ? <Provider provider={a.provider} hasPassword={a.hasPassword} /> : null}
            {a.hasPassword ? <Password email={a.email} /> : null}
            {a.hasPassword ? <SecondStepSection isOn={a.hasSecondStep} /> : null}
          </>
        )}
      </Await>
    </Page>
  )
}

function Devices({ sessions }: { sessions: Account['sessions'] }) {
  const end = useWrite('account.endSession')
  const endOthers = useWrite('account.endOtherSessions')
  const failed = {
    onError: (error: { message: string }) =>
      notifications.show({ color: 'red', title: 'This was not done', message: error.message }),
  }
  const hasOthers = sessions.some((s) => !s.isThis)
  return (
    <Section
      title="Signed-in devices"
      note="A device that is not used for a week signs out by itself, and each does after 30 days."
      actions={
        hasOthers ? (
          <Button
            size="xs"
            variant="default"
            loading={endOthers.isPending}
            onClick={() => endOthers.mutate({}, failed)}
          >
            Sign out everywhere else
          </Button>
        ) : null
      }
    >
      <ul className="devices">
        {sessions.map((s) => (
          <li key={s.id}>
            <div>
              <p className="device-name">
                {s.device ?? 'A device that does not say what it is'}
                {s.isThis ? <span className="device-here">this one</span> : null}
              </p>
              <p className="small soft">
                {s.address ? `From ${s.address} · ` : ''}signed in {moment(s.signedInAt)}
                {s.isThis ? '' : ` · last used ${moment(s.lastUsedAt)}`}
              </p>
            </div>
            {s.isThis ? null : (
              <Button
                size="compact-xs"
                variant="default"
                aria-label={`Sign out ${s.device ?? 'this device'}, signed in ${moment(s.signedInAt)}`}
                onClick={() => end.mutate({ id: s.id }, failed)}
              >
                Sign out
              </Button>
            )}
          </li>
        ))}
      </ul>
    </Section>
  )
}

function Provider({ provider, hasPassword }: { provider: NonNullable<Account['provider']>; hasPassword: boolean }) {
  return (
    <Section title={provider.name}>
      <p>
        {provider.isTied
          ? `You can sign in with ${provider.name}${hasPassword ? ', and by your password too' : ''}.`
          : `Sign in with ${provider.name} once, under this address, and both are the same person here.`}{' '}
        {hasPassword ? null : `Your password and your second step are kept there.`}
      </p>
    </Section>
  )
}

function Password({ email }: { email: string }) {
  const workspace = useWorkspace()
  const [currentPassword, setCurrent] = useState('')
  const [newPassword, setNew] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const [isBusy, setBusy] = useState(false)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    setProblem(null)
    try {
      await send('/api/auth/change-password', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ currentPassword, newPassword }),
      })
      setCurrent('')
      setNew('')
      notifications.show({ title: 'The password is changed', message: 'Every other device was signed out.' })
      await queryClient.invalidateQueries({ queryKey: [workspace, 'account.get'] })
    } catch (error) {
      setProblem(error instanceof ApiError ? error.message : 'This did not work. Try again.')
    }
    setBusy(false)
  }
  return (
    <Section title="Password" note="A new one signs out every other device.">
      <form
        className="own-form"
        onSubmit={(event) => {
          void submit(event)
        }}
      >
        <input type="hidden" autoComplete="username" value={email} readOnly />
        {problem ? (
          <Alert color="red" variant="light" role="alert">
            {problem}
          </Alert>
        ) : null}
        <PasswordInput
          label="Current password"
          autoComplete="current-password"
          required
          withAsterisk={false}
          value={currentPassword}
          onChange={(e) => setCurrent(e.currentTarget.value)}
        />
        <PasswordInput
          label="New password"
          description="At least 10 characters, and none of the first that are guessed"
          autoComplete="new-password"
          required
          withAsterisk={false}
          minLength={10}
          value={newPassword}
          onChange={(e) => setNew(e.currentTarget.value)}
        />
        <Button type="submit" variant="default" loading={isBusy} disabled={!currentPassword || !newPassword}>
          Change the password
        </Button>
      </form>
    </Section>
  )
}
