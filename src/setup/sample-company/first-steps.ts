/** What followed the sample company's listening tour: the data pillar, a charter in two editions, and four quick wins with what proves them. */
import type { Writer } from '../../platform/db/record-history.ts'
import { newId } from '../../platform/ids.ts'
import type { JobContext } from '../../platform/jobs/queue.ts'
import { insertRequest, requestRecords } from '../../requests/queries.ts'
import { charters } from '../charter/queries.ts'
import { readFindings } from '../findings.ts'
import { choices, situations } from '../pillar-choice/queries.ts'
import { recommend } from '../pillar-choice/rules.ts'
import type { PillarSituation } from '../pillar-choice/schemas.ts'
import { quickWinRecords, saveSample, type StoredQuickWin } from '../quick-wins/queries.ts'

const daysAgo = (now: Date, days: number) => new Date(now.getTime() - days * 86_400_000)
const dayOf = (at: Date) => at.toISOString().slice(0, 10)
const nobodyReads = async () => null

const situation: PillarSituation = {
  situation: 'high-growth',
  researchUnowned: false,
  leadersLack: 'figures',
  dataExists: 'some',
  processExists: 'some',
  customerExists: 'nothing',
  dataWeeks: 4,
  processWeeks: 6,
  customerWeeks: 12,
}

const editions = [
  {
    daysAgo: 36,
    team: 'One person, all of their week',
    above: [
      'Who uses a feature, and what they pay, without asking for a query',
      'One retention rate, with its formula one click away',
      'Questions to Product Ops answered with the analysis that shows it',
      'Figures for the board without a deck of their own',
    ],
    below: ['One list of customers to talk to', 'A view of the whole portfolio'],
    because: 'Most hours go into getting at figures; one person can take those first.',
  },
  {
    daysAgo: 12,
    team: 'One person, all of their week',
    above: [
      'Who uses a feature, and what they pay, without asking for a query',
      'One retention rate, with its formula one click away',
      'Questions to Product Ops answered with the analysis that shows it',
      'Figures for the board without a deck of their own',
    ],
    below: ['One list of customers to talk to', 'A view of the whole portfolio', 'Enablement for launches'],
    because: 'Sales asked for launches. That takes a second person.',
  },
]

interface SampleWin {
  win: Pick<StoredQuickWin, 'title' | 'what' | 'friction' | 'audience' | 'people' | 'timesPerMonth' | 'statedBefore'>
  by: string | null
  deliveredDaysAgo: number | null
  before: number[]
  after: number[]
}
const quickWins: SampleWin[] = [
  {
    win: {
      title: 'Usage of a feature without asking for a query',
      what: 'Asked of the request desk, and answered with the analysis that shows it; found by who asks next.',
      friction: 'data-extraction',
      audience: 'product-managers',
      people: 62,
      timesPerMonth: 2,
      statedBefore: null,
    },
    by: 'requests.answered',
    deliveredDaysAgo: 30,
    before: [120, 180, 240],
    after: [10, 10, 15],
  },
  {
    win: {
      title: 'Adoption and retention on one page instead of a deck',
      what: 'The page is shared as it stands; the figures are those of the day.',
      friction: 'executive-decks',
      audience: 'leaders',
      people: 14,
      timesPerMonth: 1,
      statedBefore: null,
    },
    by: null,
    deliveredDaysAgo: 28,
    before: [480, 240, 480],
    after: [30, 45],
  },
  {
    win: {
      title: 'One retention rate, so that nobody reconciles two',
      what: 'The seven ways to say it on one page, and one of them agreed on.',
      friction: 'metric-definitions',
      audience: 'product-managers',
      people: 20,
      timesPerMonth: 1,
      statedBefore: null,
    },
    by: null,
    deliveredDaysAgo: 21,
    before: [90, 60, 120],
    after: [2, 5, 5],
  },
  {
    win: {
      title: 'The monthly usage report refreshes itself',
      what: 'Files are read on a schedule; the page is opened instead of the spreadsheet.',
      friction: 'reporting',
      audience: 'product-managers',
      people: 12,
      timesPerMonth: 1,
      statedBefore: null,
    },
    by: null,
    deliveredDaysAgo: 14,
    before: [180, 240, 180],
    after: [5, 10, 5],
  },
]

const asked = [
  'Who among our largest customers works with dashboards?',
  'Which plans use Automation most?',
  'Has mobile use grown since spring?',
  'Which SMB accounts stopped using Boards?',
  'What share of ARR is on the old plan?',
  'How many accounts adopted the last release?',
]

export async function addFirstSteps(context: JobContext): Promise<void> {
  const { services, scope, createdBy, now } = context
  if ((await quickWinRecords.list(context.db, scope)).length > 0) return
  await services.transaction(async (tx) => {
    const writer = (at: Date): Writer => ({
      db: tx,
      scope,
      actor: { userId: createdBy, name: 'The sample company' },
      now: () => at,
    })
    await addChoice(writer(daysAgo(now(), 38)))
    for (const [i, { daysAgo: days, ...edition }] of editions.entries()) {
      const at = daysAgo(now(), days)
      const change = { ...edition, publishedBy: createdBy, publishedAt: at }
      await charters.changeAtVersion(writer(at), { version: i, given: {} }, change, nobodyReads)
    }
    for (const win of quickWins) await addQuickWin(context, writer(now()), win)
    await addAnswers(context, writer(now()))
  })
}

async function addChoice(writer: Writer): Promise<void> {
  await situations.changeAtVersion(writer, { version: 0, given: {} }, situation, nobodyReads)
  const { sums, recommended } = recommend(await readFindings(writer), situation)
  const change = {
    pillar: 'data' as const,
    because: 'Most hours go into it, and it is of use within a month.',
    recommended,
    sums,
    chosenBy: writer.actor.userId,
    chosenAt: writer.now(),
  }
  await choices.changeAtVersion(writer, { version: 0, given: {} }, change, nobodyReads)
}

async function addQuickWin({ createdBy, now }: JobContext, { db, scope }: Writer, sample: SampleWin): Promise<void> {
  const id = newId(now().getTime())
  const deliveredOn = sample.deliveredDaysAgo === null ? null : dayOf(daysAgo(now(), sample.deliveredDaysAgo))
  const createdAt = daysAgo(now(), 36)
  const draft = { ...sample.win, id, win: sample.by, ownerId: createdBy, deliveredOn, createdBy, createdAt }
  await quickWinRecords.insert(db, scope, draft, createdAt)
  for (const side of ['before', 'after'] as const)
    for (const [i, minutes] of sample[side].entries())
      await saveSample(db, scope, {
        quickWinId: id,
        side,
        volunteer: `sample ${i}`,
        minutes,
        onDay: dayOf(daysAgo(now(), side === 'before' ? 35 : 5)),
      })
}

/** Answered within hours, one every other day since the first quick win is delivered. */
async function addAnswers({ createdBy, now }: JobContext, { db, scope }: Writer): Promise<void> {
  for (let i = 0; i < 14; i += 1) {
    const answeredAt = daysAgo(now(), 2 * i + 1)
    const askedAt = new Date(answeredAt.getTime() - (1 + (i % 5)) * 3_600_000)
    const id = newId(askedAt.getTime())
    const question = asked[i % asked.length]!
    await insertRequest(db, scope, { id, question, askedBy: createdBy, askedAt, namesAccounts: false, taken: null })
    await requestRecords.changeAtVersion(
      { db, scope, actor: { userId: createdBy, name: 'The sample company' }, now: () => answeredAt },
      { id, version: 1, given: {} },
      {
        state: 'answered',
        answer: 'It stands in the analysis, by segment and with the ARR behind it.',
        answerAddress: '/insights/adoption',
        answeredBy: createdBy,
        answeredAt,
      },
      nobodyReads,
    )
  }
}
