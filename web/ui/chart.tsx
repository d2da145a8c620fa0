/** A chart as SVG in the colours of the page, with the notes of the time axis wherever it is time, its marks to be walked, as picture and as file. */
import { useComputedColorScheme } from '@mantine/core'
import { BarChart, LineChart } from 'echarts/charts'
import { AriaComponent, GridComponent, LegendComponent, MarkAreaComponent, MarkLineComponent } from 'echarts/components'
import * as echarts from 'echarts/core'
import { LabelLayout } from 'echarts/features'
import { SVGRenderer } from 'echarts/renderers'
import type { EChartsCoreOption, EChartsType } from 'echarts/core'
import { useEffect, useMemo, useRef } from 'react'
import { NoteButton } from '../annotations/note-button.tsx'
import { useTimeMarks } from '../annotations/use-time-marks.ts'
import { tokens } from '../theme.ts'
import { marksOf } from './marks.ts'
import { withHeading } from './picture.ts'
import { PictureButtons } from './picture-buttons.tsx'
import { Plot } from './plot.tsx'
import { isTimeAxis, withTimeMarks } from './time-marks.ts'
import type { Tip } from './tip.tsx'
import './chart.css'

echarts.use([
  BarChart,
  LineChart,
  GridComponent,
  LegendComponent,
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

function colours(scheme: 'light' | 'dark'): Colours {
  const of = tokens[scheme]
  return {
    ink: of['--ink'],
    soft: of['--ink-soft'],
    faint: of['--ink-faint'],
    line: of['--line'],
    body: of['--mantine-color-body'],
    better: of['--better'],
    worse: of['--worse'],
    accent: of['--accent'],
    series: ([1, 2, 3, 4, 5] as const).map((n) => of[`--series-${n}`]),
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

/** What is drawn, and what the tip says at a place of its axis: the place of a category, or a value. */
export interface Drawing extends EChartsCoreOption {
  tip: (at: number) => Tip
}

export interface ChartProps {
  name: string
  title: string
  subtitle?: string
  /** What a click does; on the page alone, not in the picture that is taken away. */
  hint?: string
  height: number
  option: (c: Colours) => Drawing
  /** A click on a mark, or Enter where it is walked to, by its place in the series. */
  onPick?: ((dataIndex: number, seriesIndex: number) => void) | undefined
}

export function Chart({ name, title, subtitle, hint, height, option, onPick }: ChartProps) {
  const pick = useRef(onPick)
  useEffect(() => {
    pick.current = onPick
  })
  const notes = useTimeMarks()
  const frame = useRef<HTMLDivElement>(null)
  const chart = useRef<EChartsType | null>(null)
  const scheme = useComputedColorScheme('light')
  const { drawn, tip, marks } = useMemo(() => {
    const c = colours(scheme)
    const { tip: of, ...rest } = withTimeMarks(option(c), notes, c)
    const plain: EChartsCoreOption = {
      animation: false,
      backgroundColor: c.body,
      textStyle: { fontFamily: 'Inter Variable, system-ui, sans-serif', color: c.soft },
      ...rest,
    }
    return { drawn: plain, tip: of, marks: marksOf(plain) }
  }, [option, scheme, notes])
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
    chart.current?.setOption(drawn, { notMerge: true })
  }, [drawn])
  const svg = () => withHeading(chart.current!.renderToSVGString(), { title, subtitle, colours: colours(scheme) })
  return (
    <figure className="chart">
      <figcaption className="chart-head">
        <div>
          <div className="chart-title">{title}</div>
          {subtitle || hint ? <div className="small faint">{[subtitle, hint].filter(Boolean).join('; ')}</div> : null}
        </div>
        <div className="page-actions">
          {isTimeAxis(drawn) ? <NoteButton of={title} /> : null}
          <PictureButtons name={name} of={title} svg={svg} isPlain />
        </div>
      </figcaption>
      <Plot
        label={title}
        height={height}
        marks={marks}
        tip={tip}
        chart={chart}
        colourOf={(series) => colourOf(drawn, series)}
        onPick={onPick}
      >
        <div ref={frame} className="plot-drawn" aria-hidden />
      </Plot>
    </figure>
  )
}

/** The one colour of a series, where all its marks have it. */
function colourOf(drawn: EChartsCoreOption, series: string | number): string | undefined {
  const all = (drawn['series'] ?? []) as { name?: string; itemStyle?: { color?: unknown } }[]
  const color = (typeof series === 'number' ? all[series] : all.find((s) => s.name === series))?.itemStyle?.color
  return typeof color === 'string' ? color : undefined
}
