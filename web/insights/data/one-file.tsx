/** A file comes in: dropped, looked at, mapped, checked, committed. Nothing changes before the last step. */
import { Button, Progress, Stepper } from '@mantine/core'
import { useCallback, useEffect, useState } from 'react'
import type { Check, Dataset, FileOptions, Mapping, Preview } from '../../../src/insights/datasets/schemas.ts'
import { ApiError, read, upload, useWorkspace, write } from '../../api.ts'
import { bytes } from '../../ui/format.ts'
import { Failed, Loading } from '../../ui/states.tsx'
import { CheckStep } from './check-step.tsx'
import { DoneStep } from './done-step.tsx'
import { MapStep } from './map-step.tsx'

type Step = 'choose' | 'map' | 'check' | 'done'
const steps: Step[] = ['choose', 'map', 'check', 'done']

export function OneFile({
  file,
  hasNext,
  onNext,
  onAgain,
}: {
  file: File
  hasNext: boolean
  onNext: () => void
  onAgain: () => void
}) {
  const workspace = useWorkspace()
  const [step, setStep] = useState<Step>('choose')
  const [sent, setSent] = useState(0)
  const [problem, setProblem] = useState<ApiError | null>(null)
  const [preview, setPreview] = useState<Preview | null>(null)
  const [mapping, setMapping] = useState<Mapping | null>(null)
  const [check, setCheck] = useState<Check | null>(null)
  const [isBusy, setBusy] = useState(false)
  const [started, setStarted] = useState<{ jobId: string; mappingId: string } | null>(null)
  const attempt = useCallback(async (work: () => Promise<void>) => {
    setBusy(true)
    setProblem(null)
    try {
      await work()
    } catch (error) {
      setProblem(error instanceof ApiError ? error : new ApiError('bug', 'This did not work. Try again.'))
    }
    setBusy(false)
  }, [])
  const look = useCallback(
    (uploadId: string, options: { dataset?: Dataset; source?: string; file?: FileOptions }) =>
      attempt(async () => {
        const found = await read('insights.datasets.preview', workspace, { uploadId, ...options })
        setPreview(found)
        setMapping(found.mapping)
        setStep('map')
      }),
    [attempt, workspace],
  )
  useEffect(() => {
    const stop = new AbortController()
    upload(workspace, file, setSent, stop.signal).then(
      (saved) => look(saved.id, {}),
      (error: unknown) => {
        if (!stop.signal.aborted)
          setProblem(error instanceof ApiError ? error : new ApiError('bug', 'The upload did not work.'))
      },
    )
    return () => stop.abort()
  }, [file, workspace, look])
  const runCheck = () =>
    attempt(async () => {
      setCheck(
        await read('insights.datasets.check', workspace, {
          uploadId: preview!.uploadId,
          mapping: mapping!,
        }),
      )
      setStep('check')
    })
  const commit = (mode: 'add' | 'replace-days', acceptRejects: boolean) =>
    attempt(async () => {
      setStarted(
        await write('insights.datasets.import', workspace, {
          uploadId: preview!.uploadId,
          mapping: mapping!,
          mode,
          acceptRejects,
        }),
      )
      setStep('done')
    })
  return (
    <div className="import">
      <Stepper
        active={steps.indexOf(step)}
        size="xs"
        iconSize={24}
        allowNextStepsSelect={false}
        onStepClick={(i) => {
          if (i === 1 && step === 'check') setStep('map')
        }}
      >
        <Stepper.Step label="Read" />
        <Stepper.Step label="Map" />
        <Stepper.Step label="Check" />
        <Stepper.Step label="Import" />
      </Stepper>
      {problem ? <Failed error={problem} /> : null}
      {step === 'choose' && !problem ? (
        sent < 1 ? (
          <div role="status">
            <Progress value={sent * 100} aria-label="Upload" />
            <p className="small faint import-note">
              {bytes(Math.round(sent * file.size))} of {bytes(file.size)} sent
            </p>
          </div>
        ) : (
          <Loading rows={5} label="Looking at the file" />
        )
      ) : null}
      {step === 'map' && preview && mapping ? (
        <MapStep
          preview={preview}
          mapping={mapping}
          isBusy={isBusy}
          onMapping={setMapping}
          onLook={(options) => {
            void look(preview.uploadId, options)
          }}
          onCheck={() => {
            void runCheck()
          }}
        />
      ) : null}
      {step === 'check' && check && mapping ? (
        <CheckStep
          check={check}
          mapping={mapping}
          isBusy={isBusy}
          onBack={() => setStep('map')}
          onCommit={(mode, accept) => {
            void commit(mode, accept)
          }}
        />
      ) : null}
      {step === 'done' && started && mapping ? (
        <DoneStep
          {...started}
          mapping={mapping}
          hasNext={hasNext}
          onNext={onNext}
          onAgain={onAgain}
          onBack={() => {
            setStarted(null)
            setStep('map')
          }}
        />
      ) : null}
      {step === 'choose' && problem ? (
        <div>
          <Button variant="default" onClick={onAgain}>
            Choose another file
          </Button>
        </div>
      ) : null}
    </div>
  )
}
