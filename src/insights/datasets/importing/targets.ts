/** Which base tables a dataset's rows go to, from the staged fields of its file. */
import { annualised, centsOf, type Check, type Converted } from '../mapping/convert.ts'
import type { Dataset, Mapping } from '../schemas.ts'
import type { Target } from './upsert.ts'

export type DimensionDataset = Exclude<Dataset, 'usage'>

/** How one dataset is staged: named expressions over the file's columns, what is wrong with a row, and what makes two rows the same. */
export interface Staging {
  fields: Record<string, string>
  checks: Check[]
  key: string[]
}

type Fields = Map<string, Converted>

const earliest = `date '1990-01-01'`

const dateChecks = (fields: Fields, names: string[]): Check[] =>
  names.flatMap((name) => {
    const f = fields.get(name)
    return f
      ? [
          { when: `${f.value} < ${earliest}`, reason: `${f.field.label} lies before 1990`, field: name, text: f.text },
          {
            when: `${f.value} > date '2200-01-01'`,
            reason: `${f.field.label} lies beyond 2200`,
            field: name,
            text: f.text,
          },
        ]
      : []
  })

const value = (fields: Fields, name: string, type = 'varchar') => fields.get(name)?.value ?? `cast(null as ${type})`

export function stagingOf(mapping: Mapping, fields: Fields, currency: string): Staging {
  switch (mapping.dataset as DimensionDataset) {
    case 'accounts':
      return {
        fields: {
          ext_id: value(fields, 'id'),
          name: value(fields, 'name'),
          domain: value(fields, 'domain'),
          parent_ext_id: value(fields, 'parent'),
          owner: value(fields, 'owner'),
          owner_email: value(fields, 'ownerEmail'),
          renewal_date: value(fields, 'renewalDate', 'date'),
          created_date: value(fields, 'createdDate', 'date'),
          product_id: value(fields, 'productId'),
          billing_id: value(fields, 'billingId'),
          valid_from: value(fields, 'validFrom', 'date'),
        },
        checks: dateChecks(fields, ['renewalDate', 'createdDate', 'validFrom']),
        key: ['ext_id', 'valid_from'],
      }
    case 'subscriptions':
      return subscriptionStaging(mapping, fields, currency)
    case 'mrr': {
      const { cents, own, code, rate, checks } = centsOf(mapping, fields, currency)
      return {
        fields: {
          account_ref: value(fields, 'account'),
          month: value(fields, 'month', 'date'),
          arr_cents: `12 * ${cents}`,
          plan: value(fields, 'plan'),
          currency: code,
          local_arr_cents: `12 * ${own}`,
          rate,
        },
        checks: [...dateChecks(fields, ['month']), ...checks],
        key: ['account_ref', 'month'],
      }
    }
    case 'users':
      return {
        fields: {
          ext_id: value(fields, 'id'),
          account_ref: value(fields, 'account'),
          created_date: value(fields, 'createdDate', 'date'),
        },
        checks: dateChecks(fields, ['createdDate']),
        key: ['ext_id'],
      }
    case 'entitlements': {
      const who = ['account', 'plan'].flatMap((n) => fields.get(n)?.text ?? [])
      const from = value(fields, 'from', 'date')
      const to = value(fields, 'to', 'date')
      return {
        fields: {
          account_ref: value(fields, 'account'),
          plan: value(fields, 'plan'),
          feature: value(fields, 'feature'),
          from_date: from,
          to_date: to,
        },
        checks: [
          {
            when: `coalesce(${who.join(', ')}) is null`,
            reason: 'Neither an account nor a plan is named',
            field: 'account',
            text: who[0] ?? 'null',
          },
          {
            when: `${to} < ${from}`,
            reason: 'To lies before From',
            field: 'to',
            text: fields.get('to')?.text ?? 'null',
          },
          ...dateChecks(fields, ['from', 'to']),
        ],
        key: ['account_ref', 'plan', 'feature', 'from_date'],
      }
    }
  }
}

function subscriptionStaging(mapping: Mapping, fields: Fields, currency: string): Staging {
  const { cents, own, code, rate, checks } = centsOf(mapping, fields, currency)
  const start = value(fields, 'start', 'date')
  const given = value(fields, 'end', 'date')
  const end = mapping.endIsInclusive ? `cast(${given} + interval 1 day as date)` : given
  const isTotal = mapping.amountIs === 'total'
  const endText = fields.get('end')?.text ?? 'null'
  const perYear = (amount: string) =>
    isTotal ? annualised(amount, start, end) : mapping.amountIs === 'mrr' ? `12 * ${amount}` : amount
  const escalator = fields.get('escalator')
  return {
    fields: {
      ext_id: value(fields, 'id'),
      account_ref: value(fields, 'account'),
      start_date: start,
      end_date: end,
      plan: value(fields, 'plan'),
      arr_cents: perYear(cents),
      status: value(fields, 'status'),
      escalator: value(fields, 'escalator', 'double'),
      one_off: value(fields, 'oneOff', 'boolean'),
      currency: code,
      local_arr_cents: perYear(own),
      rate,
    },
    checks: [
      ...dateChecks(fields, ['start']),
      ...(fields.has('end')
        ? [{ when: `${given} < ${start}`, reason: 'End lies before Start', field: 'end', text: endText }]
        : []),
      ...(isTotal
        ? [
            { when: `${end} is null`, reason: 'Amount is a total, so the end is needed', field: 'end', text: endText },
            {
              when: `${end} <= ${start}`,
              reason: 'End is not after Start, so a total cannot be spread',
              field: 'end',
              text: endText,
            },
          ]
        : []),
      ...(escalator
        ? [
            {
              when: `abs(${escalator.value}) > 1`,
              reason: 'Agreed rise per year is beyond 100 %: write 5 % or 0.05',
              field: 'escalator',
              text: escalator.text,
            },
          ]
        : []),
      ...checks,
    ],
    key: ['ext_id'],
  }
}

export interface TargetOptions {
  source: string
  importedOn: string
  attributes: boolean
  mapped: ReadonlySet<string>
}

/** Which columns come from which field, where a file may leave the field out. */
const optional: Record<DimensionDataset, Record<string, string>> = {
  accounts: {
    name: 'name',
    domain: 'domain',
    parent_ext_id: 'parent',
    owner: 'owner',
    owner_email: 'ownerEmail',
    renewal_date: 'renewalDate',
    created_date: 'createdDate',
  },
  subscriptions: { end_date: 'end', plan: 'plan' },
  mrr: { plan: 'plan' },
  users: { created_date: 'createdDate' },
  entitlements: { to_date: 'to' },
}

/** Over the temporary table `stage`, of which only good rows, each key once, are left. */
export function targetsOf(dataset: DimensionDataset, options: TargetOptions): Target[] {
  const [main, ...rest] = allTargets(dataset, options)
  const isMapped = (column: string) => {
    const field = optional[dataset][column]
    return field === undefined || options.mapped.has(field)
  }
  return [
    { ...main!, values: main!.values.filter(isMapped), kept: main!.values.filter((column) => !isMapped(column)) },
    ...rest,
  ]
}

function allTargets(dataset: DimensionDataset, { source, importedOn, attributes, mapped }: TargetOptions): Target[] {
  const from = `'${source}' as source`
  switch (dataset) {
    case 'accounts':
      return [
        {
          table: 'account',
          keys: ['source', 'ext_id'],
          values: ['name', 'domain', 'parent_ext_id', 'owner', 'owner_email', 'renewal_date', 'created_date'],
          select: `
            select
              ${from}, ext_id, name, domain, parent_ext_id, owner, owner_email, renewal_date,
              created_date
            from stage
            qualify row_number() over (
              partition by ext_id order by valid_from desc nulls last, row_no desc
            ) = 1`,
        },
        {
          table: 'account_alias',
          keys: ['source', 'ext_id', 'alias_source'],
          values: ['alias_id'],
          select: `
            select ${from}, ext_id, alias_source, alias_id
            from (
              select ext_id, 'product' as alias_source, product_id as alias_id, valid_from, row_no from stage
              union all select ext_id, 'billing', billing_id, valid_from, row_no from stage
            )
            where alias_id is not null
            qualify row_number() over (
              partition by ext_id, alias_source order by valid_from desc nulls last, row_no desc
            ) = 1`,
        },
        ...(attributes
          ? [
              {
                table: 'account_attribute',
                keys: ['source', 'ext_id', 'key', 'valid_from'],
                values: ['value'],
                carried: ['imported_on'],
                select: `
                  select ${from}, ext_id, key, value, valid_from, date '${importedOn}' as imported_on
                  from stage_attribute
                  where valid_from is not null`,
              },
              {
                // Without a date of its own a value holds from the import on, and only where it is not what is known already.
                table: 'account_attribute',
                keys: ['source', 'ext_id', 'key', 'valid_from', 'imported_on'],
                values: ['value'],
                select: `
                  select
                    ${from}, a.ext_id, a.key, a.value,
                    cast(null as date) as valid_from,
                    date '${importedOn}' as imported_on
                  from stage_attribute a
                  left join (
                    select
                      ext_id, key,
                      arg_max(struct_pack(v := value), coalesce(valid_from, imported_on)).v as value,
                      true as known
                    from account_attribute
                    where source = '${source}'
                    group by 1, 2
                  ) k on k.ext_id = a.ext_id and k.key = a.key
                  where a.valid_from is null
                    and (case when k.known then k.value is distinct from a.value else a.value is not null end)`,
              },
            ]
          : []),
      ]
    case 'subscriptions':
      return [
        {
          table: 'subscription',
          keys: ['source', 'ext_id'],
          values: ['account_ref', 'start_date', 'end_date', 'arr_cents', 'plan'],
          select: `select ${from}, ext_id, account_ref, start_date, end_date, arr_cents, plan from stage`,
        },
        ...termTarget(
          {
            table: 'subscription_term',
            keys: ['source', 'ext_id'],
            terms: { status: 'status', escalator: 'escalator', one_off: 'oneOff', ...moneyTerms },
            select: (columns) => `select ${from}, ext_id, ${columns} from stage`,
          },
          mapped,
        ),
      ]
    case 'mrr':
      return [
        {
          table: 'mrr_snapshot',
          keys: ['source', 'account_ref', 'month'],
          values: ['arr_cents', 'plan'],
          select: `select ${from}, account_ref, month, arr_cents, plan from stage`,
        },
        ...termTarget(
          {
            table: 'mrr_term',
            keys: ['source', 'account_ref', 'month'],
            terms: moneyTerms,
            select: (columns) => `select ${from}, account_ref, month, ${columns} from stage`,
          },
          mapped,
        ),
      ]
    case 'users':
      return [
        {
          table: 'app_user',
          keys: ['source', 'ext_id'],
          values: ['account_ref', 'created_date'],
          select: `select ${from}, ext_id, account_ref, created_date from stage`,
        },
      ]
    case 'entitlements':
      return [
        {
          table: 'entitlement',
          keys: ['source', 'account_ref', 'plan', 'feature', 'from_date'],
          values: ['to_date'],
          select: `select ${from}, account_ref, plan, feature, from_date, to_date from stage`,
        },
      ]
  }
}

const moneyTerms = { currency: 'currency', local_arr_cents: 'currency', rate: 'currency' }

/** The terms that a file speaks of; one that speaks of none writes none, and leaves what another file said. */
function termTarget(
  {
    table,
    keys,
    terms,
    select,
  }: { table: string; keys: string[]; terms: Record<string, string>; select: (columns: string) => string },
  mapped: ReadonlySet<string>,
): Target[] {
  const columns = Object.keys(terms)
  const values = columns.filter((column) => mapped.has(terms[column]!))
  return values.length === 0
    ? []
    : [
        {
          table,
          keys,
          values,
          kept: columns.filter((column) => !values.includes(column)),
          select: select(columns.join(', ')),
        },
      ]
}

export const tablesOf: Record<Dataset, string[]> = {
  accounts: ['account', 'account_alias', 'account_attribute'],
  subscriptions: ['subscription', 'subscription_term'],
  mrr: ['mrr_snapshot', 'mrr_term'],
  users: ['app_user'],
  entitlements: ['entitlement'],
  usage: ['event'],
}

/** What a refresh has to look at again. */
export const partOf: Record<Dataset, string> = {
  accounts: 'accounts',
  subscriptions: 'revenue',
  mrr: 'revenue',
  users: 'accounts',
  entitlements: 'entitlements',
  usage: 'features',
}
