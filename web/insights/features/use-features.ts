import { useIsShared, useRead } from '../../api.ts'

/** All features, to choose from; a shared view has nothing to choose, so it does not ask for them. */
export function useFeatures({ enabled = true } = {}) {
  const isShared = useIsShared()
  return useRead('insights.features.list', {}, { enabled: enabled && !isShared })
}
