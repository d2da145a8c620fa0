/** The feature that should show nothing: if it does, something other than features is at work. */
import { Select } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import type { AssociationRow } from '../../../src/insights/analyses/association/schemas.ts'
import { useRead, useWrite } from '../../api.ts'
import { useMay } from '../../session.ts'
import { Section } from '../../ui/page.tsx'
import { Failed } from '../../ui/states.tsx'

export function NegativeControl({
  features,
  current,
}: {
  features: readonly AssociationRow[]
  current: string | null
}) {
  const may = useMay('insights:edit')
  const set = useWrite('insights.analyses.setNegativeControl')
  const chosen = useRead('insights.analyses.negativeControl', {})
  const row = features.find((r) => r.feature === current)
  const name = chosen.data?.feature?.name ?? null
  return (
    <Section
      title="A feature that should show nothing"
      note="The negative control: a feature that cannot plausibly matter. If it is associated with staying too, something other than features is at work."
    >
      {set.error ? <Failed error={set.error} /> : null}
      <p className="control-answer">
        {row ? (
          <>
            <strong>{row.feature}</strong>: {row.word}.{' '}
            {row.evidence === 'associated'
              ? 'That casts doubt on every other feature here.'
              : row.evidence === 'no-clear-association'
                ? 'As it should be.'
                : 'It cannot tell yet.'}
          </>
        ) : name ? (
          `${name} is chosen; the next run shows it.`
        ) : (
          'None is chosen.'
        )}
      </p>
      {may ? (
        <Select
          w={260}
          label="Negative control"
          placeholder="choose a feature"
          clearable
          searchable
          limit={100}
          data={[...features]
            .sort((a, b) => (a.feature < b.feature ? -1 : 1))
            .map((r) => ({ value: r.featureId, label: r.feature }))}
          value={chosen.data?.feature?.id ?? null}
          disabled={set.isPending}
          onChange={(featureId) =>
            set.mutate(
              { featureId },
              {
                onSuccess: () =>
                  notifications.show({
                    title: featureId ? 'The negative control is chosen' : 'No negative control any more',
                    message: 'The stored question is asked anew.',
                  }),
              },
            )
          }
        />
      ) : null}
    </Section>
  )
}
