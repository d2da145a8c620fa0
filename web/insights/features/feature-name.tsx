/** How tables name a feature, each in the same words everywhere. */
import type { Column } from '../../ui/table.tsx'

export function FeatureName({ name, isCore }: { name: string; isCore: boolean }) {
  return (
    <>
      {name}
      {isCore ? <span className="faint"> core</span> : null}
    </>
  )
}

export const featureColumn: Column<{ feature: string; isCore: boolean }> = {
  key: 'feature',
  title: 'Feature',
  by: (r) => r.feature.toLowerCase(),
  render: (r) => <FeatureName name={r.feature} isCore={r.isCore} />,
}
