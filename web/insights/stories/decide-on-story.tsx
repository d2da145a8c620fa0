/** A decision that begins with a story: its sentence and numbers, and what could be expected of its feature and segment. */
import type { Story } from '../../../src/insights/stories/schemas.ts'
import { DecideButton, type GivenFinding } from '../../decisions/decide-button.tsx'
import { count, money, percent, points } from '../../ui/format.ts'

export function DecideOnStory({ story, currency }: { story: Story; currency: string }) {
  const { finding: f } = story
  const shown = ({ value, unit }: (typeof f.figures)[number]) =>
    unit === 'money'
      ? money(value, currency)
      : unit === 'share'
        ? percent(value, 1)
        : unit === 'points'
          ? `${points(value)} points`
          : count(value)
  const about = { segmentBy: f.segmentBy ?? 'segment', segment: f.segment }
  const measures: NonNullable<GivenFinding['measures']> = [
    ...(f.featureId
      ? [
          { measure: 'adoption-rate' as const, featureId: f.featureId, ...about },
          { measure: 'arr-others' as const, featureId: f.featureId, ...about },
        ]
      : []),
    { measure: 'nrr', ...about },
  ]
  return (
    <DecideButton
      finding={{
        title: [f.feature, f.segment].filter(Boolean).join(', '),
        text: f.text,
        address: f.address,
        numbers: f.figures.map((figure) => ({ label: figure.label, text: shown(figure), value: figure.value })),
        measures,
        from: [{ kind: 'story', id: story.id }],
      }}
    />
  )
}
