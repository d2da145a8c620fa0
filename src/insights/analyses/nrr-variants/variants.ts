/** The named forms of net revenue retention over one book, so that anyone sees why two tools disagree. ARR in cents per year. */

/** What of an account is followed from one month-end to the next: accounts of the cohort, those gone before it that came back, and those won since. */
export const groups = ['cohort', 'returned', 'won'] as const
export type Group = (typeof groups)[number]

export interface Moves {
  expansion: number
  contraction: number
  churn: number
  reactivation: number
  new: number
}
/** `moved`: accounts that rose, fell or left within the window. */
export interface GroupSums {
  accounts: number
  arrEnd: number
  moved: number
  arr: Moves
  n: Moves
}
export interface MonthSums {
  start: number
  end: number
  churn: number
  contraction: number
  expansion: number
  accounts: number
  contracted: number
}

/** What every form is computed from. `arr` of moves adds the months of the window up; `n` counts accounts, each once. */
export interface BookSums {
  accounts: number
  start: number
  end: number
  kept: number
  moves: Record<Group, GroupSums>
  /** Of each month after the base: the accounts that paid at its start, then and at its end. */
  months: readonly MonthSums[]
  /** The same accounts over twelve months to the end, whatever the window. */
  year: { accounts: number; start: number; end: number }
  /** Accounts by the month they signed up in, of those that reach the window's age within the year to the end. */
  signups: { cohorts: number; accounts: number; start: number; end: number }
}

export interface Variant {
  key:
    | 'closed-cohort'
    | 'same-customers-year'
    | 'movement-sum'
    | 'net-mrr-churn'
    | 'compounded'
    | 'rolling-month'
    | 'signup-cohorts'
  name: string
  /** Who reports it so. */
  usedBy: string
  formula: string
  base: string
  reactivation: string
  newInWindow: string
  source: string
  /** A fraction; null where there is no base. */
  value: (sums: BookSums) => number | null
  /** Accounts the base is of. */
  accounts: (sums: BookSums) => number
}

const over = (part: number, base: number): number | null => (base > 0 ? part / base : null)
const total = (sums: BookSums, kind: keyof Moves) => groups.reduce((sum, g) => sum + sums.moves[g].arr[kind], 0)

/**
 * The default first, then those closest to it. Sources: SMSB; the public definition of Confluent (Virtua Research); help
 * pages of ChartMogul, Baremetrics and SaaSGrid. Where a tool's page leaves something open, the entry says how it is read here.
 */
export const variants: readonly Variant[] = [
  {
    key: 'closed-cohort',
    name: 'Closed cohort, point to point',
    usedBy: 'This product',
    formula: 'Σ ARR at the end / Σ ARR at the start, over accounts with ARR at the start',
    base: 'Accounts with ARR at the start',
    reactivation: 'An account of the cohort that left and came back counts at its end ARR',
    newInWindow: 'Out on both sides',
    source: 'SaaS Metrics Standards Board',
    value: (s) => over(s.end, s.start),
    accounts: (s) => s.accounts,
  },
  {
    key: 'same-customers-year',
    name: 'Same customers, twelve months',
    usedBy: 'Confluent and other public companies',
    formula: 'ARR now / ARR 12 months ago, of the customers of 12 months ago',
    base: 'All customers of 12 months ago, whatever the window',
    reactivation: 'In, if back at the end (so read here)',
    newInWindow: 'Out on both sides',
    source: 'Confluent’s filings, as compared by Virtua Research',
    value: (s) => over(s.year.end, s.year.start),
    accounts: (s) => s.year.accounts,
  },
  {
    key: 'movement-sum',
    name: 'Sum of movements, no reactivation',
    usedBy: 'The standards board’s formula read by the letter',
    formula: '(start + expansion − contraction − churn) / start, movements of all accounts',
    base: 'ARR at the start, but movements of everybody',
    reactivation: 'Out; leaving counts, coming back does not',
    newInWindow: 'Their first ARR is out; what they move after it leaks in',
    source: 'SaaS Metrics Standards Board',
    value: (s) => over(s.start + total(s, 'expansion') - total(s, 'contraction') - total(s, 'churn'), s.start),
    accounts: (s) => s.accounts,
  },
  {
    key: 'net-mrr-churn',
    name: 'One less net MRR churn',
    usedBy: 'ChartMogul',
    formula: '1 − (churn + contraction − expansion − reactivation) / MRR at the start',
    base: 'MRR at the start, but movements of everybody',
    reactivation: 'In, also of accounts that had left before the window',
    newInWindow: 'Their first MRR is out; what they move after it leaks in',
    source: 'ChartMogul, net MRR churn rate',
    value: (s) =>
      over(
        s.start + total(s, 'expansion') + total(s, 'reactivation') - total(s, 'contraction') - total(s, 'churn'),
        s.start,
      ),
    accounts: (s) => s.accounts,
  },
  {
    key: 'compounded',
    name: 'Monthly rates, compounded',
    usedBy: 'Spreadsheets',
    formula: 'Π over the months of (ARR at the month’s end / ARR at its start, same accounts)',
    base: 'Each month its own: who paid at its start',
    reactivation: 'Out in the month of return, in after it',
    newInWindow: 'In from the month after they were won',
    source: 'Common practice; never call it annual without saying so',
    value: (s) =>
      s.months.length > 0 && s.months.every((m) => m.start > 0)
        ? s.months.reduce((product, m) => product * (m.end / m.start), 1)
        : null,
    accounts: (s) => s.accounts,
  },
  {
    key: 'rolling-month',
    name: 'Rolling 30 days, as printed',
    usedBy: 'Baremetrics',
    formula: '100 % − (churned − expansion) / MRR 30 days ago',
    base: 'MRR 30 days ago: here the month-end before',
    reactivation: 'Not mentioned: out',
    newInWindow: 'Out; it looks at one month only',
    source: 'Baremetrics, as printed; contraction is not in the formula',
    value: (s) => {
      const m = s.months.at(-1)
      return m ? over(m.start - m.churn + m.expansion, m.start) : null
    },
    accounts: (s) => s.months.at(-1)?.accounts ?? 0,
  },
  {
    key: 'signup-cohorts',
    name: 'Sign-up cohorts, weighted',
    usedBy: 'SaaSGrid',
    formula: 'Σ ARR at the window’s age / Σ first ARR, over cohorts by month of sign-up',
    base: 'Accounts that reach the window’s age within the year to the end (so read here)',
    reactivation: 'In, if back at that age',
    newInWindow: 'Each account from its own first month',
    source: 'SaaSGrid, cohort retention: weighted mean over cohorts',
    value: (s) => over(s.signups.end, s.signups.start),
    accounts: (s) => s.signups.accounts,
  },
]

export interface Step {
  from: Variant['key']
  to: Variant['key']
  text: string
  why: string
  change: number
  accounts: number
  arr: number
}

/**
 * What stands between two forms, each part with the accounts and the ARR (cents) behind it; the parts of a pair add up to
 * the difference of the two. Steps that are a share of one start are exact; the last part of a change of base is the rest.
 */
export function laddersOf(s: BookSums): Step[] {
  const share = (cents: number) => (s.start > 0 ? cents / s.start : 0)
  const { cohort, returned, won } = s.moves
  const after = (g: GroupSums) => g.arr.expansion - g.arr.contraction - g.arr.churn
  const step = (
    from: Step['from'],
    to: Step['to'],
    text: string,
    why: string,
    cents: number,
    accounts: number,
  ): Step => ({ from, to, text, why, change: share(cents), accounts, arr: Math.abs(cents) })
  const rest = (
    from: Step['from'],
    to: Step['to'],
    text: string,
    why: string,
    accounts: number,
    arr: number,
  ): Step[] => {
    const a = valueOf(from, s)
    const b = valueOf(to, s)
    return a === null || b === null ? [] : [{ from, to, text, why, change: b - a, accounts, arr }]
  }
  const month = s.months.at(-1)
  const ownMonth = month && month.start > 0 ? month.end / month.start : null
  const base = valueOf('closed-cohort', s)
  return [
    ...rest(
      'closed-cohort',
      'same-customers-year',
      'Twelve months, whatever the window',
      'The same rule; it differs only where the window is not twelve months',
      s.year.accounts,
      s.year.start,
    ),
    step(
      'closed-cohort',
      'movement-sum',
      'Accounts that left and came back',
      'Their leaving counts, their coming back does not',
      -cohort.arr.reactivation,
      cohort.n.reactivation,
    ),
    step(
      'closed-cohort',
      'movement-sum',
      'Accounts won in the window leak in',
      'What they moved after their first month is set against a base they are not in',
      after(won),
      won.moved,
    ),
    step(
      'closed-cohort',
      'movement-sum',
      'Accounts that returned leak in',
      'What they moved after their return is set against a base they are not in',
      after(returned),
      returned.moved,
    ),
    step(
      'movement-sum',
      'net-mrr-churn',
      'Returns within the cohort',
      'Accounts of the start that left and came back',
      cohort.arr.reactivation,
      cohort.n.reactivation,
    ),
    step(
      'movement-sum',
      'net-mrr-churn',
      'Returns from outside',
      'Accounts that were no customers at the start, and are in no base',
      returned.arr.reactivation + won.arr.reactivation,
      returned.n.reactivation + won.n.reactivation,
    ),
    ...rest(
      'closed-cohort',
      'compounded',
      'A new base each month',
      'Accounts won or returned join the base after a month, and smaller monthly moves multiply',
      won.accounts + returned.accounts,
      won.arrEnd + returned.arrEnd,
    ),
    ...(month && ownMonth !== null && base !== null
      ? [
          {
            from: 'closed-cohort',
            to: 'rolling-month',
            text: `One month, not ${s.months.length}`,
            why: 'The rate of one month is no rate of the window',
            change: ownMonth - base,
            accounts: month.accounts,
            arr: month.start,
          } satisfies Step,
          {
            from: 'closed-cohort',
            to: 'rolling-month',
            text: 'Contraction is left out',
            why: 'The printed formula knows churn and expansion only',
            change: month.contraction / month.start,
            accounts: month.contracted,
            arr: month.contraction,
          } satisfies Step,
        ]
      : []),
    ...rest(
      'closed-cohort',
      'signup-cohorts',
      'Young accounts, each from its own start',
      'Who signed up long ago is not in it, and each account is followed from its first month',
      s.signups.accounts,
      s.signups.start,
    ),
  ]
}

export const valueOf = (key: Variant['key'], sums: BookSums): number | null =>
  variants.find((v) => v.key === key)!.value(sums)
