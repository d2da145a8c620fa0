/** The sample company while it is made: what is done, what is left, and for how long. */
import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useRead, useWorkspace } from '../api.ts'
import { useMay } from '../session.ts'
import { count } from '../ui/format.ts'
import { Section } from '../ui/page.tsx'
import { Empty } from '../ui/states.tsx'

/** To five seconds where it is long: it is an estimate. */
const about = (seconds: number): string =>
  seconds <= 10 ? 'a few seconds' : `about ${Math.ceil(seconds / 5) * 5} seconds`

export function SampleMaking() {
  const workspace = useWorkspace()
  const may = useMay('insights:edit')
  const jobs = useRead('jobs.list', { limit: 20 }, { enabled: may })
  const job = jobs.data?.rows.find((one) => one.kind === 'setup.loadSample')
  if (job?.state === 'failed' || job?.state === 'cancelled')
    return (
      <Section title="The sample company is not there">
        <Empty
          title={job.state === 'failed' ? 'It could not be made' : 'Making it was stopped'}
          action={
            <Button component={Link} to={`/w/${workspace}/settings/jobs`}>
              Open its job
            </Button>
          }
        >
          {job.error ?? 'It can be run again from the list of jobs.'}
        </Empty>
      </Section>
    )
  const { steps = [], step = 0, secondsLeft, done = 0, total, unit = '' } = job?.progress ?? {}
  const left = secondsLeft === undefined ? 'It usually takes less than a minute' : `Left: ${about(secondsLeft)}`
  return (
    <Section
      title="The sample company is being made"
      note={`${left}. Two years of usage, then the same import that your own files would go through. You can leave this page.`}
    >
      <ol className="steps" aria-label="Steps">
        {steps.map((name, i) => (
          <li
            key={name}
            className={i < step ? 'is-done' : i === step ? 'is-next' : undefined}
            aria-current={i === step ? 'step' : undefined}
          >
            <span className="step-mark" aria-hidden>
              {i < step ? '✓' : i + 1}
            </span>
            <div>
              <h3>
                {name}
                {i < step ? <span className="visually-hidden"> (done)</span> : null}
              </h3>
              {i === step ? (
                <p className="soft">{total ? `${count(done)} of ${count(total)} ${unit}` : 'Under way'}</p>
              ) : null}
            </div>
            {i === step && total ? (
              <progress className="step-progress" value={done} max={total} aria-label={name} />
            ) : null}
          </li>
        ))}
      </ol>
    </Section>
  )
}
