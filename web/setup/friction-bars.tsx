/** The friction map as bars: hours a week, with what is not certain drawn, coloured by the pillar that takes it away. */
import type { OutputOf } from '../api.ts'
import { plural } from '../ui/format.ts'
import { between, hours, noPillar, pillarNames, pillarOrder } from './words.ts'
import './setup.css'

type Friction = OutputOf<'setup.cost.read'>['frictions'][number]

const toneOf = (pillar: Friction['pillar']) => `pillar-${pillar ?? 'none'}`

/** All audiences together, the most hours first. */
export function joined(frictions: readonly Friction[]): Friction[] {
  const all = new Map<string, Friction>()
  for (const f of frictions) {
    const known = all.get(f.code)
    all.set(
      f.code,
      known
        ? {
            ...known,
            people: known.people + f.people,
            hoursPerWeek: known.hoursPerWeek + f.hoursPerWeek,
            low: known.low + f.low,
            high: known.high + f.high,
            lacksSkill: known.lacksSkill + f.lacksSkill,
            waiting: known.waiting + f.waiting,
            systems: merged(known.systems, f.systems),
            areas: merged(known.areas, f.areas),
          }
        : f,
    )
  }
  return [...all.values()].sort((a, b) => b.hoursPerWeek - a.hoursPerWeek)
}

function merged(a: Friction['systems'], b: Friction['systems']): Friction['systems'] {
  const people = new Map(a.map((s) => [s.name, s.people]))
  for (const s of b) people.set(s.name, (people.get(s.name) ?? 0) + s.people)
  return [...people].map(([name, n]) => ({ name, people: n })).sort((x, y) => y.people - x.people)
}

export function FrictionBars({ frictions }: { frictions: readonly Friction[] }) {
  const most = Math.max(1, ...frictions.map((f) => f.high))
  const at = (n: number) => `${(Math.max(0, n) / most) * 100}%`
  return (
    <figure className="friction-map">
      <figcaption className="pillar-key">
        {pillarOrder
          .filter((p) => frictions.some((f) => f.pillar === p))
          .map((p) => (
            <span key={p ?? 'none'}>
              <i className={toneOf(p)} />
              {p === null ? noPillar : pillarNames[p]}
            </span>
          ))}
      </figcaption>
      <ol className="friction-bars">
        {frictions.map((f) => (
          <li key={`${f.code} ${f.audience}`}>
            <p className="friction-name">
              {f.name}
              <small>
                {plural(f.people, 'person', 'people')}
                {f.systems.length > 0
                  ? ` · ${f.systems
                      .slice(0, 3)
                      .map((s) => s.name)
                      .join(', ')}`
                  : ''}
              </small>
            </p>
            <div className="friction-track">
              <span className={`friction-bar ${toneOf(f.pillar)}`} style={{ width: at(f.hoursPerWeek) }} />
              <span className="friction-whisker" style={{ left: at(f.low), width: at(f.high - Math.max(0, f.low)) }} />
            </div>
            <p className="friction-hours number">
              {hours(f.hoursPerWeek)}
              <small>{between(f, hours)}</small>
            </p>
          </li>
        ))}
      </ol>
    </figure>
  )
}

export function PillarTotals({ frictions }: { frictions: readonly Friction[] }) {
  const totals = pillarOrder
    .map((pillar) => ({
      pillar,
      hours: frictions.filter((f) => f.pillar === pillar).reduce((sum, f) => sum + f.hoursPerWeek, 0),
    }))
    .filter((t) => t.hours > 0)
  const all = totals.reduce((sum, t) => sum + t.hours, 0)
  return (
    <dl className="pillar-totals">
      {totals.map((t) => (
        <div key={t.pillar ?? 'none'} className={toneOf(t.pillar)} style={{ flexGrow: t.hours }}>
          <dt>{t.pillar === null ? noPillar : pillarNames[t.pillar]}</dt>
          <dd className="number">
            {hours(t.hours)} <small>{Math.round((t.hours / all) * 100)} %</small>
          </dd>
        </div>
      ))}
    </dl>
  )
}
