/** ARR that could use each feature and does not: what is associated with staying first, and of each what renews soon. */
import { useMediaQuery } from '@mantine/hooks'
import { useMemo } from 'react'
import type { WhitespaceCell } from '../../../src/insights/analyses/whitespace/operations.ts'
import { Chart, pale, type Colours } from '../../ui/chart.tsx'
import { axisMoney, count, day, money, plural } from '../../ui/format.ts'

const mostDrawn = 15

type OpenFeature = Pick<WhitespaceCell, 'featureId' | 'feature' | 'evidence' | 'word' | 'arr' | 'accounts' | 'renewing'>

/** Over the segments of each feature: what is associated with staying first, then by evidence as the cells come, then by ARR. */
function byFeature(cells: readonly WhitespaceCell[]): OpenFeature[] {
  const sums = new Map<string, OpenFeature>()
  for (const { featureId, feature, evidence, word, arr, accounts, renewing } of cells) {
    const sum = sums.get(featureId)
    sums.set(featureId, {
      featureId,
      feature,
      evidence,
      word,
      arr: arr + (sum?.arr ?? 0),
      accounts: accounts + (sum?.accounts ?? 0),
      renewing: {
        arr: renewing.arr + (sum?.renewing.arr ?? 0),
        accounts: renewing.accounts + (sum?.renewing.accounts ?? 0),
      },
    })
  }
  const order = [...new Set(cells.map((c) => c.evidence))]
  const rank = (f: OpenFeature) => (isToldFor(f) ? -1 : order.indexOf(f.evidence))
  return [...sums.values()].sort((a, b) => rank(a) - rank(b) || b.arr - a.arr)
}

const isToldFor = (f: OpenFeature) => f.word === 'associated with staying'

export function Bars({
  cells,
  to,
  currency,
  onPick,
}: {
  cells: readonly WhitespaceCell[]
  /** The last day of the renewals that are told apart. */
  to: string
  currency: string
  onPick: ((featureId: string) => void) | undefined
}) {
  const features = useMemo(() => byFeature(cells), [cells])
  const shown = useMemo(() => features.slice(0, mostDrawn), [features])
  // On a phone what is said of a feature stands above its bar, so that the bar has the whole width.
  const isNarrow = useMediaQuery('(max-width: 700px)') ?? false
  const opens = onPick !== undefined
  const option = useMemo(
    () => (c: Colours) => optionOf({ shown, to, currency, isNarrow, opens }, c),
    [shown, to, currency, isNarrow, opens],
  )
  const first = features[0]!
  return (
    <Chart
      name="whitespace-by-feature"
      title={`${money(first.arr, currency)} of ARR has not adopted ${first.feature}${isToldFor(first) ? ', which is associated with staying' : ''}`}
      subtitle={[
        `ARR of those that could use it and have not adopted it. The stronger part is due: it renews by ${day(to)}.`,
        features.length > 1 ? 'An account stands at every feature that it lacks.' : '',
        features.length > mostDrawn ? `The first ${mostDrawn} of ${count(features.length)} features.` : '',
      ]
        .filter(Boolean)
        .join(' ')}
      height={36 + shown.length * (isNarrow ? 60 : 44)}
      option={option}
      onPick={onPick && ((i) => onPick(shown[i]!.featureId))}
    />
  )
}

interface Drawn {
  shown: readonly OpenFeature[]
  to: string
  currency: string
  isNarrow: boolean
  opens: boolean
}

function optionOf({ shown, to, currency, isNarrow, opens }: Drawn, c: Colours) {
  const colourOf = (f: OpenFeature) => (f.evidence !== 'associated' ? c.faint : isToldFor(f) ? c.better : c.worse)
  const wordOf = (f: OpenFeature) => f.word ?? 'not asked yet'
  const dueOf = (f: OpenFeature) => (f.renewing.arr > 0 ? `${money(f.renewing.arr, currency)} due` : '')
  const bars = (
    value: (f: OpenFeature) => number,
    colour: (f: OpenFeature) => string,
    label: (f: OpenFeature) => string,
    position: unknown,
  ) => ({
    type: 'bar',
    stack: 'arr',
    barWidth: isNarrow ? 14 : 18,
    cursor: opens ? 'pointer' : 'default',
    data: shown.map((f) => ({ value: value(f), itemStyle: { color: colour(f) } })),
    label: {
      show: true,
      position,
      color: c.ink,
      fontSize: 12,
      lineHeight: 16,
      formatter: ({ dataIndex }: { dataIndex: number }) => label(shown[dataIndex]!),
      rich: small,
    },
  })
  const small = { small: { color: c.soft, fontSize: 11, lineHeight: 14 } }
  return {
    grid: { left: 4, right: isNarrow ? 16 : 92, top: isNarrow ? 16 : 4, bottom: 4, containLabel: true },
    tip: (i: number) => {
      const f = shown[i]!
      return {
        title: `${f.feature}: ${wordOf(f)}`,
        lines: [
          `${money(f.arr, currency)}, ${plural(f.accounts, 'account', 'accounts')}`,
          `${money(f.renewing.arr, currency)}, ${plural(f.renewing.accounts, 'account', 'accounts')} renewing by ${day(to)}`,
        ],
      }
    },
    yAxis: {
      type: 'category',
      inverse: true,
      data: shown.map((f) => f.feature),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: c.line } },
      axisLabel: {
        show: !isNarrow,
        color: c.ink,
        fontSize: 12,
        lineHeight: 16,
        width: 136,
        overflow: 'truncate',
        formatter: (_: string, i: number) => `${shown[i]!.feature}\n{small|${wordOf(shown[i]!)}}`,
        rich: small,
      },
    },
    xAxis: {
      type: 'value',
      min: 0,
      splitNumber: isNarrow ? 2 : 4,
      axisLabel: {
        color: c.faint,
        fontSize: 12,
        hideOverlap: true,
        formatter: (v: number) => axisMoney(v, currency),
      },
      splitLine: { show: !isNarrow, lineStyle: { color: c.line } },
    },
    series: [
      bars(
        (f) => f.renewing.arr,
        colourOf,
        (f) =>
          isNarrow
            ? `${f.feature}, ${money(f.arr, currency)}\n{small|${[wordOf(f), dueOf(f)].filter(Boolean).join(', ')}}`
            : '',
        [0, -34],
      ),
      bars(
        (f) => f.arr - f.renewing.arr,
        (f) => pale(colourOf(f), c.body),
        (f) => (isNarrow ? '' : [money(f.arr, currency), dueOf(f) && `{small|${dueOf(f)}}`].filter(Boolean).join('\n')),
        'right',
      ),
    ],
  }
}
