/** Who is who: ids of other systems that no account of the book bears, decided by a person and remembered. */
import { Page } from '../../ui/page.tsx'
import { Books } from './books.tsx'
import { Decisions } from './decisions.tsx'
import { Exclusions } from './exclusions.tsx'
import { UnmatchedList } from './unmatched.tsx'
import './accounts.css'

export function AccountsPage() {
  return (
    <Page
      title="Who is who?"
      lead="The product, the CRM and billing name the same customer differently. Equal ids and the ids that the accounts file states are matched already; what is left is proposed by domain and name, and decided here."
    >
      <UnmatchedList />
      <Exclusions />
      <Books />
      <Decisions />
    </Page>
  )
}
