import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createHash } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openFiles, type Files } from '../../../platform/files/files.ts'
import { newId } from '../../../platform/ids.ts'
import { openWarehouses, type Warehouse, type Warehouses } from '../../../platform/warehouse/warehouses.ts'
import { readMapping } from '../mapping/mapping-file.ts'
import { dateFormats } from '../reading/dates.ts'
import type { ImportMode } from '../schemas.ts'
import { undoBatch } from './batches.ts'
import { datasets } from '../declared/list.ts'
import { importFile } from './import-file.ts'

let folder: string
let files: Files
let warehouses: Warehouses
let warehouse: Warehouse
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'throughline-'))
  files = await openFiles(folder)
  warehouses = openWarehouses({ folder: join(folder, 'warehouse'), memoryLimitMb: 512, threads: 1 })
})
afterAll(async () => {
  await warehouses.close()
  await rm(folder, { recursive: true, force: true })
})
beforeEach(async () => {
  warehouse = await warehouses.open(newId())
})

async function bring(
  mapping: string,
  content: string | Uint8Array,
  options: { acceptRejects?: boolean; mode?: ImportMode; jobId?: string; now?: string; fileName?: string } = {},
) {
  const path = join(folder, newId())
  await writeFile(path, content)
  return importFile(
    warehouse,
    files,
    { path, fileName: options.fileName ?? 'file.csv', sha256: createHash('sha256').update(content).digest('hex') },
    {
      datasets,
      mapping: readMapping(mapping, datasets),
      mode: options.mode ?? 'add',
      acceptRejects: options.acceptRejects ?? false,
      jobId: options.jobId ?? newId(),
      importedBy: 'A test',
      currency: 'EUR',
      now: new Date(options.now ?? '2026-01-15T12:00:00Z'),
    },
  )
}
const rows = (sql: string) => warehouse.read((con) => con.all(sql))
const undo = (batchId: number) => warehouse.write((con) => undoBatch(con, batchId, new Date(), { datasets }))

const accounts = 'dataset: accounts\nsource: crm\nfields: { id: id, name: name }'
const usage = 'dataset: usage\nsource: product\nfields: { time: at, account: account, event: event }'
const counted = 'dataset: usage\nsource: product\nfields: { time: day, account: account, event: event, count: n }'

describe('dates', () => {
  // What the proposal detects is what the import reads, whichever way the file writes it.
  test.each([
    ['D-MMM-YYYY', ['03-Jan-2025', '31-DEC-2024'], ['2025-01-03', '2024-12-31']],
    ['D-MMM-YY', ['03-Jan-25'], ['2025-01-03']],
    ['D MMM YYYY', ['3 January 2025', '1er février 2025', '14 août 2025'], ['2025-01-03', '2025-02-01', '2025-08-14']],
    ['MMM D, YYYY', ['Jan 3, 2025', 'Sept. 30, 2025', 'March 1st, 2025'], ['2025-01-03', '2025-09-30', '2025-03-01']],
    ['D. MMM YYYY', ['3. Januar 2025', '14. März 2025', '1. Dez. 2025'], ['2025-01-03', '2025-03-14', '2025-12-01']],
    ['D de MMM de YYYY', ['3 de enero de 2025', '9 de Septiembre de 2025'], ['2025-01-03', '2025-09-09']],
    ['YYYY-MMM-D', ['2025-Jan-03'], ['2025-01-03']],
    ['YYYY-M-D', ['2025-1-5', '2025-01-31'], ['2025-01-05', '2025-01-31']],
    ['M/D/YYYY h:mm A', ['1/31/2025 3:05 PM', '2/1/2025 12:00 AM'], ['2025-01-31', '2025-02-01']],
  ])('%s is detected and read', async (format, written, days) => {
    expect(dateFormats(written)).toEqual([format])
    const csv = written.map((day, i) => `a${i}\t${day}\n`).join('')
    const mapping = `dataset: accounts\nsource: crm\nfields: { id: id, createdDate: { column: at, format: "${format}" } }`
    const { books, rejects } = await bring(mapping, `id\tat\n${csv}`)
    expect([rejects, books.new]).toEqual([[], written.length])
    expect(await rows('select created_date as day from account order by ext_id')).toEqual(days.map((day) => ({ day })))
  })

  test.each([
    ['M/D/YYYY h:mm A', ['1/31/2025 3:05 PM', '2/1/2025 12:00 AM', '2/1/2025 12:07 pm']],
    ['M/D/YYYY, h:mm:ss A', ['1/31/2025, 3:05:00\u202FPM', '2/1/2025, 12:00:00 AM', '2/1/2025, 12:07:00 PM']],
    ['D/M/YYYY h:mmA', ['31/1/2025 3:05p.m.', '1/2/2025 12:00a. m.', '1/2/2025 12:07PM']],
    ['MMM D, YYYY at h:mm A', ['January 31, 2025 at 3:05 PM', 'Feb 1, 2025 at 12:00 AM', 'Feb. 1, 2025 at 12:07 PM']],
    ['D. MMM YYYY, H:mm', ['31. Januar 2025, 15:05', '1. Feb. 2025, 0:00', '1. Februar 2025, 12:07']],
    ['D.M.YYYYTH:mm', ['31.01.2025T15:05', '01.02.2025T00:00', '01.02.2025T12:07']],
  ])(
    'a moment as %s is read from CSV and from NDJSON, in the time zone that the mapping names',
    async (format, written) => {
      expect(dateFormats(written)).toEqual([format])
      const fields = (zone: string) =>
        `dataset: usage\nsource: product\nfields: { time: { column: at, format: "${format}"${zone} }, account: account, event: event }`
      const moments = () => rows(`select strftime(event_time, '%Y-%m-%d %H:%M') as at from event order by 1`)
      await bring(fields(''), `account\tat\tevent\n${written.map((at) => `a1\t${at}\topened\n`).join('')}`)
      expect(await moments()).toEqual(
        ['2025-01-31 15:05', '2025-02-01 00:00', '2025-02-01 12:07'].map((at) => ({ at })),
      )
      warehouse = await warehouses.open(newId())
      await bring(
        fields(', timeZone: Europe/Berlin'),
        written.map((at) => `${JSON.stringify({ account: 'a1', at, event: 'opened' })}\n`).join(''),
        { fileName: 'file.ndjson' },
      )
      expect(await moments()).toEqual(
        ['2025-01-31 14:05', '2025-01-31 23:00', '2025-02-01 11:07'].map((at) => ({ at })),
      )
    },
  )

  test('a month by its name is its first day; what is no month is rejected with the form', async () => {
    const { books, rejects } = await bring(
      'dataset: mrr\nsource: billing\nfields: { account: a, month: { column: m, format: MMM-YY }, amount: x }',
      'a,m,x\na1,Jan-25,10\na1,Mai-25,12\na1,Foo-25,14\n',
      { acceptRejects: true },
    )
    expect([books.new, rejects.map((r) => [r.line, r.reason])]).toEqual([
      2,
      [[4, 'Month is not a month of the form MMM-YY']],
    ])
    expect(await rows('select month from mrr_snapshot order by 1')).toEqual([
      { month: '2025-01-01' },
      { month: '2025-05-01' },
    ])
  })
})

describe('dimensions', () => {
  test('a second file changes what differs, adds what is new, leaves the rest, and can be undone', async () => {
    expect((await bring(accounts, 'id,name,segment\na1,Ada,SMB\na2,Bo,SMB\n')).books).toEqual({
      read: 2,
      new: 2,
      changed: 0,
      unchanged: 0,
      rejected: 0,
    })
    const before = await rows('select ext_id, name from account order by 1')
    const second = await bring(accounts, 'id,name,segment\na1,Ada,SMB\na2,Bob,SMB\na3,Cy,Enterprise\n', {
      now: '2026-02-01T00:00:00Z',
    })
    expect(second.books).toEqual({ read: 3, new: 1, changed: 1, unchanged: 1, rejected: 0 })
    expect(await rows('select ext_id, name from account order by 1')).toEqual([
      { ext_id: 'a1', name: 'Ada' },
      { ext_id: 'a2', name: 'Bob' },
      { ext_id: 'a3', name: 'Cy' },
    ])
    await undo(second.batchId!)
    expect(await rows('select ext_id, name from account order by 1')).toEqual(before)
    expect(await rows('select * from account_replaced')).toEqual([])
  })

  test('an attribute without a date keeps its history from the import on; with one, from that day', async () => {
    await bring(accounts, 'id,name,segment\na1,Ada,SMB\n', { now: '2026-01-01T00:00:00Z' })
    await bring(accounts, 'id,name,segment\na1,Ada,SMB\n', { now: '2026-02-01T00:00:00Z' })
    expect(
      (await bring(accounts, 'id,name,segment\na1,Ada,Enterprise\n', { now: '2026-03-01T00:00:00Z' })).books,
    ).toMatchObject({ changed: 1 })
    expect(await rows('select key, value, imported_on from account_attribute order by imported_on')).toEqual([
      { key: 'segment', value: 'SMB', imported_on: '2026-01-01' },
      { key: 'segment', value: 'Enterprise', imported_on: '2026-03-01' },
    ])
    await bring(
      `dataset: accounts\nsource: other\nfields: { id: id, validFrom: since }`,
      'id,since,size\na1,2025-01-01,10\na1,2025-06-01,20\n',
    )
    expect(
      await rows(`select value, valid_from from account_attribute where source = 'other' order by valid_from`),
    ).toEqual([
      { value: '10', valid_from: '2025-01-01' },
      { value: '20', valid_from: '2025-06-01' },
    ])
  })

  test('a file that speaks of some fields only leaves the others as they were', async () => {
    await bring(
      'dataset: accounts\nsource: crm\nfields: { id: id, name: name, owner: owner }',
      'id,name,owner\na1,Ada,Team North\n',
    )
    expect(
      (
        await bring(
          'dataset: accounts\nsource: crm\nfields: { id: id, validFrom: since }',
          'id,since,segment\na1,2024-01-01,SMB\n',
        )
      ).books,
    ).toMatchObject({ changed: 1 })
    await bring('dataset: accounts\nsource: crm\nfields: { id: id, owner: owner }', 'id,owner\na1,Team South\n')
    expect(await rows('select name, owner from account')).toEqual([{ name: 'Ada', owner: 'Team South' }])
  })

  const terms =
    'dataset: subscriptions\nsource: billing\namountIs: arr\nfields: { id: id, account: account, start: start, amount: arr, currency: currency, status: status, escalator: rise, oneOff: once }\nrates: { USD: 0.9 }'
  const termRows = () =>
    rows(
      'select ext_id, status, escalator, one_off, currency, local_arr_cents, rate, batch_id from subscription_term order by 1',
    )

  test('what a file says of an amount beyond its size is kept, changes, and is taken back with it', async () => {
    const text =
      'id,account,start,arr,currency,status,rise,once\ns1,a,2025-01-01,1000,USD,active,3 %,no\ns2,b,2025-01-01,500,EUR,past_due,0.05,yes\ns3,c,2025-01-01,10,EUR,,,\n'
    const first = await bring(terms, text)
    expect(first.books).toEqual({ read: 3, new: 3, changed: 0, unchanged: 0, rejected: 0 })
    const before = await termRows()
    expect(before).toEqual([
      {
        ext_id: 's1',
        status: 'active',
        escalator: 0.03,
        one_off: false,
        currency: 'USD',
        local_arr_cents: 100_000,
        rate: 0.9,
        batch_id: 1,
      },
      {
        ext_id: 's2',
        status: 'past_due',
        escalator: 0.05,
        one_off: true,
        currency: 'EUR',
        local_arr_cents: 50_000,
        rate: 1,
        batch_id: 1,
      },
      {
        ext_id: 's3',
        status: null,
        escalator: null,
        one_off: null,
        currency: 'EUR',
        local_arr_cents: 1000,
        rate: 1,
        batch_id: 1,
      },
    ])
    expect(await rows('select arr_cents from subscription order by ext_id')).toEqual([
      { arr_cents: 90_000 },
      { arr_cents: 50_000 },
      { arr_cents: 1000 },
    ])
    expect((await bring(terms, text)).books).toEqual({ read: 3, new: 0, changed: 0, unchanged: 3, rejected: 0 })
    const paid = await bring(terms, text.replace('past_due', 'active'))
    expect(paid.books).toEqual({ read: 3, new: 0, changed: 1, unchanged: 2, rejected: 0 })
    const weaker = await bring(terms.replace('0.9', '0.8'), text.replace('past_due', 'active'))
    expect(weaker.books).toMatchObject({ changed: 1, unchanged: 2 })
    expect(await rows(`select local_arr_cents, rate from subscription_term where ext_id = 's1'`)).toEqual([
      { local_arr_cents: 100_000, rate: 0.8 },
    ])
    await undo(weaker.batchId!)
    await undo(paid.batchId!)
    await undo(2)
    expect(await termRows()).toEqual(before)
    await undo(first.batchId!)
    expect([
      await termRows(),
      await rows('select * from subscription_term_replaced'),
      await rows('select * from subscription'),
    ]).toEqual([[], [], []])
  })

  test('a file that speaks of no terms leaves those of another; terms that cannot be read are rejected with the reason', async () => {
    await bring(terms, 'id,account,start,arr,currency,status,rise,once\ns1,a,2025-01-01,1000,USD,past_due,3 %,no\n')
    expect(
      (
        await bring(
          'dataset: subscriptions\nsource: billing\namountIs: arr\nfields: { id: id, account: account, start: start, amount: arr }',
          'id,account,start,arr\ns1,a,2025-01-01,900\ns2,b,2025-01-01,5\n',
        )
      ).books,
    ).toMatchObject({ new: 1, unchanged: 1 })
    expect(await rows('select ext_id, status, rate from subscription_term')).toEqual([
      { ext_id: 's1', status: 'past_due', rate: 0.9 },
    ])
    const bad = await bring(
      terms,
      'id,account,start,arr,currency,status,rise,once\ns7,a,2025-01-01,1,EUR,,5,no\ns8,a,2025-01-01,1,EUR,,five,no\ns9,a,2025-01-01,1,EUR,,5%,perhaps\n',
    )
    expect(bad.rejects.map((r) => [r.line, r.reason])).toEqual([
      [2, 'Agreed rise per year is beyond 100 %: write 5 % or 0.05'],
      [3, 'Agreed rise per year is not a share such as 5 % or 0.05'],
      [4, 'One-off is not yes or no'],
    ])
  })

  test('a month of MRR keeps its own currency and the rate it came in at', async () => {
    const mrr = (rate: number) =>
      `dataset: mrr\nsource: billing\nfields: { account: account, month: month, amount: mrr, currency: currency }\nrates: { USD: ${rate} }`
    await bring(mrr(0.9), 'account,month,mrr,currency\na,2025-01,100,USD\n')
    const second = await bring(mrr(0.8), 'account,month,mrr,currency\na,2025-02,100,USD\n')
    const kept = () =>
      rows(
        'select m.month, m.arr_cents, t.local_arr_cents, t.rate from mrr_snapshot m join mrr_term t using (source, account_ref, month) order by 1',
      )
    expect(await kept()).toEqual([
      { month: '2025-01-01', arr_cents: 108_000, local_arr_cents: 120_000, rate: 0.9 },
      { month: '2025-02-01', arr_cents: 96_000, local_arr_cents: 120_000, rate: 0.8 },
    ])
    await undo(second.batchId!)
    expect(await kept()).toHaveLength(1)
  })

  test('ids of other systems become aliases', async () => {
    await bring(
      'dataset: accounts\nsource: crm\nfields: { id: id, productId: ws, billingId: cus }',
      'id,ws,cus\na1,w1,c1\na2,,c2\n',
    )
    expect(await rows('select ext_id, alias_source, alias_id from account_alias order by 1, 2')).toEqual([
      { ext_id: 'a1', alias_source: 'billing', alias_id: 'c1' },
      { ext_id: 'a1', alias_source: 'product', alias_id: 'w1' },
      { ext_id: 'a2', alias_source: 'billing', alias_id: 'c2' },
    ])
  })

  test('the dirtiest file: semicolons, European numbers and dates, Latin-1, doubled ids, short rows; each reject with its line', async () => {
    const mapping = `dataset: subscriptions\nsource: billing\namountIs: mrr\nfields:\n  id: Abo\n  account: Kunde\n  start: { column: Beginn, format: D.M.YYYY }\n  end: { column: Ende, format: D.M.YYYY }\n  amount: { column: Betrag, decimal: "," }\n  currency: Währung`
    const text = [
      'Abo;Kunde;Beginn;Ende;Betrag;Währung',
      's1;Müller;01.02.2025;;1.234,50;EUR',
      's1;Müller;01.02.2025;;1.234,50;EUR',
      's1;Müller;01.02.2025;;99,00;EUR',
      's2;Bär',
      '',
      's3;Öl;31.02.2025;;10,00;EUR',
      's4;"zwei',
      'Zeilen";01.03.2025;;20,00;EUR',
      's5;x;01.05.2025;01.04.2025;5,00;EUR',
      's6;x;01.05.2025;;5,00;USD',
      ';x;01.05.2025;;5,00;EUR',
      's7;x;01.05.2025;;abc;EUR',
      '',
    ].join('\r\n')
    const outcome = await bring(mapping, Buffer.from(text, 'latin1'))
    expect([outcome.committed, outcome.books]).toEqual([
      false,
      { read: 10, new: 2, changed: 0, unchanged: 1, rejected: 7 },
    ])
    expect(outcome.rejects.map((r) => [r.line, r.reason])).toEqual([
      [4, 'The same id stands above with other content'],
      [5, 'The row has 2 columns instead of 6'],
      [7, 'Start is not a date of the form D.M.YYYY'],
      [10, 'End lies before Start'],
      [11, 'Currency is not EUR and the mapping gives no rate for it'],
      [12, 'Subscription id is empty'],
      [13, 'Amount is not an amount'],
    ])
    expect(await rows('select * from subscription')).toEqual([])
    expect(await rows('select * from batch')).toEqual([])
    expect((await rows('select line from reject')).length).toBe(7)
    const accepted = await bring(mapping, Buffer.from(text, 'latin1'), { acceptRejects: true })
    expect(accepted.books).toEqual({ read: 10, new: 2, changed: 0, unchanged: 1, rejected: 7 })
    expect(await rows('select ext_id, account_ref, start_date, arr_cents from subscription order by 1')).toEqual([
      { ext_id: 's1', account_ref: 'Müller', start_date: '2025-02-01', arr_cents: 1_481_400 },
      { ext_id: 's4', account_ref: 'zwei\r\nZeilen', start_date: '2025-03-01', arr_cents: 24_000 },
    ])
  })

  test('a number of the other form is rejected, never read as a hundred or a thousand times itself', async () => {
    const mapping = (decimal: string) =>
      `dataset: subscriptions\nsource: billing\namountIs: mrr\nfields: { id: id, account: account, start: start, amount: { column: amount, decimal: "${decimal}" } }`
    const content = (amounts: string[]) =>
      `id;account;start;amount\n${amounts.map((a, i) => `s${i};a1;2025-01-01;${a}\n`).join('')}`
    const readAs = async (decimal: string, amounts: string[]) => {
      warehouse = await warehouses.open(newId())
      const outcome = await bring(mapping(decimal), content(amounts), { acceptRejects: true })
      const taken = await rows(
        "select string_agg((arr_cents / 1200)::varchar, ' ' order by ext_id) as mrr from subscription",
      )
      return [...taken, outcome.rejects.map((r) => r.value)]
    }
    expect(await readAs('.', ['1,234.50', '12,34,567.5', '1,234', '12', '12,50', '1.234,50', '1,23,4'])).toEqual([
      { mrr: '1234.5 1234567.5 1234.0 12.0' },
      ['12,50', '1.234,50', '1,23,4'],
    ])
    expect(await readAs(',', ['1.234,50', '€ 1.234', '12,5', '12.50', '1,234.50'])).toEqual([
      { mrr: '1234.5 1234.0 12.5' },
      ['12.50', '1,234.50'],
    ])
  })

  test('a contract’s total is spread over its calendar months, rates convert, an inclusive end counts', async () => {
    const mapping =
      'dataset: subscriptions\nsource: crm\namountIs: total\nendIsInclusive: true\nrates: { USD: 0.5 }\nfields: { id: id, account: a, start: s, end: e, amount: t, currency: c }'
    await bring(
      mapping,
      'id,a,s,e,t,c\n1,x,2024-01-01,2024-12-31,12000,EUR\n2,x,2024-01-01,2026-12-31,36000,USD\n3,x,2025-01-01,2025-01-31,100,EUR\n4,x,2025-01-01,2025-02-14,150,EUR\n',
    )
    expect(await rows('select ext_id, end_date, arr_cents from subscription order by 1')).toEqual([
      { ext_id: '1', end_date: '2025-01-01', arr_cents: 1_200_000 },
      { ext_id: '2', end_date: '2027-01-01', arr_cents: 600_000 },
      { ext_id: '3', end_date: '2025-02-01', arr_cents: 120_000 },
      { ext_id: '4', end_date: '2025-02-15', arr_cents: 120_000 },
    ])
  })

  test('a job that runs again after a crash finds what it had committed', async () => {
    const first = await bring(accounts, 'id,name\na1,Ada\n', { jobId: 'j1' })
    expect(await bring(accounts, 'id,name\na1,Ada\n', { jobId: 'j1' })).toEqual(first)
    expect(await rows('select id from batch')).toHaveLength(1)
  })
})

describe('usage', () => {
  const events = (list: string[]) => `at,account,event\n${list.join('\n')}\n`
  const a = '2025-12-01T10:00:00Z,a1,open'
  const b = '2025-12-01T11:00:00Z,a1,open'
  const c = '2025-12-02T10:00:00Z,a2,save'

  test('overlapping exports without event ids never count twice, equal rows within a file do', async () => {
    expect((await bring(usage, events([a, a, b]))).books).toMatchObject({ read: 3, new: 3 })
    expect((await bring(usage, events([a, a, b]))).books).toMatchObject({ read: 3, new: 0, unchanged: 3 })
    expect((await bring(usage, events([a, a, a, b, c]))).books).toMatchObject({ read: 5, new: 2, unchanged: 3 })
    expect(await rows('select count(*) as n from event')).toEqual([{ n: 5 }])
  })

  test('with event ids the same event again is dropped and a corrected one replaces it', async () => {
    const mapping = 'dataset: usage\nsource: product\nfields: { time: at, user: user, event: event, eventId: id }'
    await bring(mapping, 'at,user,event,id\n2025-12-01,u1,open,e1\n2025-12-02,u1,open,e2\n2025-12-02,u1,open,e2\n')
    const second = await bring(
      mapping,
      'at,user,event,id\n2025-12-01,u1,open,e1\n2025-11-30,u1,close,e2\n2025-12-03,u1,open,e3\n',
    )
    expect(second.books).toEqual({ read: 3, new: 1, changed: 1, unchanged: 1, rejected: 0 })
    expect(await rows('select event_id, name from event order by 1')).toEqual([
      { event_id: 'e1', name: 'open' },
      { event_id: 'e2', name: 'close' },
      { event_id: 'e3', name: 'open' },
    ])
    await undo(second.batchId!)
    expect(await rows('select event_id, name from event order by 1')).toEqual([
      { event_id: 'e1', name: 'open' },
      { event_id: 'e2', name: 'open' },
    ])
    expect(
      (await rows('select distinct day from dirty_day order by 1')).map((r) => (r as { day: string }).day),
    ).toEqual(['2025-11-30', '2025-12-01', '2025-12-02', '2025-12-03'])
  })

  test('of pre-counted rows the later count stands', async () => {
    await bring(counted, 'day,account,event,n\n2025-12-01,a1,open,5\n2025-12-01,a2,open,7\n2025-12-01,a3,open,0\n')
    const second = await bring(
      counted,
      'day,account,event,n\n2025-12-01,a1,open,9\n2025-12-01,a2,open,7\n2025-12-02,a2,open,1\n',
    )
    expect(second.books).toEqual({ read: 3, new: 1, changed: 1, unchanged: 1, rejected: 0 })
    expect(await rows('select ref, n from event order by 1, 2')).toEqual([
      { ref: 'a1', n: 9 },
      { ref: 'a2', n: 1 },
      { ref: 'a2', n: 7 },
    ])
  })

  test('replace-days takes out what stood on the days of the file, and undo brings it back', async () => {
    await bring(usage, events([a, b, c]))
    const before = await rows('select * exclude (batch_id) from event order by all')
    const outcome = await bring(usage, events(['2025-12-01T09:00:00Z,a9,open']), { mode: 'replace-days' })
    expect(await rows('select ref from event order by 1')).toEqual([{ ref: 'a2' }, { ref: 'a9' }])
    await undo(outcome.batchId!)
    expect(await rows('select * exclude (batch_id) from event order by all')).toEqual(before)
  })

  test('keyed by user or subscription, with times in a zone; bad rows are named', async () => {
    const mapping =
      'dataset: usage\nsource: product\nfields:\n  time: { column: at, timeZone: Europe/Berlin }\n  subscription: sub\n  user: user\n  event: event'
    const outcome = await bring(
      mapping,
      'at,sub,user,event\n2025-07-01 00:30,s1,,open\n2025-07-01 12:00,,u1,open\nyesterday,s1,,open\n2025-07-01,,,open\n2031-01-01,s1,,open\n1970-01-01,s1,,open\n2025-07-01,s1,,\n,,,\n',
      { acceptRejects: true },
    )
    expect(outcome.books).toEqual({ read: 7, new: 2, changed: 0, unchanged: 0, rejected: 5 })
    expect(outcome.rejects.map((r) => [r.line, r.reason])).toEqual([
      [4, 'Time is not a time'],
      [5, 'Nobody is named: User id, Subscription id are empty'],
      [6, 'Time lies in the future'],
      [7, 'Time lies before 2000'],
      [8, 'Event name is empty'],
    ])
    expect(await rows('select event_time, ref_kind, ref from named_event order by 1')).toEqual([
      { event_time: '2025-06-30 22:30:00', ref_kind: 'subscription', ref: 's1' },
      { event_time: '2025-07-01 10:00:00', ref_kind: 'user', ref: 'u1' },
    ])
  })

  test('a time that bears an offset is that moment, whatever zone the mapping or the machine is in', async () => {
    const times = [
      '2025-07-01T00:30:00+02:00',
      '2025-07-01 00:30:00.250 +0200',
      '2025-07-01T00:30+02',
      '2025-06-30T22:30:00Z',
      '2025-06-30T22:30Z',
      '2025-06-30 22:30:00 UTC',
      '2025-06-30 18:30:00-0400',
    ]
    const content = `at,account,event\n${times.map((t, i) => `${t},a${i},open\n`).join('')}`
    const moments = () => rows("select distinct strftime(event_time, '%Y-%m-%d %H:%M') as at from named_event")
    await bring(usage, content)
    expect(await moments()).toEqual([{ at: '2025-06-30 22:30' }])
    warehouse = await warehouses.open(newId())
    await bring(usage.replace('time: at', 'time: { column: at, timeZone: Europe/Berlin }'), content)
    expect(await moments()).toEqual([{ at: '2025-06-30 22:30' }])
  })

  test('a Parquet time with a zone is the moment it stands for; a day with an offset is the day that is written', async () => {
    const path = join(folder, 'zoned.parquet')
    await warehouse.read((con) =>
      con.run(
        `copy (select timestamptz '2025-07-01 00:30:00+02' as at, 'a1' as account, 'open' as event) to '${path}' (format parquet)`,
      ),
    )
    const { readFile } = await import('node:fs/promises')
    await bring(usage, await readFile(path), { fileName: 'zoned.parquet' })
    expect(await rows('select event_time from named_event')).toEqual([{ event_time: '2025-06-30 22:30:00' }])
    await bring(
      'dataset: subscriptions\nsource: billing\namountIs: mrr\nfields: { id: id, account: account, start: start, amount: amount }',
      'id,account,start,amount\ns1,a1,2025-01-01T00:00:00+01:00,10\n',
    )
    expect(await rows('select start_date from subscription')).toEqual([{ start_date: '2025-01-01' }])
  })

  test('Parquet and NDJSON give the rows that CSV gives', async () => {
    const path = join(folder, 'x.parquet')
    await warehouse.read((con) =>
      con.run(
        `copy (select timestamp '2025-12-01 10:00:00' + to_hours(i::integer) as at, 'a' || i as account, 'open' as event from range(5) t(i)) to '${path}' (format parquet)`,
      ),
    )
    const { readFile } = await import('node:fs/promises')
    expect((await bring(usage, await readFile(path), { fileName: 'x.parquet' })).books).toMatchObject({
      read: 5,
      new: 5,
    })
    const lines = Array.from({ length: 5 }, (_, i) =>
      JSON.stringify({ at: `2025-12-01T${10 + i}:00:00Z`, account: `a${i}`, event: 'open' }),
    ).join('\n')
    expect((await bring(usage, lines, { fileName: 'x.ndjson' })).books).toMatchObject({ read: 5, new: 0, unchanged: 5 })
    const broken = await bring(usage, `${lines}\nnot json\n{"at": "2025-12-02", "account": "a1", "event": "open"}\n`, {
      fileName: 'x.ndjson',
      acceptRejects: true,
    })
    expect([broken.books.rejected, broken.books.new]).toEqual([1, 1])
  })
})
