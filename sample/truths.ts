/** What was planted, and what of it lies in the rows, counted from the company itself and not from its files. */
import { features } from './catalogue.ts'
import { isPaying, isUsing, month, segments, type Company } from './company.ts'

export interface Truth {
  kind: 'adoption-gap' | 'true-effect' | 'seeming-effect' | 'no-effect' | 'not-measured' | 'excluded' | 'unmatched'
  feature: string | null
  text: string
  facts: Record<string, number | string | string[]>
}

export function truthsOf(company: Company): Truth[] {
  const last = month(company.to)
  const customers = company.accounts.filter((a) => a.kind === 'customer')
  const paying = customers.filter((a) => isPaying(a, last))
  const adoption = (feature: string, segment: string) => {
    const eligible = paying.filter((a) => a.segment === segment && a.isMeasured)
    return {
      accounts: eligible.length,
      // Any use in the last three months.
      adopters: eligible.filter((a) => [0, 1, 2].some((back) => isUsing(a, feature, last - back))).length,
    }
  }
  const collaboration = Object.fromEntries(
    segments.map((s) => {
      const { accounts, adopters } = adoption('Collaboration', s)
      return [s, `${adopters} of ${accounts}`]
    }),
  )
  const effect = (name: string) => ({
    churnFactor: features.find((f) => f.name === name)!.churnFactor,
    ...Object.fromEntries(
      segments.map((s) => {
        const { accounts, adopters } = adoption(name, s)
        return [s, `${adopters} of ${accounts}`]
      }),
    ),
  })
  const unmeasured = paying.filter((a) => !a.isMeasured)
  return [
    {
      kind: 'adoption-gap',
      feature: 'Collaboration',
      text: 'Enterprise accounts hardly adopt the core feature Collaboration; the other segments do.',
      facts: collaboration,
    },
    {
      kind: 'true-effect',
      feature: 'Automations',
      text: 'Who adopts Automations leaves less often: its yearly odds of leaving are multiplied by the factor.',
      facts: effect('Automations'),
    },
    {
      kind: 'seeming-effect',
      feature: 'Templates',
      text: 'Templates only seems to keep customers: larger accounts, who stay anyway, adopt it more. Within a segment it does nothing.',
      facts: effect('Templates'),
    },
    {
      kind: 'no-effect',
      feature: 'Calendar',
      text: 'Calendar is adopted at random and does nothing.',
      facts: effect('Calendar'),
    },
    {
      kind: 'not-measured',
      feature: null,
      text: 'These paying accounts send no usage at all; they are not measured rather than non-adopters.',
      facts: { accounts: unmeasured.length, ids: unmeasured.map((a) => a.crmId) },
    },
    {
      kind: 'excluded',
      feature: null,
      text: 'Internal, test and trial accounts, which no rate may count.',
      facts: { accounts: company.accounts.length - customers.length },
    },
    {
      kind: 'unmatched',
      feature: null,
      text: 'Customers whose ids do not meet: their workspace or billing id is missing in the CRM; domain or name still tell.',
      facts: {
        byDomain: customers.filter((a) => a.knownBy === 'domain').length,
        byName: customers.filter((a) => a.knownBy === 'name').length,
      },
    },
  ]
}
