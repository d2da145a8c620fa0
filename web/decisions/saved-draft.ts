/** A decision is saved as it is written; the first save gives it its address. */
import { useRouter } from '@tanstack/react-router'
import type { Decision, DecisionContent, LinkedThing } from '../../src/decisions/schemas.ts'
import { queryClient, useWorkspace, write } from '../api.ts'
import { useAutosave } from '../ui/form/autosave.ts'

export interface Draft {
  content: DecisionContent
  deciderId: string | null
}

export function useSavedDraft(draft: Draft, start: Decision | null, from: readonly LinkedThing[]) {
  const workspace = useWorkspace()
  const router = useRouter()
  return useAutosave(
    draft,
    start,
    async ({ content, deciderId }: Draft, known: Decision | null) => {
      const next = known
        ? await write('decisions.update', workspace, { ...content, id: known.id, version: known.version, deciderId })
        : await write('decisions.draft', workspace, { ...content, deciderId, from: [...from] })
      queryClient.setQueryData([workspace, 'decisions.get', { id: next.id }], next)
      return next
    },
    // Whoever goes on writing stays where they are on the page.
    ({ id }) => void router.navigate({ to: `/w/${workspace}/decisions/${id}`, replace: true, resetScroll: false }),
  )
}
