/** What a mark says, in one look for all charts: a title, a line for each series, and what else is to be said. */
import { useLayoutEffect, useRef } from 'react'
import type { Point } from './scale.ts'
import './tip.css'

/** A line of a series, by its name, with its value; or a sentence. */
export type TipLine = string | { name: string; text: string }
export interface Tip {
  title: string
  lines: readonly TipLine[]
}

const isSeries = (line: TipLine) => typeof line !== 'string'
export const seriesOf = ({ lines }: Tip): string[] => lines.filter(isSeries).map((l) => l.name)

const words = (line: TipLine) => (typeof line === 'string' ? line : `${line.name}: ${line.text}`)

/** The same in a sentence: of one series, where one is followed, else all of it. */
export function sayTip({ title, lines }: Tip, lane: string | null): string {
  const said = lane === null ? lines : lines.filter((l) => !isSeries(l) || l.name === lane)
  return `${title}. ${said.map(words).join('; ')}`
}

interface Size {
  width: number
  height: number
}
const gap = 14
const within = (at: number, most: number) => Math.max(0, Math.min(at, Math.max(0, most)))

/** Beside the mark, on the side where there is room; where neither side has it, below or above. Never beyond the picture's sides. */
export function placeTip(mark: Point, tip: Size, plot: Size): { left: number; top: number } {
  const beside = [mark.x + gap, mark.x - gap - tip.width].find((x) => x >= 0 && x + tip.width <= plot.width)
  if (beside !== undefined) return { left: beside, top: within(mark.y - tip.height / 2, plot.height - tip.height) }
  const below = mark.y + gap
  return {
    left: within(mark.x - tip.width / 2, plot.width - tip.width),
    top: below + tip.height <= plot.height ? below : mark.y - gap - tip.height,
  }
}

interface Props {
  tip: Tip
  lane: string | null
  /** Of the mark, in the picture around the tip; asked once that is drawn. */
  at: () => Point
  colourOf: (series: string) => string | undefined
}

/** For the eyes alone: who listens is told by the plot. */
export function TipBox({ tip, lane, at, colourOf }: Props) {
  const box = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    const size = ({ offsetWidth: width, offsetHeight: height }: HTMLElement) => ({ width, height })
    const { left, top } = placeTip(at(), size(box.current!), size(box.current!.parentElement!))
    box.current!.style.translate = `${Math.round(left)}px ${Math.round(top)}px`
  })
  return (
    <div className="tip" ref={box} aria-hidden>
      <div className="tip-title">{tip.title}</div>
      {tip.lines.map((line) =>
        typeof line === 'string' ? (
          <div className="tip-line" key={line}>
            {line}
          </div>
        ) : (
          <div className={line.name === lane ? 'tip-series is-followed' : 'tip-series'} key={line.name}>
            <span className="tip-colour" style={{ background: colourOf(line.name) ?? 'transparent' }} />
            <span className="tip-name">{line.name}</span>
            <span className="tip-text">{line.text}</span>
          </div>
        ),
      )}
    </div>
  )
}
