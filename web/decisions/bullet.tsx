/** Value now as a bar from zero, expected as a mark across, value at the decision as a notch below. */
import type { Effect } from '../../src/decisions/schemas.ts'
import { valueOf } from './words.ts'

const width = 104
const height = 20
const inset = 4

export function Bullet({ effect }: { effect: Effect }) {
  const { unit, currency, now, expected, atDecision } = effect
  const values = [now?.value, now?.high, expected, atDecision?.value].filter(
    (v): v is number => v !== null && v !== undefined,
  )
  const text = `now ${valueOf(now?.value, unit, currency)}, expected ${expected === null ? 'a direction' : valueOf(expected, unit, currency)}, at the decision ${valueOf(atDecision?.value, unit, currency)}`
  if (now === null || now.value === null || values.some((v) => v < 0))
    return (
      <span className="faint small" title={effect.problem ?? effect.sentence}>
        {now?.mark === 'suppressed' && now.base > 0 ? 'too few' : 'not known'}
      </span>
    )
  const most = Math.max(...values) * 1.08 || 1
  const at = (value: number) => inset + (value / most) * (width - 2 * inset)
  return (
    <span className="bullet">
      <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={text}>
        <title>{text}</title>
        <rect className="bullet-track" x={inset} y={4} width={width - 2 * inset} height={10} rx={1} />
        <rect
          className={`bullet-now is-${effect.verdict}`}
          x={inset}
          y={6}
          width={Math.max(1, at(now.value) - inset)}
          height={6}
        />
        {now.low !== null && now.high !== null ? (
          <line className="bullet-range" x1={at(now.low)} x2={at(now.high)} y1={9} y2={9} />
        ) : null}
        {atDecision?.value == null ? null : (
          <path className="bullet-then" d={`M${at(atDecision.value)} 14l3.500 5h-7Z`} />
        )}
        {expected === null ? null : <line className="bullet-aim" x1={at(expected)} x2={at(expected)} y1={1} y2={17} />}
      </svg>
      <span className="bullet-value">{valueOf(now.value, unit, currency)}</span>
    </span>
  )
}
