/** A real browser against the real server: the web as it was built, on a port of its own. */
import { serve } from '@hono/node-server'
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core'
import { existsSync } from 'node:fs'
import { cp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SingleSignOn } from '../../src/platform/auth/single-sign-on.ts'
import type { ImportRoot } from '../../src/platform/config.ts'
import type { Role } from '../../src/platform/auth/permissions.ts'
import { addMember } from '../../src/platform/workspaces/queries.ts'
import { openSampleCompany } from '../../src/setup/sample-company/operations.ts'
import { snapshotOf, testApp, testPassword, type Person, type Snapshot, type TestApp } from '../support/app.ts'
import { onceARun } from '../support/once-a-run.ts'
import { within } from '../support/within.ts'

const path =
  process.env['CHROMIUM_PATH'] ??
  ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((one) => existsSync(one))

export interface WebApp {
  app: TestApp
  address: string
  browser: Browser
  open: (options?: { width?: number; height?: number; scheme?: 'light' | 'dark' }) => Promise<Page>
  close: () => Promise<void>
}

export async function webApp(
  options: {
    mailUrl?: string
    mayReachPrivate?: boolean
    importRoots?: readonly ImportRoot[]
    signOn?: SingleSignOn
    from?: Snapshot
  } = {},
): Promise<WebApp> {
  if (!path)
    throw new Error('There is no browser. Install Chromium, or name one with CHROMIUM_PATH, and run npm test again.')
  let address = 'http://localhost'
  const app = await testApp({ ...options, serveWeb: true, baseUrl: () => address })
  const server = serve({ fetch: app.app.fetch, port: 0, hostname: '127.0.0.1' })
  await new Promise<void>((resolve) => {
    server.once('listening', resolve)
  })
  const bound = server.address()
  address = `http://localhost:${typeof bound === 'object' && bound ? bound.port : 0}`
  const browser = await chromium.launch({
    ...(path === 'playwright' ? {} : { executablePath: path }),
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  })
  const contexts: BrowserContext[] = []
  return {
    app,
    address,
    browser,
    async open({ width = 1280, height = 900, scheme = 'light' } = {}) {
      const context = await browser.newContext({
        viewport: { width, height },
        colorScheme: scheme,
        reducedMotion: 'reduce',
        baseURL: address,
        acceptDownloads: true,
        permissions: ['clipboard-write', 'clipboard-read'],
      })
      contexts.push(context)
      const page = await context.newPage()
      // A page that breaks its own security policy or throws fails the test that has it open.
      page.on('pageerror', (error) => {
        problems.push(`${page.url()}: ${error.message}`)
      })
      page.on('console', (message) => {
        if (message.type() === 'error' && /Content Security Policy|Uncaught/i.test(message.text()))
          problems.push(`${page.url()}: ${message.text()}`)
      })
      return page
    },
    // One that does not end takes nothing of the others with it: a program left running would slow down every file that follows.
    async close() {
      try {
        await within(
          15,
          'closing the browser',
          Promise.all(contexts.map((c) => c.close())).then(() => browser.close()),
        )
      } finally {
        server.close()
        if ('closeAllConnections' in server) server.closeAllConnections()
        await app.close()
      }
    },
  }
}

/** The sample company in a browser's reach, with a person for every role that is asked for. */
export interface SampleWeb extends WebApp {
  slug: string
  workspaceId: string
  ownerId: string
  join: (role: Role, name: string, email: string) => Promise<Person>
}
export const ownerEmail = 'owner@example.com'

/** Loaded once for all files of a run, with everything that follows from it; each begins with a copy. */
const sampleSnapshot = async (): Promise<Snapshot & { slug: string; workspaceId: string; ownerId: string }> => {
  const folder = await onceARun('sample-company', async (made) => {
    const app = await testApp()
    const owner = await app.person({ name: 'The owner', email: ownerEmail })
    const { slug } = await app.perform(
      openSampleCompany,
      { actor: { ...owner, isOwner: true, mayReadPaths: false, face: 'http' }, workspace: null },
      { scale: 0.4 },
    )
    const { id } = await app.services.db
      .selectFrom('workspace')
      .select('id')
      .where('slug', '=', slug)
      .executeTakeFirstOrThrow()
    for (const job of await app.settle(id)) if (job.error !== null) throw new Error(job.error)
    const snapshot = await snapshotOf(app)
    await cp(snapshot.folder, join(made, 'data'), { recursive: true })
    await rm(snapshot.folder, { recursive: true })
    await writeFile(join(made, 'store'), snapshot.store)
    await writeFile(join(made, 'ids.json'), JSON.stringify({ slug, workspaceId: id, ownerId: owner.userId }))
  })
  return {
    store: await readFile(join(folder, 'store')),
    folder: join(folder, 'data'),
    ...(JSON.parse(await readFile(join(folder, 'ids.json'), 'utf8')) as {
      slug: string
      workspaceId: string
      ownerId: string
    }),
  }
}

export async function sampleWeb(): Promise<SampleWeb> {
  const { slug, workspaceId, ownerId, ...from } = await sampleSnapshot()
  const web = await webApp({ from })
  return {
    ...web,
    slug,
    workspaceId,
    ownerId,
    async join(role, name, email) {
      const person = await web.app.person({ name, email })
      await addMember(web.app.services.db, { workspaceId, userId: person.userId, role, joinedAt: new Date() })
      return person
    },
  }
}

const problems: string[] = []
/** What went wrong in any page since this was last asked. */
export const takeProblems = (): string[] => problems.splice(0)

/** Cookies of those who signed in before, by address and person: the limit on sign-ins counts a whole test file as one visitor. */
const signedIn = new Map<string, Awaited<ReturnType<BrowserContext['cookies']>>>()

/** Signs in by the form, the first time; after that a person comes back with the session they have. */
export async function signIn(page: Page, email: string, password = testPassword): Promise<void> {
  await page.goto('/sign-in')
  const key = `${new URL(page.url()).origin} ${email}`
  const before = signedIn.get(key)
  if (before) {
    await page.context().addCookies(before)
    return
  }
  await page.getByLabel('E-mail').fill(email)
  await page.getByRole('textbox', { name: 'Password' }).fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'))
  signedIn.set(key, await page.context().cookies())
}

export const picture = (page: Page, name: string): Promise<unknown> | null =>
  process.env['THROUGHLINE_PICTURES']
    ? page.screenshot({ path: join(process.env['THROUGHLINE_PICTURES'], `${name}.png`), fullPage: true })
    : null
