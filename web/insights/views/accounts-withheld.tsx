import { useIsShared } from '../../api.ts'
import { Remark } from '../../ui/states.tsx'

/** In place of the accounts behind a figure, where they are not to be seen. */
export function AccountsWithheld() {
  return (
    <Remark>
      {useIsShared()
        ? 'This view was shared with rates and sums. Which accounts stand behind them was not shared with it.'
        : 'Your role sees rates and sums. Which accounts stand behind them is for admins, Product Ops, product managers and leaders.'}
    </Remark>
  )
}
