/** The bars as a picture to put on a slide, in the colours of the light page. */
import type { FeatureStates } from '../../../src/insights/analyses/feature-states/operations.ts'
import type { AdoptionState } from '../../../src/insights/features/adoption-states.ts'
import { percent } from '../../ui/format.ts'
import { escapeXml } from '../../ui/picture.ts'
import { adoptionStates, stateWords } from './state-words.ts'

const fills: Record<AdoptionState, string> = {
  adopted: '#46a59b',
  dormant: '#dab196',
  tried: '#ebd4c4',
  'never-used': '#f5e9e0',
  'not-measured': 'url(#hatch)',
  'not-entitled': '#e1e6eb',
}
export function statesSvg(
  rows: readonly FeatureStates[],
  {
    title,
    subtitle,
    by,
    nameOf,
    text,
  }: {
    title: string
    subtitle: string
    by: 'arr' | 'accounts'
    nameOf: (row: FeatureStates) => string
    text: (value: number) => string
  },
): string {
  const left = 210
  const width = 620
  const line = 34
  const top = 104
  const whole = left + width + 170
  const key = adoptionStates
    .map(
      (state, i) =>
        `<rect x="${24 + i * 130}" y="72" width="12" height="12" rx="2" fill="${fills[state]}"/><text x="${42 + i * 130}" y="82" font-size="12" fill="#46535f">${stateWords[state]}</text>`,
    )
    .join('')
  const bars = rows
    .map((row, y) => {
      let x = left
      const parts = row.states
        .map((s) => {
          const size = (s[by] / (row[by] || 1)) * width
          const at = x
          x += size
          return size === 0
            ? ''
            : `<rect x="${at}" y="${top + y * line}" width="${Math.max(0, size - 1)}" height="26" fill="${fills[s.state]}"/>${size > 46 ? `<text x="${at + 6}" y="${top + y * line + 18}" font-size="12">${percent(size / width, 0)}</text>` : ''}`
        })
        .join('')
      return `<text x="24" y="${top + y * line + 18}" font-weight="500">${escapeXml(nameOf(row))}</text>${parts}<text x="${whole - 24}" y="${top + y * line + 18}" font-size="12" text-anchor="end">${escapeXml(`${text(row.states[0]![by])} of ${text(row[by])}`)}</text>`
    })
    .join('')
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${whole}" height="${top + rows.length * line + 20}" viewBox="0 0 ${whole} ${top + rows.length * line + 20}" font-family="Inter Variable, Inter, Helvetica, Arial, sans-serif" font-size="13" fill="#15202b">
<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="6" height="6" fill="#fff"/><path d="M0 0v6" stroke="#dfe5ea" stroke-width="2"/></pattern></defs><rect width="100%" height="100%" fill="#fff"/>
<text x="24" y="34" font-size="18" font-weight="600">${escapeXml(title)}</text><text x="24" y="54" font-size="13" fill="#46535f">${escapeXml(subtitle)}</text>${key}${bars}</svg>`
}
