/** One tap says what it took the last time; three volunteers are enough. */
import { Button } from '@mantine/core'
import type { QuickWinDetail } from '../../../src/setup/quick-wins/schemas.ts'
import { useWrite, type InputOf } from '../../api.ts'
import { Failed } from '../../ui/states.tsx'
import { minutesText } from './words.ts'

const most = 3
/** No finer: nobody keeps a time sheet. */
const tapMinutes: readonly InputOf<'setup.quickWins.time'>['minutes'][] = [
  0, 2, 5, 10, 15, 30, 45, 60, 90, 120, 180, 240, 480, 960,
]

export function Taps({ win }: { win: QuickWinDetail }) {
  const time = useWrite('setup.quickWins.time')
  if (win.state === 'dropped') return null
  const side = win.state === 'planned' ? ('before' as const) : ('after' as const)
  const mine = win.mine[side]
  const taken = win.samples[side].length
  if (taken >= most && mine === null) return null
  return (
    <fieldset className="qw-taps">
      <legend>{side === 'before' ? 'What did it take you the last time?' : 'And what does it take you now?'}</legend>
      <p className="small faint">
        One tap, if it is work of yours. {taken} of {most} have. Nobody sees whose tap it was.
      </p>
      {time.error ? <Failed error={time.error} /> : null}
      <div className="qw-tap-line">
        {tapMinutes.map((minutes) => (
          <Button
            key={minutes}
            size="compact-sm"
            variant={mine === minutes ? 'filled' : 'default'}
            aria-pressed={mine === minutes}
            disabled={time.isPending}
            onClick={() => time.mutate({ id: win.id, side, minutes })}
          >
            {minutes === 0 ? 'nothing' : minutesText(minutes)}
          </Button>
        ))}
      </div>
    </fieldset>
  )
}
