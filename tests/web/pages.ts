/** Every page by its address, with the question it answers and who may open it. */
import type { Page } from 'playwright-core'
import { roles, type Role } from '../../src/platform/auth/permissions.ts'
import { sampleWeb, type SampleWeb } from './browser.ts'

/** All but stakeholders, who see what was shared with them. */
const insiders: readonly Role[] = roles.filter((role) => role !== 'stakeholder')
/** What a stakeholder finds there instead. */
export const forStakeholders: Record<string, string> = {
  '': 'What was shared with you?',
  '/shared': 'What was shared with me?',
}

export const pages: [path: string, heading: string, roles: readonly Role[]][] = [
  ['', 'What stands out?', insiders],
  ['/insights/adoption', 'Which features keep which customers?', insiders],
  ['/insights/revenue', 'How does our revenue move, and who stays?', insiders],
  ['/insights/stories', 'What stands out, and what became of it?', insiders],
  ['/insights/whitespace', 'Who could use what they do not?', insiders],
  ['/insights/association', 'Which features are associated with staying?', insiders],
  ['/insights/states', 'How much ARR stands behind each feature?', insiders],
  ['/insights/analyses', 'What can be asked?', insiders],
  ['/data/event-rules', 'Which events are which feature?', insiders],
  ['/data/who-is-who', 'Who is who?', ['admin', 'product-ops', 'product-manager', 'leader']],
  ['/data/definitions', 'What do the numbers mean?', roles],
  ['/insights/metrics', 'How are we doing against what we said?', insiders],
  ['/insights/metrics/nrr', 'How is NRR doing?', insiders],
  ['/insights/objectives', 'Did it change what we set out to change?', insiders],
  ['/insights/nrr-variants', 'Why do two tools disagree about NRR?', insiders],
  ['/data', 'What data is there?', insiders],
  ['/data/import', 'Import a file', ['admin', 'product-ops']],
  ['/settings/sign-in', 'How do I sign in, and where am I signed in?', roles],
  ['/settings/workspace', 'This workspace', roles],
  ['/settings/people', 'Who may do what?', ['admin']],
  ['/start/pillar', 'Which pillar do we begin with?', ['admin', 'product-ops', 'product-manager', 'leader']],
  ['/start/charter', 'What does Product Ops deliver, and what does it not?', roles],
  ['/start/first-hire', 'Whom do we hire first?', ['admin', 'product-ops', 'product-manager', 'leader']],
  ['/start/quick-wins', 'How many hours did we give back?', ['admin', 'product-ops', 'product-manager', 'leader']],
  ['/decisions', 'What did we decide, and did it work?', ['admin', 'product-ops', 'product-manager', 'leader']],
  ['/requests', 'What is being asked of us?', roles],
  ['/data/out', 'Where do our numbers go?', insiders],
  ['/shared', 'What did we share, and with whom?', insiders],
  ['/board/published', 'What did we tell, and does it still hold?', insiders],
  [
    '/customers/lists',
    'Which accounts did we set aside, and what became of them?',
    ['admin', 'product-ops', 'product-manager', 'leader'],
  ],
  ['/start', 'Is it time for Product Operations?', insiders],
  ['/start/tour', 'What gets in the way of our product people?', insiders],
  ['/start/interviews', 'What do we hear in person?', ['admin', 'product-ops']],
  ['/start/cost', 'What does friction cost us?', insiders],
  ['/settings/audit', 'What was done, and by whom?', ['admin', 'product-ops']],
  ['/settings/jobs', 'What is the server working on?', ['admin', 'product-ops']],
]

/** Listed by the page of analyses too. */
export const further: typeof pages = [
  ['/insights/renewals', 'Who renews when, and do they use what they pay for?', insiders],
  ['/insights/time-to-adopt', 'How long until accounts use a feature?', insiders],
  ['/insights/adoption-funnel', 'How far do accounts get with a feature?', insiders],
  ['/insights/changes', 'What changed since last month?', insiders],
  ['/insights/health', 'How healthy is each part of the product?', insiders],
  ['/insights/stickiness', 'How often do people come back?', insiders],
  ['/insights/breadth', 'How widely and how often is each feature used?', insiders],
  ['/insights/cohorts', 'Do new accounts come back?', insiders],
  ['/customers/accounts', 'Which account?', ['admin', 'product-ops', 'product-manager', 'leader']],
]

/** Reached from another page alone: it says of which thing it is. */
export const parts: typeof pages = [
  ['/insights/association/feature?feature=Collaboration', 'Is Collaboration associated with staying?', insiders],
]

/** The sample company with one person of every role. */
export async function companyOfAllRoles(): Promise<SampleWeb & { people: Record<Role, string> }> {
  const web = await sampleWeb()
  const people = {} as Record<Role, string>
  for (const role of roles) people[role] = (await web.join(role, `The ${role}`, `${role}@example.com`)).email
  return { ...web, people }
}

/** The heading stands and the first answers are there. */
export async function isThere(page: Page, heading: string): Promise<void> {
  await page.getByRole('heading', { name: heading, level: 1 }).waitFor()
  await page.waitForFunction(() => document.querySelectorAll('.loading').length === 0)
}
/** Opens it by its address. */
export async function show(page: Page, slug: string, path: string, heading: string): Promise<void> {
  await page.goto(`/w/${slug}${path}`)
  await isThere(page, heading)
}
/** Goes there from a page that is open, as a link would: without starting the program anew. */
export async function visit(page: Page, slug: string, path: string, heading: string): Promise<void> {
  await page.evaluate((to) => window.history.pushState({}, '', to), `/w/${slug}${path}`)
  await isThere(page, heading)
}
export const widthOf = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
