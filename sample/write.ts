/** The sample company as the files that a company's systems would export, dirty as they are, with their mappings. */
import { createWriteStream } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { once } from 'node:events'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { features, plans } from './catalogue.ts'
import { isEntitled, isPaying, makeCompany, month, monthDay, type Company, type SampleAccount } from './company.ts'
import { eventMonths, eventsOf } from './events.ts'
import { random } from './random.ts'
import { truthsOf, type Truth } from './truths.ts'

export interface SampleFile {
  dataset: string
  file: string
  mapping: string
}
export interface Written {
  folder: string
  files: SampleFile[]
  events: number
  accounts: number
  truths: Truth[]
}

const cell = (value: string | number | null) => {
  const text = value === null ? '' : String(value)
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
const line = (cells: (string | number | null)[]) => `${cells.map(cell).join(',')}\n`

interface Step {
  dataset: string
  file: string
  mapping: object
  write: (path: string, company: Company) => Promise<void>
}

const table =
  (header: string[], rows: (company: Company) => (string | number | null)[][]) => (path: string, company: Company) =>
    writeFile(path, line(header) + rows(company).map(line).join(''))

/** Some of what runs is owed; large contracts hold a rise that was agreed when they were signed. */
function termsOf(s: { id: string; end: string | null }, segment: string): [status: string, uplift: string] {
  const r = random('terms', s.id)
  return [
    s.end !== null ? 'ended' : r.chance(0.03) ? 'past_due' : 'active',
    segment === 'Enterprise' && r.chance(0.6) ? '3 %' : '',
  ]
}

const steps: Step[] = [
  {
    dataset: 'accounts',
    file: 'crm-accounts.csv',
    mapping: {
      source: 'crm',
      fields: {
        id: 'Account ID',
        name: 'Account Name',
        domain: 'Website',
        parent: 'Parent Account ID',
        owner: 'Account Owner',
        ownerEmail: 'Owner Email',
        renewalDate: 'Renewal Date',
        createdDate: 'Created Date',
        productId: 'Workspace ID',
        billingId: 'Billing ID',
      },
      attributes: {
        segment: 'Segment',
        region: 'Region',
        industry: 'Industry',
        employees: 'Employees',
        type: 'Type',
        contact: 'Main Contact',
      },
    },
    write: table(
      [
        'Account ID',
        'Account Name',
        'Website',
        'Segment',
        'Region',
        'Industry',
        'Employees',
        'Type',
        'Account Owner',
        'Owner Email',
        'Main Contact',
        'Renewal Date',
        'Created Date',
        'Parent Account ID',
        'Workspace ID',
        'Billing ID',
      ],
      (c) =>
        c.accounts.map((a) => [
          a.crmId,
          a.name,
          `https://www.${a.domain}`,
          a.segment,
          a.region,
          a.industry,
          a.employees,
          { customer: 'Customer', internal: 'Internal', test: 'Test', trial: 'Trial' }[a.kind],
          a.owner,
          `${a.owner.toLowerCase().replaceAll(/[^a-z]+/g, '-')}@sample.example`,
          `operations@${a.domain}`,
          renewal(a),
          a.subscriptions[0]?.start ?? '',
          a.parent,
          a.knownBy === 'id' ? a.productId : '',
          a.knownBy === 'name' ? '' : a.billingId,
        ]),
    ),
  },
  {
    dataset: 'accounts',
    file: 'crm-segment-history.csv',
    mapping: { source: 'crm', fields: { id: 'Account ID', validFrom: 'Since' }, attributes: { segment: 'Segment' } },
    write: table(['Account ID', 'Since', 'Segment'], (c) =>
      c.accounts.flatMap((a) =>
        a.movedFrom
          ? [
              [a.crmId, a.subscriptions[0]?.start ?? c.from, a.movedFrom.segment],
              [a.crmId, a.movedFrom.on, a.segment],
            ]
          : [[a.crmId, a.subscriptions[0]?.start ?? c.from, a.segment]],
      ),
    ),
  },
  {
    dataset: 'accounts',
    file: 'product-workspaces.csv',
    mapping: { source: 'product', fields: { id: 'workspace_id', name: 'name', domain: 'domain' } },
    write: table(['workspace_id', 'name', 'domain'], (c) => [
      ...c.accounts
        .filter((a) => a.isMeasured)
        .map((a) => [
          a.productId,
          a.knownBy === 'name' ? `${a.name}, Inc.` : a.name,
          a.knownBy === 'domain' ? a.domain : '',
        ]),
      ['ws_playground', 'Design playground', ''],
    ]),
  },
  {
    dataset: 'subscriptions',
    file: 'billing-subscriptions.csv',
    mapping: {
      source: 'billing',
      amountIs: 'mrr',
      fields: {
        id: 'subscription_id',
        account: 'customer_id',
        start: 'started_at',
        end: 'ended_at',
        amount: 'mrr',
        currency: 'currency',
        plan: 'plan',
        status: 'status',
        escalator: 'annual_uplift',
      },
    },
    write: table(
      [
        'subscription_id',
        'customer_id',
        'customer_name',
        'started_at',
        'ended_at',
        'mrr',
        'currency',
        'plan',
        'status',
        'annual_uplift',
      ],
      (c) =>
        c.accounts.flatMap((a) =>
          a.subscriptions.map((s) => [
            s.id,
            a.billingId,
            a.name,
            s.start,
            s.end,
            s.mrr.toFixed(2),
            'EUR',
            s.plan,
            ...termsOf(s, a.segment),
          ]),
        ),
    ),
  },
  {
    dataset: 'accounts',
    file: 'billing-customers.csv',
    mapping: { source: 'billing', fields: { id: 'customer_id', name: 'name', domain: 'domain' } },
    write: table(['customer_id', 'name', 'domain'], (c) => c.accounts.map((a) => [a.billingId, a.name, a.domain])),
  },
  {
    dataset: 'entitlements',
    file: 'plan-features.csv',
    mapping: { source: 'billing', fields: { plan: 'plan', feature: 'feature' } },
    write: table(['plan', 'feature'], () =>
      [...plans, 'Trial'].flatMap((plan) => features.filter((f) => isEntitled(f, plan)).map((f) => [plan, f.name])),
    ),
  },
  {
    dataset: 'users',
    file: 'product-users.csv',
    mapping: { source: 'product', fields: { id: 'user_id', account: 'workspace_id', createdDate: 'created_at' } },
    write: table(['user_id', 'workspace_id', 'created_at'], (c) =>
      c.accounts.filter((a) => a.isMeasured).flatMap((a) => a.users.map((u) => [u.id, a.productId, u.created])),
    ),
  },
]

/** When the running contract's year ends next, after the last day of data. */
function renewal(account: SampleAccount): string | null {
  const running = account.subscriptions.filter((s) => s.end === null && s.mrr > 0)
  const first = running[0]
  if (!first || !isPaying(account, month('2025-12-31'))) return null
  const start = month(first.start)
  let next = start + 12
  while (monthDay(next, Number(first.start.slice(8))) <= '2025-12-31') next += 12
  return monthDay(next, Number(first.start.slice(8)))
}

/** Writes everything under `folder`. @returns what was written, and the truths that were planted */
export async function writeSample(
  folder: string,
  options: { seed: number; scale: number; onProgress?: (done: number, total: number) => void },
): Promise<Written> {
  await mkdir(folder, { recursive: true })
  const company = makeCompany(options.seed, options.scale)
  const files: SampleFile[] = []
  for (const step of steps) {
    await step.write(join(folder, step.file), company)
    files.push(await writeMapping(folder, step.dataset, step.file, step.mapping))
  }
  const events = await writeEvents(folder, company, files, options.onProgress)
  await writeFile(
    join(folder, 'features.yaml'),
    stringify(
      features.map((f) => ({
        name: f.name,
        area: f.area,
        isCore: f.isCore,
        ...(f.releasedOn ? { releasedOn: f.releasedOn } : {}),
        rules: [{ kind: 'prefix', value: f.prefix }],
      })),
    ),
  )
  await writeFile(join(folder, 'exclusions.yaml'), stringify(sampleExclusions))
  const truths = truthsOf(company)
  await writeFile(join(folder, 'truths.json'), `${JSON.stringify(truths, null, 2)}\n`)
  return { folder, files, events, accounts: company.accounts.length, truths }
}

export const sampleExclusions = [
  { field: 'type', operator: 'is' as const, value: 'Internal', reason: 'internal' as const },
  { field: 'type', operator: 'is' as const, value: 'Test', reason: 'test' as const },
  { field: 'type', operator: 'is' as const, value: 'Trial', reason: 'trial' as const },
]

async function writeMapping(folder: string, dataset: string, file: string, mapping: object): Promise<SampleFile> {
  const name = `${file.replace(/\.csv$/, '')}.mapping.yaml`
  await writeFile(join(folder, name), stringify({ dataset, ...mapping }))
  return { dataset, file, mapping: name }
}

/** Single events by user; what the mobile app does comes as daily counts by workspace, as app stores give it. */
async function writeEvents(
  folder: string,
  company: Company,
  files: SampleFile[],
  onProgress?: (done: number, total: number) => void,
): Promise<number> {
  const events = createWriteStream(join(folder, 'product-events.csv'))
  const daily = createWriteStream(join(folder, 'mobile-daily.csv'))
  events.write('occurred_at,user_id,event_name,event_id\n')
  daily.write('day,workspace_id,event,count\n')
  const months = eventMonths(company)
  let total = 0
  for (const [done, index] of months.entries()) {
    const list = eventsOf(company, index)
    total += list.length
    const counts = new Map<string, number>()
    let text = ''
    for (const e of list) {
      if (e.name.startsWith('mobile.')) {
        const key = `${e.time.slice(0, 10)},${e.account.productId},${e.name}`
        counts.set(key, (counts.get(key) ?? 0) + 1)
      } else text += `${e.time},${e.user},${e.name},${e.id}\n`
    }
    if (!events.write(text)) await once(events, 'drain')
    daily.write([...counts].map(([key, n]) => `${key},${n}\n`).join(''))
    onProgress?.(done + 1, months.length)
  }
  events.write(`2025-11-03T09:00:00Z,u_playground,board.created,playground-1\n`)
  await Promise.all(
    [events, daily].map((stream) => {
      stream.end()
      return once(stream, 'close')
    }),
  )
  files.push(
    await writeMapping(folder, 'usage', 'product-events.csv', {
      source: 'product',
      fields: { time: 'occurred_at', user: 'user_id', event: 'event_name', eventId: 'event_id' },
    }),
  )
  files.push(
    await writeMapping(folder, 'usage', 'mobile-daily.csv', {
      source: 'product',
      fields: { time: 'day', account: 'workspace_id', event: 'event', count: 'count' },
    }),
  )
  return total
}
