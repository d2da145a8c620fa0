/** The sample company's listening tour: three waves that are closed and lead to the data pillar, and a second one that is open. */
import { randomUUID } from 'node:crypto'
import { seededDraw, type Draw } from '../../insights/statistics/seeded.ts'
import { newId } from '../../platform/ids.ts'
import type { JobContext } from '../../platform/jobs/queue.ts'
import { hourlyRate } from '../cost/queries.ts'
import {
  insertGroup,
  insertInvited,
  insertTokens,
  interviews,
  listInvited,
  markAsked,
  waves,
} from '../listening-tour/queries.ts'
import { questionSets } from '../listening-tour/question-sets.ts'
import type { AnswerContent, FrictionEntry, PlaybackItem } from '../listening-tour/schemas.ts'
import { tokenHashFor } from '../listening-tour/tokens.ts'
import { readinessSetting } from '../readiness/queries.ts'
import type { Audience } from '../taxonomy.ts'

const areas = ['Boards', 'Collaboration', 'Automation', 'Reporting', 'Mobile', 'Integrations']

/** What an audience suffers from: how likely it is named, how often, hours each time, in which systems. */
type Pain = [
  code: string,
  weight: number,
  often: FrictionEntry['often'],
  hours: number,
  systems: string[],
  skill: number,
]
const pains: Record<Audience, Pain[]> = {
  'product-managers': [
    ['data-extraction', 9, 'weekly', 4, ['Snowflake', 'Amplitude', 'Excel'], 0.2],
    ['reporting', 7, 'weekly', 3, ['Excel', 'Looker'], 0.1],
    ['metric-definitions', 5, 'weekly', 1.5, ['Looker', 'Salesforce'], 0.1],
    ['executive-decks', 5, 'monthly', 8, ['PowerPoint'], 0.15],
    ['status-reporting', 4, 'weekly', 1, ['Jira', 'Confluence'], 0.1],
    ['roadmap-upkeep', 3, 'monthly', 3, ['Productboard', 'Confluence'], 0.1],
    ['research-recruiting', 3, 'monthly', 4, ['Salesforce', 'Calendly'], 0.2],
    ['feedback-triage', 3, 'weekly', 1, ['Zendesk'], 0.1],
    ['skills', 1, 'weekly', 1, [], 1],
  ],
  leaders: [
    ['portfolio-view', 8, 'weekly', 2, ['Jira'], 0],
    ['executive-decks', 7, 'monthly', 12, ['PowerPoint'], 0],
    ['metric-definitions', 6, 'weekly', 2, ['Looker', 'Salesforce'], 0],
    ['data-extraction', 5, 'weekly', 2, ['Salesforce', 'Snowflake'], 0.1],
    ['planning-inputs', 3, 'quarterly', 16, ['Excel'], 0],
  ],
  'sales-and-support': [
    ['sales-requests', 7, 'weekly', 1.5, ['Salesforce'], 0],
    ['data-extraction', 4, 'weekly', 1, ['Salesforce'], 0.1],
    ['support-escalations', 4, 'weekly', 1, ['Zendesk'], 0],
    ['launch-logistics', 3, 'monthly', 2, ['Confluence'], 0],
    ['roadmap-upkeep', 2, 'monthly', 1, ['Productboard'], 0],
  ],
}
const ownWords: Partial<Record<Audience, string[]>> = {
  'product-managers': [
    'Waiting for an analyst to run my query',
    'Copying slides for the steering meeting',
    'Chasing legal for launch approvals',
  ],
}
const said: Record<Audience, Record<string, string[]>> = {
  'product-managers': {
    'half-day': [
      'I pulled adoption by plan out of three systems, and the totals still did not match.',
      'A whole afternoon on one chart for the quarterly review. It was on screen for a minute.',
      'Two days until somebody with access to the warehouse had time for my question.',
      'I rebuilt the renewal list by hand because the CRM export had other account names.',
      'Finding five customers to talk to took longer than talking to them.',
    ],
    stop: [
      'The Monday spreadsheet.',
      'Explaining why our number is not the number of finance.',
      'Formatting the roadmap for the third audience.',
    ],
  },
  leaders: {
    unanswered: [
      'Which features our largest customers actually use.',
      'How much of our capacity goes into things nobody asked for.',
      'Why two decks in one meeting showed two retention rates.',
    ],
    deck: ['Four product managers, most of a week.', 'My chief of staff, over a weekend.'],
  },
  'sales-and-support': {
    request: [
      'Export to the customer’s data warehouse. The customer asks me every month.',
      'A date for single sign-on. I learned from the release notes that it was there.',
      'A bug of our largest account; support tells them it is being looked at.',
    ],
  },
}
const shareAround: Record<Audience, number> = { 'product-managers': 38, leaders: 27, 'sales-and-support': 18 }

const heardBack: PlaybackItem[] = [
  {
    said: 'Getting a figure takes days and two other people',
    answer: 'will',
    what: 'Adoption, revenue and usage can be asked in one place, by the end of this quarter.',
  },
  {
    said: 'Two decks, two retention rates',
    answer: 'will',
    what: 'One definition of each figure, with its formula one click away.',
  },
  {
    said: 'Finding customers to talk to takes longer than talking',
    answer: 'later',
    what: 'After the figures: one list of participants, and who was asked lately.',
  },
  {
    said: 'Take the status meeting away',
    answer: 'will-not',
    what: 'It is where teams see each other’s plans. We take its slides away instead.',
  },
]

interface SampleWave {
  audience: Audience
  title: string
  asked: number
  answered: number
  openedDaysAgo: number
  closedDaysAgo: number | null
  /** The same people are asked again under the same addresses. */
  people: string
}
const tour: SampleWave[] = [
  {
    audience: 'product-managers',
    title: 'Product managers, first wave',
    asked: 62,
    answered: 51,
    openedDaysAgo: 56,
    closedDaysAgo: 42,
    people: 'pm',
  },
  {
    audience: 'leaders',
    title: 'Leaders',
    asked: 14,
    answered: 12,
    openedDaysAgo: 54,
    closedDaysAgo: 40,
    people: 'lead',
  },
  {
    audience: 'sales-and-support',
    title: 'Sales and support',
    asked: 40,
    answered: 30,
    openedDaysAgo: 52,
    closedDaysAgo: 38,
    people: 'field',
  },
  {
    audience: 'product-managers',
    title: 'Product managers, second wave',
    asked: 62,
    answered: 20,
    openedDaysAgo: 4,
    closedDaysAgo: null,
    people: 'pm',
  },
]

export async function addTour(context: JobContext, seed: number): Promise<void> {
  const { services, db, scope, createdBy, now } = context
  if ((await waves.list(db, scope)).length > 0) return
  const draw = seededDraw(seed)
  await services.transaction(async (tx) => {
    const writer = { db: tx, scope, actor: { userId: createdBy, name: 'The sample company' }, now }
    for (const wave of tour) await addWave({ ...context, db: tx }, wave, draw)
    await readinessSetting.changeAtVersion(
      writer,
      { version: 0, given: {} },
      { saidTeams: 14, saidAt: daysAgo(now(), 60) },
      async () => null,
    )
    await hourlyRate.changeAtVersion(
      writer,
      { version: 0, given: {} },
      { amount: 78, basis: 'Full cost of a product manager, as controlling has it' },
      async () => null,
    )
    await interviews.insert(
      tx,
      scope,
      {
        id: newId(now().getTime()),
        audience: 'leaders',
        person: 'The head of finance',
        role: 'Finance',
        state: 'held',
        heldAt: daysAgo(now(), 45),
        notes:
          'Reconciles our retention rate with theirs before each board meeting. Would take any definition that stays the same for a year.',
        share: 15,
        frictions: [
          {
            code: 'metric-definitions',
            words: '',
            often: 'quarterly',
            hours: 12,
            system: 'Excel',
            waiting: 3,
            delayed: '',
            lack: 'system',
          },
        ],
        mayQuote: false,
        createdBy,
        createdAt: daysAgo(now(), 50),
      },
      now(),
    )
  })
}

const daysAgo = (now: Date, days: number) => new Date(now.getTime() - days * 86_400_000)
const dayOf = (at: Date) => at.toISOString().slice(0, 10)

async function addWave(
  { services, db: tx, scope, createdBy, now }: JobContext,
  wave: SampleWave,
  draw: Draw,
): Promise<void> {
  const id = newId(now().getTime())
  const openedAt = daysAgo(now(), wave.openedDaysAgo)
  const closedAt = wave.closedDaysAgo === null ? null : daysAgo(now(), wave.closedDaysAgo)
  const questions = questionSets[wave.audience].map((q) => (q.kind === 'area' ? { ...q, options: areas } : q))
  await waves.insert(
    tx,
    scope,
    {
      id,
      audience: wave.audience,
      title: wave.title,
      state: closedAt ? 'closed' : 'open',
      note: 'Product Operations is new here. What you say decides what it takes off your desk first.',
      questions,
      groupOf: 5,
      closesOn: dayOf(closedAt ?? daysAgo(now(), -10)),
      openedAt,
      closedAt,
      leftOver: closedAt ? 0 : null,
      ...(closedAt && wave.people === 'pm' ? { playback: heardBack, playbackAt: daysAgo(now(), 30) } : {}),
      createdBy,
      createdAt: openedAt,
    },
    openedAt,
  )
  const people = Array.from({ length: wave.asked }, (_, i) => ({
    name: `${roleNames[wave.people] ?? 'Colleague'} ${String(i + 1).padStart(2, '0')}`,
    email: `${wave.people}${i + 1}@sample.example`,
  }))
  await insertInvited(tx, scope, id, people, openedAt)
  const invited = await listInvited(tx, scope, id)
  const hashes = invited.map((p) => tokenHashFor(id, p.id, services))
  await insertTokens(tx, scope, id, hashes)
  await markAsked(
    tx,
    scope,
    invited.map((p) => p.id),
    dayOf(openedAt),
  )
  // Each text is said once, in the first wave that asks for it.
  const unsaid = new Map(
    wave.closedDaysAgo === null ? [] : Object.entries(said[wave.audience]).map(([q, texts]) => [q, [...texts]]),
  )
  const answers = Array.from({ length: wave.answered }, () => ({
    id: randomUUID(),
    content: answerOf(wave.audience, questions, unsaid, draw),
  }))
  await insertGroup(tx, scope, id, { answers, slots: [''], hashes: [...hashes].sort().slice(0, wave.answered) })
}
const roleNames: Record<string, string> = { pm: 'Product manager', lead: 'Leader', field: 'Field' }

const oneOf = <T>(all: readonly T[], draw: Draw): T => all[Math.min(all.length - 1, Math.floor(draw() * all.length))]!

function answerOf(
  audience: Audience,
  questions: { id: string; kind: string; options: string[] }[],
  unsaid: Map<string, string[]>,
  draw: Draw,
): AnswerContent {
  const values = questions.flatMap((q): AnswerContent['values'] => {
    if (q.kind === 'frictions') return [{ question: q.id, value: entriesOf(audience, draw) }]
    if (q.kind === 'share')
      return [
        {
          question: q.id,
          value: Math.round(Math.min(80, Math.max(0, shareAround[audience] + (draw() - 0.5) * 36)) / 5) * 5,
        },
      ]
    if (q.kind === 'scale')
      return [{ question: q.id, value: draw() < 0.7 ? 1 + Math.floor(draw() * 2) : 3 + Math.floor(draw() * 2) }]
    if (q.kind === 'area') return draw() < 0.9 ? [{ question: q.id, value: oneOf(q.options, draw) }] : []
    if (q.kind === 'choice')
      return [{ question: q.id, value: draw() < 0.55 ? q.options.at(-1)! : oneOf(q.options, draw) }]
    const text = draw() < 0.2 ? unsaid.get(q.id)?.shift() : undefined
    return text === undefined ? [] : [{ question: q.id, value: text }]
  })
  return { values, mayQuote: draw() < 0.4 }
}

function entriesOf(audience: Audience, draw: Draw): FrictionEntry[] {
  const left = [...pains[audience]]
  return Array.from({ length: 1 + Math.floor(draw() * 2.4) }, (_, i) => {
    let at = draw() * left.reduce((sum, [, weight]) => sum + weight, 0)
    const index = Math.max(
      0,
      left.findIndex(([, weight]) => (at -= weight) < 0),
    )
    const [code, , often, hours, systems, skill] = left.splice(index, 1)[0]!
    const words = i === 0 && draw() < 0.12 ? ownWords[audience] : undefined
    return {
      code: words ? null : code,
      words: words ? oneOf(words, draw) : '',
      often,
      hours: Number((hours * (0.5 + draw())).toFixed(1)),
      system: systems.length > 0 && draw() < 0.8 ? oneOf(systems, draw) : '',
      waiting: Math.floor(draw() * 4),
      delayed: '',
      lack:
        draw() < skill
          ? draw() < 0.5
            ? ('skill' as const)
            : ('both' as const)
          : draw() < 0.8
            ? ('system' as const)
            : ('unsure' as const),
    }
  })
}
