/** The lists of accounts that were kept, each with what became of its accounts. */
import { useCurrency } from '../../session.ts'
import { useAddress } from '../../ui/address.ts'
import { Page } from '../../ui/page.tsx'
import { KeptLists } from './kept-lists.tsx'
import { ListDrawer } from './list-drawer.tsx'

export function ListsPage() {
  const [state, set] = useAddress<{ list?: string }>()
  const currency = useCurrency()
  return (
    <Page
      title="Which accounts did we set aside, and what became of them?"
      lead="Each list stands as it was kept; beside it, what its accounts did since."
    >
      <KeptLists currency={currency} onOpen={(list) => set({ list }, { asStep: true })} />
      <ListDrawer id={state.list} onClose={() => set({ list: undefined }, { asStep: true })} />
    </Page>
  )
}
