/** The heat map as a picture to put on a slide: drawn anew as SVG, because a screenshot of a page is no picture. */
import type { AdoptionRetention } from '../../../src/insights/analyses/ground/schemas.ts'
import { count, day, money, percent, tied } from '../../ui/format.ts'
import { escapeXml, wrap } from '../../ui/picture.ts'
import { columnsOf, drawnFeatures } from './heat-map.tsx'

const mix = (t: number) => {
  const at = (low: number, high: number) => Math.round(low + (high - low) * t)
  return `rgb(${at(244, 70)},${at(248, 165)},${at(247, 155)})`
}

export function heatMapSvg(data: AdoptionRetention, find?: string): string {
  const { meta, totals, rows, sentence } = data
  const features = drawnFeatures(data, find).rows
  const segments = [...columnsOf(data), totals.all]
  const left = 200
  const cellWidth = Math.max(120, Math.min(170, 900 / segments.length))
  const cellHeight = 40
  const top = 150
  const width = Math.max(720, left + segments.length * cellWidth + 40)
  const height = top + features.length * cellHeight + 84
  const cells = new Map([...rows, ...totals.features].map((r) => [`${r.segment}\u0000${r.feature}`, r]))
  const text = (x: number, y: number, value: string, more = '') =>
    `<text x="${x}" y="${y}" ${more}>${escapeXml(value)}</text>`
  const body = features
    .map((f, y) => {
      const line = segments
        .map((s, x) => {
          const row = cells.get(`${s.segment}\u0000${f.feature}`)
          const px = left + x * cellWidth
          const py = top + y * cellHeight
          if (!row || row.now.eligible === 0)
            return text(px + cellWidth / 2, py + 25, '–', 'fill="#5f6c78" text-anchor="middle"')
          const rate = row.now.adoptionRate
          const isFinding = sentence.finding?.segment === s.segment && sentence.finding.feature === f.feature
          const fill = rate.mark === 'suppressed' ? 'url(#hatch)' : mix(rate.value ?? 0)
          return (
            `<rect x="${px + 1}" y="${py + 1}" width="${cellWidth - 2}" height="${cellHeight - 2}" rx="4" fill="${fill}"${isFinding ? ' stroke="#15202b" stroke-width="2"' : ''}/>` +
            text(
              px + 10,
              py + 25,
              rate.mark === 'suppressed' ? `${row.now.adopters} of ${row.now.eligible}` : percent(rate.value),
              'font-weight="600"',
            ) +
            (rate.mark === 'suppressed'
              ? ''
              : text(
                  px + cellWidth - 10,
                  py + 25,
                  `${count(row.now.adopters)} of ${count(row.now.eligible)}`,
                  'font-size="12" text-anchor="end"',
                ))
          )
        })
        .join('')
      return text(24, top + y * cellHeight + 25, f.feature + (f.isCore ? ' · core' : ''), 'font-weight="500"') + line
    })
    .join('')
  const title = sentence.kind === 'finding' ? sentence.text.split('. ')[0]! : 'Feature adoption by segment'
  // A picture has no web font: what stands in for it on the machine may be wider.
  const lines = wrap(tied(title), Math.floor((width - 48) / 11))
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="Inter Variable, Inter, Helvetica, Arial, sans-serif" font-size="14" fill="#15202b">
<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="6" height="6" fill="#fff"/><path d="M0 0v6" stroke="#dfe5ea" stroke-width="2"/></pattern></defs><rect width="${width}" height="${height}" fill="#fff"/>` +
    lines
      .slice(0, 2)
      .map((l, i) => text(24, 38 + i * 24, l, 'font-size="18" font-weight="600"'))
      .join('') +
    text(
      24,
      40 + Math.min(2, lines.length) * 24,
      `Share of eligible accounts with any use in the ${meta.adoptionMonths} full months to ${day(meta.nowDay)}`,
      'fill="#46535f" font-size="13"',
    ) +
    segments
      .map(
        (s, x) =>
          text(
            left + x * cellWidth + 10,
            top - 26,
            s.segment === 'All' ? 'All' : s.segment,
            'font-weight="600" font-size="13"',
          ) +
          text(
            left + x * cellWidth + 10,
            top - 9,
            `${count(s.accounts)} · ${money(s.arr, meta.currency)}`,
            'fill="#5f6c78" font-size="12"',
          ),
      )
      .join('') +
    body +
    wrap(sentence.caveat, Math.floor((width - 48) / 5.6))
      .slice(0, 3)
      .map((l, i) => text(24, top + features.length * cellHeight + 32 + i * 16, l, 'fill="#5f6c78" font-size="11"'))
      .join('') +
    '</svg>'
  )
}
