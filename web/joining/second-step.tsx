/** The code that is asked after the password, from the device or from the list of recovery codes. */
import { Button, TextInput } from '@mantine/core'
import { useState, type FormEvent } from 'react'
import { JoiningForm } from './form.tsx'
import { JoiningFrame } from './frame.tsx'

export interface SecondStepProps {
  /** Where the code is sent, by the means of the page that asks for it. */
  post: (path: string, body: object) => Promise<unknown>
  onDone: () => Promise<void>
  onAgain: () => void
}

export function SecondStep({ post, onDone, onAgain }: SecondStepProps) {
  const [code, setCode] = useState('')
  const [isRecovery, setRecovery] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const [isBusy, setBusy] = useState(false)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    setProblem(null)
    try {
      await post(`/api/auth/two-factor/${isRecovery ? 'verify-backup-code' : 'verify-totp'}`, {
        code: isRecovery ? code.trim() : code.replaceAll(/\s/g, ''),
      })
      await onDone()
    } catch (error) {
      setProblem(error instanceof Error ? error.message : 'This did not work. Try again.')
      setBusy(false)
    }
  }
  return (
    <JoiningFrame
      title="Second step"
      lead={
        isRecovery
          ? 'Enter one of the recovery codes you kept. Each works once.'
          : 'Enter the code that your authenticator shows now.'
      }
    >
      <JoiningForm
        problem={problem}
        isBusy={isBusy}
        verb="Sign in"
        onSubmit={submit}
        below={
          <p className="joining-ways">
            <Button
              variant="transparent"
              size="compact-sm"
              onClick={() => {
                setRecovery(!isRecovery)
                setCode('')
                setProblem(null)
              }}
            >
              {isRecovery ? 'Use the authenticator' : 'Use a recovery code'}
            </Button>
            <Button variant="transparent" size="compact-sm" onClick={onAgain}>
              Begin again
            </Button>
          </p>
        }
      >
        <TextInput
          key={String(isRecovery)}
          label={isRecovery ? 'Recovery code' : 'Code'}
          inputMode={isRecovery ? 'text' : 'numeric'}
          autoComplete="one-time-code"
          required
          value={code}
          onChange={(e) => setCode(e.currentTarget.value)}
          autoFocus
          classNames={{ input: 'code-input' }}
        />
      </JoiningForm>
    </JoiningFrame>
  )
}
