/** What every number means, as it is computed here; pages and exports point at these keys. */

export interface Definition {
  key: string
  name: string
  short: string
  /** In whole sentences. */
  definition: string
  formula: string | null
  /** What the figure is a share of, or whom it is about. */
  base: string
  /** Over which time, or at which day. */
  window: string
  unit: string
  /** When it is not shown, or shown with a mark. */
  suppression: string | null
  notCounted: string[]
  version: number
  /** Of versions after the first: since when it is computed so, for every month shown. */
  changes: { version: number; on: string; text: string }[]
  source: string | null
  example: string | null
}

const define = (
  d: Partial<Definition> & Pick<Definition, 'key' | 'name' | 'short' | 'definition' | 'base' | 'window' | 'unit'>,
): Definition => ({
  formula: null,
  suppression: null,
  notCounted: [],
  version: 1,
  changes: [],
  source: null,
  example: null,
  ...d,
})

const perArm =
  'By the base of the figure itself: below 10 accounts it is not shown, 10 to 29 is marked directional. The count is always shown.'
const excludedAccounts = 'Accounts excluded by rule (internal, test, trial)'

/** The golden vector: A, B, C and D pay 100 each at the start; at the end A pays 120, B 80, C nothing, D 100; E is new, F comes back. */
export const goldenBook = {
  before: [
    { start: 100, end: 120 },
    { start: 100, end: 80 },
    { start: 100, end: 0 },
    { start: 100, end: 100 },
  ],
  since: [
    { start: 0, end: 90 },
    { start: 0, end: 60 },
  ],
}

export const definitions: readonly Definition[] = [
  define({
    key: 'arr',
    name: 'ARR',
    short: 'Annual recurring revenue at a month’s end',
    definition:
      'The yearly amount of all subscriptions of an account that run at the month’s end: start ≤ day < end. Overlapping ones are summed. A contract’s total is spread over its calendar months. Where MRR comes by month, ARR is twelve times that.',
    formula: 'ARR = Σ yearly amount of the subscriptions that run on the last day of the month',
    base: 'Accounts of the one book of revenue in use',
    window: 'At a month’s end',
    unit: 'The workspace’s currency per year',
    version: 2,
    changes: [{ version: 2, on: '2026-11-25', text: 'charges that their file marks as one-off are no longer counted' }],
    notCounted: [
      excludedAccounts,
      'Charges that their file marks as one-off (since version 2)',
      'Rows in another currency without a rate in the mapping (they are rejected)',
      'A second book of revenue beside the one in use',
    ],
    source: 'Run rate: MRR × 12, as the SaaS Metrics Standards Board describes it',
  }),
  define({
    key: 'mrr',
    name: 'MRR',
    short: 'Monthly recurring revenue',
    definition: 'A twelfth of ARR. ARR is what is stored, so that no rounding separates the two.',
    formula: 'MRR = ARR / 12',
    base: 'As for ARR',
    window: 'At a month’s end',
    unit: 'The workspace’s currency per month',
  }),
  define({
    key: 'adoption-rate',
    name: 'Adoption rate',
    short: 'Adopters among the eligible accounts',
    definition:
      'The share of eligible accounts that used the feature at least once while they paid, in the full months that end at the day shown.',
    formula: 'adopters / eligible',
    base: 'Eligible accounts of the segment',
    window: 'Three full months that end at the day shown, unless set otherwise',
    unit: 'A share, with its 95 % Wilson interval',
    suppression: 'Below 10 eligible accounts no rate is shown, only the count; 10 to 29 is marked directional.',
    notCounted: [
      'Accounts that are not entitled, not measured, or excluded',
      'Use while the account had no ARR',
      'Events that belong to no feature',
    ],
    example: '4 of 83 eligible accounts: 4.8 %, interval 1.9 % to 12 %.',
  }),
  define({
    key: 'eligible',
    name: 'Eligible',
    short: 'Could have used the feature',
    definition:
      'At the day: ARR above zero, the feature released, the account entitled to it, and measured. Without an entitlement file everybody counts as entitled, and the page says so.',
    base: 'Accounts with ARR',
    window: 'At the day shown',
    unit: 'Accounts',
    notCounted: [excludedAccounts],
  }),
  define({
    key: 'adopter',
    name: 'Adopter',
    short: 'An eligible account that used the feature',
    definition:
      'An eligible account with any use of the feature, by any of its users or by the account itself, in the full months that end at the day shown, on days on which it paid.',
    base: 'Eligible accounts',
    window: 'Three full months, unless set otherwise',
    unit: 'Accounts',
  }),
  define({
    key: 'adoption-definition',
    name: 'Definition of adoption',
    short: 'When an account has adopted a feature',
    definition:
      'At least so many uses, distinct users or days with use, of all its events or of those that are said to count, within full months or rolling days that end at the day, on days on which the account paid. A definition has versions; each holds at every month’s end from its day on, once somebody approved it. Restated figures take the latest for all time. Without one, any use in the full months counts.',
    base: 'Eligible accounts',
    window: 'As the definition says; else three full months',
    unit: 'Yes or no',
  }),
  define({
    key: 'adoption-state',
    name: 'State of adoption',
    short: 'What an account is to a feature',
    definition:
      'Adopted: meets the definition. Dormant: met it at an earlier month’s end and does not now. Tried: any use so far, paid or not, and never met it. Never used: entitled and measured, no use so far. Not measured. Not entitled. Each account is in exactly one state per feature, so the states of one feature add up to the book; sums over features mean nothing, because an account uses many.',
    base: 'All accounts with ARR',
    window: 'At the day shown',
    unit: 'Accounts and their ARR',
  }),
  define({
    key: 'story',
    name: 'Story',
    short: 'What stands out, by fixed rules',
    definition:
      'After each refresh: a segment’s adoption wholly below that of all others; an association by the rules of evidence, and one that vanished among like accounts; accounts that stopped using a core feature within the month; renewals of the next 90 days without any core feature; a segment that keeps clearly fewer accounts; a rate that moved beyond both intervals within six months; ARR that is not measured. A story is known by rule × feature × segment. A dismissed one returns only if its value leaves the interval it had when it was dismissed.',
    formula:
      'weight = ARR concerned × evidence (associated or clear 1, counted 0.6, directional 0.5, no clear association 0.2) × 1.5 for a core feature',
    base: 'As the rule says; at least 0.5 % of the book’s ARR and three accounts',
    window: 'The last complete month',
    unit: 'Sentences',
  }),
  define({
    key: 'whitespace',
    name: 'Whitespace',
    short: 'Could use it and has not adopted it',
    definition:
      'Eligible accounts, measured, that have not adopted a feature, by ARR, with owner, renewal, last use and contacts, beside what is known of the feature’s association with staying. A kept list holds them as they were; what became of them is read from the data: left where nothing is paid any more, renewed where the renewal lies within the data and something is paid.',
    base: 'Eligible accounts',
    window: 'At the last complete month',
    unit: 'Accounts and their ARR',
  }),
  define({
    key: 'others',
    name: 'Others',
    short: 'Eligible accounts that are no adopters',
    definition: 'Eligible accounts without such use. Who used it before and does no longer is among them.',
    formula: 'eligible − adopters',
    base: 'Eligible accounts',
    window: 'As for adopters',
    unit: 'Accounts',
  }),
  define({
    key: 'not-measured',
    name: 'Not measured',
    short: 'Pays, but no event of it was ever seen',
    definition:
      'An account with ARR of which no event at or before the day is known, of any feature or none. It is counted with its ARR in a line of its own and is never called a non-adopter: usage that does not reach us is no sign of disuse.',
    base: 'Accounts with ARR',
    window: 'From the first event to the day shown',
    unit: 'Accounts and their ARR',
  }),
  define({
    key: 'nrr',
    name: 'NRR',
    short: 'Net revenue retention of a closed cohort',
    definition:
      'What the accounts with ARR at the start pay at the end, against what they paid then. Accounts won since are outside on both sides; one that left and came back counts at its end ARR. Segment, entitlement and adoption are taken as they were at the start.',
    formula: 'Σ ARR at the end / Σ ARR at the start, over accounts with ARR at the start',
    base: 'The closed cohort, or its adopters, or its others',
    window: 'Twelve months, unless set otherwise; never annualised',
    unit: 'A share of the starting ARR',
    suppression: perArm,
    notCounted: ['Accounts won after the start', excludedAccounts],
    source: 'SaaS Metrics Standards Board; point to point, as public companies report it',
    example:
      'Four accounts pay 100 each; later 120, 80, 0 and 100. NRR = 300 / 400 = 75 %. A new account and one that comes back do not change it.',
  }),
  define({
    key: 'grr',
    name: 'GRR',
    short: 'Gross revenue retention',
    definition:
      'As NRR, but no account counts for more than it paid at the start: expansion does not make up for loss. Netted by account.',
    formula: 'Σ min(ARR at the end, ARR at the start) / Σ ARR at the start',
    base: 'As for NRR',
    window: 'As for NRR',
    unit: 'A share of the starting ARR, at most 100 %',
    suppression: perArm,
    source: 'SaaS Metrics Standards Board',
    example: 'In the same book: (100 + 80 + 0 + 100) / 400 = 70 %.',
  }),
  define({
    key: 'logo-retention',
    name: 'Logo retention',
    short: 'Accounts that stayed',
    definition: 'The share of the accounts with ARR at the start that still have ARR at the end.',
    formula: 'accounts with ARR at both / accounts with ARR at the start',
    base: 'As for NRR',
    window: 'As for NRR',
    unit: 'A share of accounts',
    suppression: perArm,
    example: 'In the same book: 3 of 4, 75 %.',
  }),
  define({
    key: 'movements',
    name: 'ARR movements',
    short: 'The bridge from one month-end to the next',
    definition:
      'Every change of an account’s ARR between two month-ends falls in one of five kinds. The level is the account, not the subscription: a second subscription is expansion.',
    formula: 'start + new + reactivation + expansion − contraction − churn = end',
    base: 'All accounts of the book',
    window: 'A month, or several added up',
    unit: 'ARR, or MRR as its twelfth',
    notCounted: [excludedAccounts],
    source: 'ChartMogul’s movement definitions',
  }),
  define({
    key: 'nrr-variants',
    name: 'Forms of NRR',
    short: 'Why two tools give two figures of one book',
    definition:
      'Seven named forms are computed on the same accounts and month-ends: the closed cohort (the default), the same customers over twelve months, the sum of movements without reactivation, one less net MRR churn, monthly rates compounded, the rolling month without contraction, and sign-up cohorts. They differ in the base, in reactivation, and in whether accounts won in the window leak in.',
    base: 'Each form its own; the page says which',
    window: 'Twelve months unless set otherwise; the rolling form one month',
    unit: 'A share of the starting ARR',
    suppression: perArm,
    source:
      'SaaS Metrics Standards Board; ChartMogul, Baremetrics and SaaSGrid as their help pages print it; Confluent as compared by Virtua Research',
    example:
      'In the worked book of NRR, with an account that is new at 50 and rises to 90, and one that comes back at 60: 75 % by the closed cohort, 85 % by movements without reactivation, 100 % with it.',
  }),
  define({
    key: 'fx',
    name: 'Exchange rate',
    short: 'What the rate alone moved',
    definition:
      'Amounts are converted at the rates of the mapping that brought them in. Where two imports used different rates for one currency, the part of a change that is the rate and not the amount stands in a row of its own: it is neither expansion nor contraction.',
    formula: 'Σ amount in its own currency × (rate at the end − rate at the start)',
    base: 'The closed cohort',
    window: 'As for NRR; the rate at the start is the account’s, else the book’s',
    unit: 'ARR',
    notCounted: ['Amounts whose file says no currency'],
    source: 'ChartMogul keeps exchange rate impact apart; constant currency at the start’s rate',
  }),
  define({
    key: 'past-due',
    name: 'Past-due',
    short: 'Owed, and still counted',
    definition:
      'An amount whose payment status says past due, unpaid, overdue, delinquent, in dunning or uncollectible. It counts as ARR until its subscription ends; a switch leaves it out at the end of the window.',
    base: 'Subscriptions with a payment status',
    window: 'As of the last import; not known for earlier months',
    unit: 'ARR',
  }),
  define({
    key: 'escalator',
    name: 'Agreed rise',
    short: 'Expansion that the contract held already',
    definition:
      'The yearly rise that a subscription’s contract names. The switch takes it out of expansion: the agreed rate for each year begun, of the amounts at the start, never more than the account’s own rise.',
    formula: 'min(rise of the account, Σ amount at the start × ((1 + rate)^years − 1))',
    base: 'Subscriptions of the start with an agreed rise',
    window: 'As for NRR',
    unit: 'ARR',
  }),
  define({
    key: 'one-off',
    name: 'One-off charge',
    short: 'Does not recur, so it is no ARR',
    definition:
      'A row of the subscriptions that its file marks as one-off. It is kept and is no part of ARR; a switch shows what it would do to NRR.',
    base: 'Subscriptions marked so',
    window: 'While it runs',
    unit: 'ARR as its file gives it',
  }),
  define({
    key: 'new',
    name: 'New',
    short: 'An account’s first ARR ever',
    definition: 'ARR of accounts that have it for the first time.',
    base: 'Accounts without ARR at the start',
    window: 'A month',
    unit: 'ARR',
  }),
  define({
    key: 'reactivation',
    name: 'Reactivation',
    short: 'Paid before, stopped, pays again',
    definition: 'ARR of accounts that had none at the start but had some earlier.',
    base: 'Accounts without ARR at the start',
    window: 'A month',
    unit: 'ARR',
  }),
  define({
    key: 'expansion',
    name: 'Expansion',
    short: 'Pays more than at the start',
    definition:
      'The rise of accounts that pay at both ends: more seats, another plan, a second subscription, a discount that ends.',
    base: 'Accounts with ARR at both ends',
    window: 'A month',
    unit: 'ARR',
  }),
  define({
    key: 'contraction',
    name: 'Contraction',
    short: 'Pays less, but still pays',
    definition: 'The fall of accounts that pay at both ends, also where one of several subscriptions ends.',
    base: 'Accounts with ARR at both ends',
    window: 'A month',
    unit: 'ARR',
  }),
  define({
    key: 'churn',
    name: 'Churn',
    short: 'Pays nothing any more',
    definition: 'The ARR that accounts had at the start and that have none at the end.',
    base: 'Accounts with ARR at the start',
    window: 'A month',
    unit: 'ARR',
  }),
  define({
    key: 'segment',
    name: 'Segment',
    short: 'What accounts are grouped by',
    definition:
      'Any attribute of the accounts, or bands of a number. The value is the one that held at the day; before the first known value that earliest one is taken, and the page says for how many accounts. An account without a value stands under “(no value)”. A segment counts each account once, whatever the features.',
    base: 'Accounts with ARR',
    window: 'At the day shown; for retention at the start',
    unit: 'Groups of accounts',
  }),
  define({
    key: 'entitlement',
    name: 'Entitlement',
    short: 'May the account use the feature',
    definition:
      'By the plans of the subscriptions that run at the day, or by account, or by either where both files are there; each within its own dates. Without a file everybody is taken as entitled.',
    base: 'Accounts with ARR',
    window: 'At the day shown',
    unit: 'Yes or no',
  }),
  define({
    key: 'match-rate',
    name: 'Match rate',
    short: 'How much of the data found each other',
    definition:
      'Three shares: usage rows that belong to an account, ARR of accounts of which usage was ever seen, and accounts with ARR of which usage was ever seen. Low shares make every rate doubtful; they are shown beside it.',
    base: 'All usage rows; all ARR; all accounts with ARR',
    window: 'All usage; ARR at the day shown',
    unit: 'Shares',
  }),
  define({
    key: 'renewal-calendar',
    name: 'Renewal calendar',
    short: 'ARR by the month in which its accounts renew',
    definition:
      'The ARR, at the end of the month shown, of accounts whose contract renews in a calendar month ahead. It begins today where that month ended at most 45 days ago, else on the day after it. An account stands under all, some or none by how many of the core features it is entitled to it has adopted. Accounts whose renewal date is past or not known are counted beside the calendar.',
    formula: 'Σ ARR of the accounts that renew in the month, by core features adopted / entitled',
    base: 'Accounts with ARR',
    window: 'Three to twelve calendar months ahead',
    unit: 'ARR, and accounts',
    notCounted: [excludedAccounts, 'Accounts without a renewal date, named beside it'],
  }),
  define({
    key: 'time-to-adopt',
    name: 'Time to adopt',
    short: 'Days from being able to use a feature to its first use',
    definition:
      'An account enters on the first day on which it pays, is entitled and the feature is released; the event is its first use from then on, while it pays. Who stops paying first, or is still waiting, counts for the days it was seen. The share that has adopted by a day is one minus the Kaplan-Meier estimate; the median is the first day by which half have.',
    formula: 'S(t) = Π (1 − first uses on a day / accounts still waiting on it), over the days to t',
    base: 'Measured accounts that became able to use it since usage is known',
    window: 'From each account’s own first day',
    unit: 'Days, with the interval of Brookmeyer and Crowley; shares with one by log(−log)',
    suppression: 'Below 10 accounts no curve is drawn; 10 to 29 is marked directional.',
    notCounted: [excludedAccounts, 'Accounts able to use it before usage is known', 'Accounts not measured'],
    source: 'Kaplan & Meier 1958, JASA 53:457; Brookmeyer & Crowley 1982, Biometrics 38:29',
  }),
  define({
    key: 'adoption-funnel',
    name: 'Adoption funnel',
    short: 'How far accounts get with a feature',
    definition:
      'Accounts that pay; of them entitled, with the feature released; of them measured; of them ever used it while paying; of them adopters now; of them used it in each of the last three months. Each step is a part of the one before.',
    base: 'Accounts with ARR; shares are of the measured ones',
    window: 'At the day shown',
    unit: 'Accounts and their ARR; shares with their 95 % Wilson interval',
    suppression: 'Below 10 measured accounts no share is shown; 10 to 29 is marked directional.',
    notCounted: [excludedAccounts],
  }),
  define({
    key: 'target',
    name: 'Target',
    short: 'What a figure should be, and by when',
    definition:
      'A value that a figure is to be at least, or at most, by a month. The one that counts is the next one; after its month it is met or missed by the figure of the last complete month.',
    base: 'The figure’s own',
    window: 'By the end of a month',
    unit: 'The figure’s own',
  }),
  define({
    key: 'threshold',
    name: 'Threshold and alert',
    short: 'When people want to be told',
    definition:
      'After every refresh the last complete month is set against the thresholds of the figure: above, below, or moved by more than a size within a month. A crossing raises one alert, and none again until the figure went back; a move belongs to its month. It is acknowledged with a note.',
    base: 'The figure’s own',
    window: 'The last complete month; a move against the month before',
    unit: 'The figure’s own; a move in points of a share, else as a part of the month before',
    suppression: 'A suppressed or missing value never alerts, and ends no alert.',
  }),
  define({
    key: 'key-result',
    name: 'Key result',
    short: 'An objective’s effect, in a figure',
    definition:
      'A figure of a segment, with its value at the start and at the target, each at a month. Done is the share of that way; the line is the straight one between the two. Within a twentieth of the way from it is on the line, beyond that ahead or behind.',
    formula: '(value − start) / (target − start)',
    base: 'The figure’s own',
    window: 'From the start month to the target month',
    unit: 'A share of the way',
    suppression: 'Without a value there is no progress, and the page says why.',
  }),
  define({
    key: 'published',
    name: 'Published value',
    short: 'A figure as others were told it',
    definition:
      'A figure that was shared by link, mail or deck, or published from its page: frozen with its interval, its base, the versions of its definitions and the imports that stood. It is never changed. A later figure stands beside it as a restatement, with the number of files that came, imports that were taken back and definitions that changed since. Pages themselves are live.',
    base: 'As it was',
    window: 'A month, as it was told',
    unit: 'The figure’s own',
    notCounted: ['Months without a value: nothing is told of them'],
  }),
  define({
    key: 'what-changed',
    name: 'What changed',
    short: 'What is told of a month against the one before',
    definition:
      'Told are: adoption rates where each month’s rate lies outside the other’s 95 % interval, both of at least 10 eligible accounts; ARR movements from 1 % of the ARR at the start on; accounts that were adopters of a core feature a month before, still pay and are entitled, and are none now; renewals that came into the next 90 days within the month. A fall of events by day by 30 % or more, and a rise of the unmapped share by 10 points or more, are named as caveats. The order is by the ARR concerned.',
    base: 'As each figure',
    window: 'The month shown against the month before',
    unit: 'A sentence with its ARR and accounts',
    notCounted: [excludedAccounts],
  }),
  define({
    key: 'product-health',
    name: 'Product health',
    short: 'How a part of the product does',
    definition:
      'For each area of the product: the share of eligible accounts that adopted at least one of its core features, and whether that share moved in six months (each month’s rate outside the other’s 95 % interval); retention of those accounts against the other eligible ones, as in the main question; the median of a satisfaction attribute over the adopters, where the accounts have one. An area without a core feature is judged by all of its features.',
    formula: 'accounts that adopted at least one core feature of the area / accounts entitled to at least one',
    base: 'Measured accounts with ARR that are entitled to a core feature of the area',
    window: 'At the month’s end, and over the six months before',
    unit: 'Shares, with a word for the trend: gaining, steady, slipping',
    suppression: perArm,
    notCounted: [excludedAccounts, 'Accounts not measured'],
  }),
  define({
    key: 'active-users',
    name: 'Active users',
    short: 'DAU, WAU and MAU',
    definition:
      'Users of accounts of the book that did anything that is recorded, of any feature or none. MAU counts each user of 28 days once; four whole weeks, so that every window holds each weekday four times. WAU is the users of a week, as the mean of the four weeks of those 28 days; DAU the users of a day, as the mean of their twenty working days, or of all 28. A user belongs to one account.',
    formula: 'MAU = distinct users of 28 days; WAU = Σ users of a week / 4; DAU = Σ users of a day / 20',
    base: 'Accounts with ARR at the last month’s end before the window’s',
    window: '28 days that end at the day shown',
    unit: 'People',
    notCounted: ['Usage that names no user', 'Days in the future', excludedAccounts],
  }),
  define({
    key: 'stickiness',
    name: 'Stickiness',
    short: 'How often people come back',
    definition:
      'WAU/MAU and DAU/MAU of the same 28 days. Named are two means: per account, each account with users alike, which is the usual one where accounts are the customers; and over users, all of them together, where an account counts by its users. DAU is over Monday to Friday unless set otherwise.',
    formula: 'per account: Σ (WAU / MAU of the account) / accounts; over users: Σ WAU / Σ MAU',
    base: 'Accounts of the book with at least one user in the 28 days',
    window: '28 days that end at the day shown',
    unit: 'A share',
    suppression: 'Below 10 accounts with users no share is shown.',
    notCounted: ['Accounts whose usage names no user'],
    example: 'Four users, of whom in each of the four weeks two come: WAU/MAU = 50 %.',
  }),
  define({
    key: 'breadth',
    name: 'Breadth',
    short: 'How widely a feature is used within an account',
    definition:
      'The share of an account’s active users that used the feature at least once, as the median over accounts with the quartiles beside it (linear between ranks). An account that may use the feature and does not counts with nought; one whose use of it names nobody is left out, and where those outnumber the others that use it, none is shown. Vendors mean different things by the word, so the formula stands here.',
    formula: 'users of the feature / active users of the account, per account; then median, first and third quartile',
    base: 'Accounts with ARR at the month’s end, entitled to the feature, measured, with at least one active user',
    window: 'The 30 days to the month’s end',
    unit: 'A share',
    suppression: 'Below 10 accounts it is not shown.',
    notCounted: ['Usage that names no user', excludedAccounts],
    source: 'Hyndman and Fan 1996, The American Statistician 50:361, definition 7 (quartiles)',
    example: 'Accounts with 0, 20, 40 and 100 %: the median is 30 %.',
  }),
  define({
    key: 'frequency',
    name: 'Frequency',
    short: 'On how many days of 30 a feature is used',
    definition:
      'The days on which anybody of the account used the feature, with or without a user’s id, in bands: none, 1 to 4, 5 to 12, 13 and more.',
    formula: 'distinct days with at least one event of the feature, of 30',
    base: 'Accounts with ARR at the month’s end, entitled to the feature and measured',
    window: 'The 30 days to the month’s end',
    unit: 'Accounts and their share',
    suppression: 'Below 10 accounts only the counts are shown.',
    notCounted: [excludedAccounts],
  }),
  define({
    key: 'depth',
    name: 'Depth',
    short: 'How much a feature is used by those who use it',
    definition:
      'Events of the feature for each user and week in which that user used it. Weeks are the four of seven days that end with the month. Events that name no user count where their account has users of the feature.',
    formula: 'Σ events / Σ (users × weeks in which they used it)',
    base: 'Accounts of breadth with users of the feature',
    window: 'The four weeks to the month’s end',
    unit: 'Events',
    suppression: 'Below 10 accounts with active users it is not shown.',
    notCounted: [excludedAccounts],
  }),
  define({
    key: 'core-features-used',
    name: 'Core features used',
    short: 'How many core features an account uses',
    definition:
      'Of the core features that an account may use, those with at least one event in the 30 days; accounts are counted by that number.',
    base: 'Accounts with ARR at the month’s end, measured, entitled to at least one core feature',
    window: 'The 30 days to the month’s end',
    unit: 'Accounts',
    notCounted: [excludedAccounts],
  }),
  define({
    key: 'cohort-retention',
    name: 'Cohort retention',
    short: 'Whether new accounts or users come back',
    definition:
      'Accounts begin in the month at whose end they first have ARR (by week: on their first paying day in that month); users in the first period in which they did anything, except the first period of which usage is known, which holds everybody who was there before. Coming back is usage in exactly period N (N-day), in N or any later one that is known (unbounded), or at least once within a span (bracket). Who stops paying stays in the base. The average is over the cohorts that reached a period, every member alike; a period that is not over is marked and no part of it. Unbounded values fall for the newest cohorts by construction.',
    formula:
      'members active in the period / members of the cohort; average: Σ active / Σ members, over cohorts that reached it',
    base: 'Measured accounts of the book, or users of its accounts, at the month’s end of their cohort; with a feature: those entitled to it then',
    window: 'Calendar months, or weeks from Monday to Sunday',
    unit: 'A share, with its 95 % Wilson interval',
    suppression: 'Below 10 members it is not shown; the count is.',
    notCounted: [
      'Accounts of which no event was ever seen',
      'Usage that names no user, for users',
      'Days in the future',
      excludedAccounts,
    ],
    example:
      'A user active in month 4 alone counts as unbounded for months 1 to 4, as N-day for month 4, and within the span 4 to 6.',
  }),
  define({
    key: 'wilson',
    name: 'Wilson interval',
    short: 'How far a rate of few accounts may be off',
    definition:
      'The 95 % score interval of a proportion. It stays within 0 and 100 %, and is advised for few observations.',
    formula: '(p + z²/2n ± z √(p(1−p)/n + z²/4n²)) / (1 + z²/n), z = 1.96',
    base: 'Eligible accounts',
    window: 'As the rate',
    unit: 'Two shares',
    source: 'Wilson 1927, JASA 22:209; Brown, Cai and DasGupta 2001, Statistical Science 16:101',
    example: '9 of 10: 60 % to 98 %. 90 of 100: 83 % to 94 %.',
  }),
  define({
    key: 'suppressed',
    name: 'Suppressed and directional',
    short: 'Too few accounts to say it in percent',
    definition:
      'A rate of fewer than 10 eligible accounts, or a retention figure of an arm of fewer than 10, is not shown; 10 to 29 is marked with ~ and called directional. The counts are always there: 3 of 40 is the finding.',
    base: 'The figure’s own base',
    window: 'As the figure',
    unit: 'A mark',
  }),
  define({
    key: 'sentence',
    name: 'The sentence',
    short: 'By fixed rules, from computed values',
    definition:
      'Among cells whose 95 % interval lies wholly below that of all other segments together, with at least 10 eligible accounts on both sides: core features first, then the largest ARR of others. It names that cell, its counts, its ARR, and the renewals of the next 90 days with their owners. It says nothing about what causes retention.',
    base: 'Eligible accounts',
    window:
      'At the day shown; renewals within 90 days of today where the month ended at most 45 days ago, else of the month’s end',
    unit: 'Words',
  }),
  define({
    key: 'association',
    name: 'Association with staying',
    short: 'Do adopters stay more often than accounts like them',
    definition:
      'Accounts are those of the retention block of adoption: ARR on the base day, entitled and measured; adopters by their use up to that day. Whoever adopts later counts as other, so that nobody counts as adopter for having lived long enough to adopt. Compared is logo retention at the end of the window. The word is “associated with staying” (or leaving) where both sides have at least 30 accounts and 5 losses, the adjusted interval excludes zero, q is at most 10 %, and the chance that anything in the run is told wrongly is at most 10 % (Holm). A segment is told only where all segments together are, or where segments contradict each other. Else it is “no clear association”, or “not enough data”. It is never proof of cause.',
    base: 'Eligible accounts on the base day',
    window: 'Twelve months, or the longest that fits, unless set otherwise',
    unit: 'A word',
    suppression: 'Below 10 accounts on a side no figure is shown; below 30 no test is run.',
    notCounted: ['Accounts that are not entitled, not measured, or excluded', 'Accounts won after the base day'],
    source: 'Landmark: Anderson, Cain and Gelber 1983, J Clin Oncol 1:710; Holm 1979, Scand J Stat 6:65',
  }),
  define({
    key: 'adjusted-difference',
    name: 'Adjusted difference',
    short: 'Adopters against others of the same segment, size and tenure',
    definition:
      'Rates of staying are compared within groups of accounts of the same segment, the same third of ARR within the segment, and the same years since they first paid (under 1, 1 to 2, 2 and more); the differences are averaged, each by how much it can say. Groups without adopters or without others compare nobody; their accounts are counted as lost. Where segments clearly contradict each other no average is shown. The unadjusted difference stands beside it with Newcombe’s interval.',
    formula: 'Σ w (p₁ − p₀) / Σ w, w = n₁ n₀ / (n₁ + n₀), over groups',
    base: 'Eligible accounts on the base day',
    window: 'As for association',
    unit: 'Percentage points, with a 95 % interval',
    suppression: 'Below 10 accounts on a side it is not shown.',
    source:
      'Mantel-Haenszel, Greenland and Robins 1985, Biometrics 41:55; variance of Sato 1989, Biometrics 45:1323; unadjusted: Newcombe 1998, Stat Med 17:873, method 10',
    example: 'Unadjusted: 56 of 70 against 48 of 80 is +20.0 points, interval +5.2 to +33.4.',
  }),
  define({
    key: 'q-value',
    name: 'q',
    short: 'The share of false ones among what is told',
    definition:
      'Where many features and segments are compared, some differ by chance. q is the rate of false ones to be expected among all that are at least as clear as this one. It is over every test that was run, those not shown too, and their number is shown.',
    formula: 'the least of p × tests / rank, over this and all larger p',
    base: 'All tests of a run: every feature, over all segments and in each, with 30 accounts on both sides',
    window: 'As for association',
    unit: 'A share',
    source: 'Benjamini and Hochberg 1995, J R Stat Soc B 57:289',
  }),
  define({
    key: 'detectable-gap',
    name: 'Detectable gap',
    short: 'The smallest difference that so many accounts would show',
    definition:
      'The gap above the rate of others that would be found four times out of five at 5 % two-sided, with the accounts there are. “No clear association” says nothing about gaps below it.',
    base: 'Both sides',
    window: 'As for association',
    unit: 'Percentage points',
    source: 'Fleiss, Levin and Paik 2003, Statistical Methods for Rates and Proportions, 4.3',
    example: '49 accounts on each side tell 95 % from 75 %, no less.',
  }),
  define({
    key: 'nrr-interval',
    name: 'Interval of NRR',
    short: 'How far an NRR may be off',
    definition:
      'Accounts are drawn again with replacement, a thousand times, start and end of each together; the middle 95 % of the NRRs is the interval. It is approximate: with few or very unequal accounts it is too narrow. Beside it stand the share of ARR that the five largest hold, how many equal accounts the book counts as, and NRR without any one account.',
    base: 'The cohort’s adopters, or its others',
    window: 'As for NRR',
    unit: 'Two shares',
    suppression: perArm,
    source: 'Efron 1979; effective number: Kish 1965, Survey Sampling',
  }),
  define({
    key: 'placebo',
    name: 'Placebo and negative control',
    short: 'Tests that should show nothing',
    definition:
      'Placebo: the same adopters and others, in the window before the base day. All of them paid on both days, so what is compared is who did not reduce what they pay; a difference says that adopters were other customers already. Negative control: a feature that cannot plausibly matter, chosen by an analyst; if it is associated with staying, something other than features is at work.',
    base: 'Eligible accounts that paid a window earlier too; eligible accounts of the control',
    window: 'The window before the base day; as for association',
    unit: 'Percentage points; a word',
  }),
  define({
    key: 'effect',
    name: 'Effect of a decision',
    short: 'The value beside what was expected',
    definition:
      'The value of the decision’s measure in the last full month known when it was decided, what was expected of it by the revisit date, and its value in the last full month known today. Reached means that the value today is at or beyond the expected one, on the side on which that lay. It compares before with after, without a comparison group, and proves no cause.',
    base: 'As for the measure',
    window: 'From the decision to the last full month known today',
    unit: 'As for the measure',
    suppression: 'As for the measure; a value that is not shown is neither reached nor missed.',
  }),
  define({
    key: 'time-to-answer',
    name: 'Time to answer',
    short: 'How long a question waits for its answer',
    definition:
      'Hours by the clock from asking to the last answer, nights and weekends in them. A question for which an earlier answer was taken counts as answered at once, and the figure without those stands beside it. Open and closed questions are outside; open ones are shown with their age.',
    formula: 'median and 90th percentile of (answered − asked), by linear interpolation between ranks',
    base: 'Questions answered in the span',
    window: 'A span of days that ends today',
    unit: 'Hours',
    suppression: 'The 90th percentile is not shown for fewer than 10 answers.',
    source: 'Hyndman and Fan 1996, The American Statistician 50:361, definition 7',
  }),
]
