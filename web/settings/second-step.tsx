/** The second step: a code from an authenticator, with recovery codes for the day it is lost. */
import { Alert, Button, CopyButton, PasswordInput, TextInput } from '@mantine/core'
import { useState, type FormEvent } from 'react'
import { ApiError, queryClient, send, useWorkspace } from '../api.ts'
import { Section } from '../ui/page.tsx'
import { qrCode } from '../ui/qr-code.ts'
import './sign-in.css'

type Step =
  | { is: 'rest' }
  | { is: 'password'; for: 'enable' | 'disable' | 'generate-backup-codes' }
  | { is: 'scan'; totpURI: string; backupCodes: string[] }
  | { is: 'codes'; backupCodes: string[] }

const verbs = {
  enable: 'Go on',
  disable: 'Turn it off',
  'generate-backup-codes': 'Make new codes',
}

export function SecondStepSection({ isOn }: { isOn: boolean }) {
  const [step, setStep] = useState<Step>({ is: 'rest' })
  const workspace = useWorkspace()
  const again = () => queryClient.invalidateQueries({ queryKey: [workspace, 'account.get'] })
  const rest = async () => {
    setStep({ is: 'rest' })
    await again()
  }
  return (
    <Section
      title="Second step"
      note={
        isOn
          ? 'It is on: after your password a code from your authenticator is asked.'
          : 'After your password, a code from an authenticator on your phone. A password that somebody else knows is then not enough.'
      }
    >
      {step.is === 'rest' ? (
        <div className="own-actions">
          {isOn ? (
            <>
              <Button variant="default" onClick={() => setStep({ is: 'password', for: 'generate-backup-codes' })}>
                New recovery codes
              </Button>
              <Button variant="default" onClick={() => setStep({ is: 'password', for: 'disable' })}>
                Turn off
              </Button>
            </>
          ) : (
            <Button variant="default" onClick={() => setStep({ is: 'password', for: 'enable' })}>
              Turn on
            </Button>
          )}
        </div>
      ) : null}
      {step.is === 'password' ? (
        <ConfirmByPassword
          verb={verbs[step.for]}
          onCancel={() => setStep({ is: 'rest' })}
          onConfirm={async (password) => {
            const told = await ask<{ totpURI?: string; backupCodes?: string[] }>(step.for, { password })
            if (step.for === 'disable') return rest()
            const backupCodes = told.backupCodes ?? []
            setStep(told.totpURI ? { is: 'scan', totpURI: told.totpURI, backupCodes } : { is: 'codes', backupCodes })
          }}
        />
      ) : null}
      {step.is === 'scan' ? (
        <Scan
          uri={step.totpURI}
          onCancel={() => setStep({ is: 'rest' })}
          onDone={async () => {
            setStep({ is: 'codes', backupCodes: step.backupCodes })
            await again()
          }}
        />
      ) : null}
      {step.is === 'codes' ? <RecoveryCodes codes={step.backupCodes} onDone={rest} /> : null}
    </Section>
  )
}

const ask = <T,>(path: string, body: object): Promise<T> =>
  send<T>(`/api/auth/two-factor/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })

/** Runs what a form sends, and keeps what went wrong. */
function useSending(work: () => Promise<void>) {
  const [problem, setProblem] = useState<string | null>(null)
  const [isBusy, setBusy] = useState(false)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    setProblem(null)
    try {
      await work()
    } catch (error) {
      setProblem(error instanceof ApiError ? error.message : 'This did not work. Try again.')
    }
    setBusy(false)
  }
  return { problem, isBusy, onSubmit: (event: FormEvent) => void submit(event) }
}

function Problem({ problem }: { problem: string | null }) {
  return problem ? (
    <Alert color="red" variant="light" role="alert">
      {problem}
    </Alert>
  ) : null
}

function ConfirmByPassword({
  verb,
  onConfirm,
  onCancel,
}: {
  verb: string
  onConfirm: (password: string) => Promise<void>
  onCancel: () => void
}) {
  const [password, setPassword] = useState('')
  const { problem, isBusy, onSubmit } = useSending(() => onConfirm(password))
  return (
    <form className="own-form" onSubmit={onSubmit}>
      <Problem problem={problem} />
      <PasswordInput
        label="Your password"
        autoComplete="current-password"
        required
        withAsterisk={false}
        value={password}
        onChange={(e) => setPassword(e.currentTarget.value)}
        autoFocus
      />
      <div className="own-actions">
        <Button type="submit" loading={isBusy}>
          {verb}
        </Button>
        <Button variant="default" onClick={onCancel}>
          Leave it
        </Button>
      </div>
    </form>
  )
}

function Scan({ uri, onDone, onCancel }: { uri: string; onDone: () => Promise<void>; onCancel: () => void }) {
  const [code, setCode] = useState('')
  const { problem, isBusy, onSubmit } = useSending(async () => {
    await ask('verify-totp', { code: code.replaceAll(/\s/g, '') })
    await onDone()
  })
  const secret = new URL(uri).searchParams.get('secret') ?? ''
  return (
    <div className="second-step">
      <Picture text={uri} />
      <form className="own-form" onSubmit={onSubmit}>
        <p>
          Scan this with an authenticator, such as the one in your password manager. Without a camera, enter this key
          there:
        </p>
        <code className="second-step-key">{secret.match(/.{1,4}/g)?.join(' ')}</code>
        <Problem problem={problem} />
        <TextInput
          label="The code that it shows now"
          inputMode="numeric"
          autoComplete="one-time-code"
          required
          withAsterisk={false}
          w={200}
          value={code}
          onChange={(e) => setCode(e.currentTarget.value)}
          classNames={{ input: 'own-code' }}
        />
        <div className="own-actions">
          <Button type="submit" loading={isBusy}>
            Turn on
          </Button>
          <Button variant="default" onClick={onCancel}>
            Leave it
          </Button>
        </div>
      </form>
    </div>
  )
}

/** Dark on light in either scheme, with the quiet zone that readers need. */
function Picture({ text }: { text: string }) {
  const modules = qrCode(text)
  const size = modules.length + 8
  const path = modules
    .flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x + 4} ${y + 4}h1v1h-1z` : '')))
    .join('')
  return (
    <svg className="second-step-picture" viewBox={`0 0 ${size} ${size}`} role="img" aria-label="The key as a QR code">
      <rect width={size} height={size} fill="#ffffff" />
      <path d={path} fill="#121a24" shapeRendering="crispEdges" />
    </svg>
  )
}

function RecoveryCodes({ codes, onDone }: { codes: readonly string[]; onDone: () => Promise<void> }) {
  return (
    <div className="recovery" role="status">
      <p>
        Keep these recovery codes where your phone is not. Each works once in place of a code, and they are not shown
        again.
      </p>
      <ul className="recovery-codes">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <div className="own-actions">
        <CopyButton value={codes.join('\n')}>
          {({ copied, copy }) => (
            <Button variant="default" onClick={copy}>
              {copied ? 'Copied' : 'Copy them'}
            </Button>
          )}
        </CopyButton>
        <Button
          onClick={() => {
            void onDone()
          }}
        >
          They are kept
        </Button>
      </div>
    </div>
  )
}
