/** A chart as SVG in the colours of the page, with the notes of the time axis wherever it is time, with a table's worth of text for a screen reader, as picture and as file. */
import { useComputedColorScheme } from '@mantine/core'
import { BarChart, LineChart } from 'echarts/charts'
import {
  AriaComponent,
  GridComponent,
  LegendComponent,
  MarkAreaComponent,
  MarkLineComponent,
  TooltipComponent,
} from 'echarts/components'
import * as echarts from 'echarts/core'
import { LabelLayout } from 'echarts/features'
import { SVGRenderer } from 'echarts/renderers'
import type { EChartsCoreOption, EChartsType } from 'echarts/core'
import { useEffect, useMemo, useRef } from 'react'
import { NoteButton } from '../annotations/note-button.tsx'
import { useTimeMarks } from '../annotations/use-time-marks.ts'
import { isTimeAxis, withTimeMarks } from './time-marks.ts'
import { withHeading } from './picture.ts'
import { PictureButtons } from './picture-buttons.tsx'
import './chart.css'

echarts.use([
  BarChart,
  LineChart,
  GridComponent,
  LegendComponent,
  TooltipComponent,
  AriaComponent,
  MarkAreaComponent,
  MarkLineComponent,
  LabelLayout,
  SVGRenderer,
])

export interface Colours {
  ink: string
  soft: string
  faint: string
  line: string
  body: string
  better: string
  worse: string
  accent: string
  series: string[]
}

const names = {
  ink: '--ink',
  soft: '--ink-soft',
  faint: '--ink-faint',
  line: '--line',
  body: '--mantine-color-body',
  better: '--better',
  worse: '--worse',
  accent: '--accent',
} as const
function colours(): Colours {
  const style = getComputedStyle(document.documentElement)
  const of = (name: string) => style.getPropertyValue(name).trim()
  return {
    ...(Object.fromEntries(Object.entries(names).map(([key, name]) => [key, of(name)])) as Record<
      keyof typeof names,
      string
    >),
    series: [1, 2, 3, 4, 5].map((n) => of(`--series-${n}`)),
  }
}

/** A colour as pale as if it were see-through, without the lines of the grid showing through it. */
export function pale(colour: string, body: string, share = 0.4): string {
  const parts = (hex: string) => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16))
  const under = parts(body)
  return `rgb(${parts(colour)
    .map((part, i) => Math.round(part * share + under[i]! * (1 - share)))
    .join(', ')})`
}

/** To ask a chart for its axes before there is a page to take colours from. */
const noColours: Colours = {
  ink: '',
  soft: '',
  faint: '',
  line: '',
  body: '',
  better: '',
  worse: '',
  accent: '',
  series: [],
}

export interface ChartProps {
  name: string
  title: string
  subtitle?: string
  /** What a click does; on the page alone, not in the picture that is taken away. */
  hint?: string
  height: number
  option: (c: Colours) => EChartsCoreOption
  /** A click on a mark, by its place in the series; the same must be reachable by the table below. */
  onPick?: ((dataIndex: number, seriesIndex: number) => void) | undefined
}

export function Chart({ name, title, subtitle, hint, height, option, onPick }: ChartProps) {
  const pick = useRef(onPick)
  useEffect(() => {
    pick.current = onPick
  })
  const notes = useTimeMarks()
  const isTime = useMemo(() => isTimeAxis(option(noColours)), [option])
  const frame = useRef<HTMLDivElement>(null)
  const chart = useRef<EChartsType | null>(null)
  const scheme = useComputedColorScheme('light')
  useEffect(() => {
    const made = echarts.init(frame.current!, null, { renderer: 'svg' })
    chart.current = made
    made.on('click', ({ dataIndex, seriesIndex }) => pick.current?.(dataIndex, seriesIndex ?? 0))
    const watch = new ResizeObserver(() => made.resize())
    watch.observe(frame.current!)
    return () => {
      watch.disconnect()
      made.dispose()
    }
  }, [])
  useEffect(() => {
    const c = colours()
    const plain = option(c)
    chart.current?.setOption(
      {
        animation: false,
        backgroundColor: c.body,
        textStyle: { fontFamily: 'Inter Variable, system-ui, sans-serif', color: c.soft },
        ...withTimeMarks(plain, notes, c),
      },
      { notMerge: true },
    )
  }, [option, scheme, notes])
  const svg = () => withHeading(chart.current!.renderToSVGString(), { title, subtitle, colours: colours() })
  return (
    <figure className="chart">
      <figcaption className="chart-head">
        <div>
          <div className="chart-title">{title}</div>
          {subtitle || hint ? <div className="small faint">{[subtitle, hint].filter(Boolean).join('; ')}</div> : null}
        </div>
        <div className="page-actions">
          {isTime ? <NoteButton of={title} /> : null}
          <PictureButtons name={name} of={title} svg={svg} isPlain />
        </div>
      </figcaption>
      <div ref={frame} style={{ height }} role="img" aria-label={`${title}. The table below holds the same figures.`} />
    </figure>
  )
}
