/**
 * A picture whose marks are walked: one stop of the tab key, arrows from mark to mark, Enter for what a click does, Escape to
 * leave. The pointer finds the same marks; either way the tip says what stands there, and who listens hears it.
 */
import type { EChartsType } from 'echarts/core'
import {
  useId,
  useLayoutEffect,
  useRef,
  useState,
  type FocusEvent,
  type KeyboardEvent,
  type PointerEvent,
  type ReactNode,
  type RefObject,
} from 'react'
import { isThere, markAt, nearest, walk, type Mark, type Marks, type Walked } from './marks.ts'
import { fromPixel, toPixel, type Point } from './scale.ts'
import { sayTip, seriesOf, TipBox, type Tip } from './tip.tsx'
import './plot.css'

interface Props {
  label: string
  height: number
  marks: Marks
  tip: (at: number) => Tip
  chart: RefObject<EChartsType | null>
  colourOf: (series: string | number) => string | undefined
  onPick: ((dataIndex: number, seriesIndex: number) => void) | undefined
  children: ReactNode
}

interface Shown extends Walked {
  by: 'keys' | 'pointer'
  pointer?: Point
}

export function Plot({ label, height, marks, tip, chart, colourOf, onPick, children }: Props) {
  const help = useId()
  const last = useRef<Walked>(null)
  const [shown, setShown] = useState<Shown | null>(null)
  const { stops } = marks
  const lanes = lanesOf(marks, tip)
  const now = shown && stops[shown.stop] ? shown : null
  const told = now ? tip(stops[now.stop]!.at) : null

  const show = (to: Walked) => {
    last.current = to
    setShown({ ...to, by: 'keys' })
  }
  const begin = (): Walked => {
    const from = last.current
    const lane = from?.lane != null && lanes.includes(from.lane) ? from.lane : (lanes[0] ?? null)
    return { stop: Math.min(from?.stop ?? 0, stops.length - 1), lane }
  }
  const onFocus = (event: FocusEvent<HTMLDivElement>) => {
    if (stops.length > 0 && event.currentTarget.matches(':focus-visible')) show(begin())
  }
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.ctrlKey || event.metaKey || event.altKey || stops.length === 0) return
    const at = now?.by === 'keys' ? now : null
    if (event.key === 'Escape' && now) setShown(null)
    else if (event.key === 'Enter' || event.key === ' ') {
      const mark = at && markAt(marks, at)
      if (!mark || !isThere(mark) || !onPick) return
      onPick(mark.index, mark.series)
    } else {
      const start = begin()
      const to = walk(marks, lanes, at ?? start, event.key)
      if (!to) return
      // The first arrow shows where one is; it does not step over it unseen.
      show(at || event.key === 'Home' || event.key === 'End' ? to : start)
    }
    event.preventDefault()
    event.stopPropagation()
  }
  const onPointer = (event: PointerEvent<HTMLDivElement>) => {
    const { left, top } = event.currentTarget.getBoundingClientRect()
    const pointer = { x: event.clientX - left, y: event.clientY - top }
    const at = fromPixel(chart.current!, marks.isLying, pointer)
    setShown(
      at === null || stops.length === 0 ? null : { stop: nearest(marks, at), lane: null, by: 'pointer', pointer },
    )
  }
  return (
    <>
      <div
        className="plot"
        style={{ height }}
        tabIndex={0}
        role="application"
        aria-roledescription="chart"
        aria-label={`${label}. The table below holds the same figures.`}
        aria-describedby={help}
        onFocus={onFocus}
        onBlur={() => setShown(null)}
        onKeyDown={onKeyDown}
        onPointerMove={onPointer}
        onPointerDown={onPointer}
        onPointerLeave={(event) => {
          // A finger that is lifted leaves; what it asked for stays until another place is touched.
          if (event.pointerType !== 'touch') setShown((s) => (s?.by === 'pointer' ? null : s))
        }}
      >
        {children}
        {now ? <Dots marks={marks} at={now} chart={chart} colourOf={colourOf} /> : null}
        {now && told ? (
          <TipBox
            tip={told}
            lane={now.by === 'keys' ? now.lane : null}
            at={() => tipPoint(chart.current!, marks, now)}
            colourOf={colourOf}
          />
        ) : null}
      </div>
      <p id={help} className="visually-hidden">
        Arrow keys go from mark to mark, Home and End to the ends.{onPick ? ' Enter opens what a click opens.' : ''}{' '}
        Escape leaves.
      </p>
      <p className="visually-hidden" aria-live="polite">
        {now?.by === 'keys' && told ? sayTip(told, now.lane) : null}
      </p>
    </>
  )
}

/** Series that have a line of their own in the tip. */
function lanesOf({ stops }: Marks, tip: Props['tip']): string[] {
  if (!stops[0]) return []
  const told = seriesOf(tip(stops[0].at))
  const drawn = new Set(stops.flatMap((s) => s.marks.map((m) => m.name)))
  return told.filter((name) => drawn.has(name))
}

const middle = ({ from, to }: Mark) => (from + to) / 2

function tipPoint(chart: EChartsType, marks: Marks, now: Shown): Point {
  const mark = markAt(marks, now)
  const point = toPixel(chart, marks.isLying, marks.stops[now.stop]!.at, mark ? middle(mark) : null)
  if (!now.pointer) return point
  return marks.isLying ? { x: now.pointer.x, y: point.y } : { x: point.x, y: now.pointer.y }
}

/** Where one stands: a ring on the mark that is followed, and a dot on every point beside it. */
function Dots({ marks, at, chart, colourOf }: Pick<Props, 'marks' | 'chart' | 'colourOf'> & { at: Shown }) {
  const stop = marks.stops[at.stop]!
  const own = at.by === 'keys' ? markAt(marks, at) : undefined
  return stop.marks
    .filter((m) => m === own || !m.isBar)
    .map((m) => (
      <Dot
        key={m.series}
        isFollowed={m === own}
        colour={m.isBar ? undefined : colourOf(m.series)}
        at={() => toPixel(chart.current!, marks.isLying, stop.at, middle(m))}
      />
    ))
}

function Dot({ isFollowed, colour, at }: { isFollowed: boolean; colour: string | undefined; at: () => Point }) {
  const dot = useRef<HTMLSpanElement>(null)
  useLayoutEffect(() => {
    const { x, y } = at()
    dot.current!.style.left = `${x}px`
    dot.current!.style.top = `${y}px`
  })
  return <span className={isFollowed ? 'plot-dot is-followed' : 'plot-dot'} ref={dot} style={{ background: colour }} />
}
