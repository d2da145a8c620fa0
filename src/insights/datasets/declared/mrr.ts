import type { DatasetDeclaration } from '../declaration.ts'
import { keyedTarget } from '../importing/dimensions.ts'
import { centsOf } from '../mapping/convert.ts'
import { needed, optional } from './fields.ts'
import { dateChecks, value } from './staging.ts'
import { moneyTerms, termTarget } from './terms.ts'

export const mrr: DatasetDeclaration = {
  name: 'mrr',
  words: { title: 'MRR by month', what: 'or what each account paid by month', inText: 'MRR', isPlural: false },
  source: 'billing',
  keys: [],
  alternatives: [],
  holdsPeopleOutside: false,
  likeness: () => 0.9,
  fields: [
    needed('account', 'Account id', 'id', 'Whose revenue it is', {
      en: [
        'accountid',
        'customerid',
        'companyid',
        'customer',
        'account',
        'kundennummer',
        'kundenid',
        'kunde',
        'client',
      ],
      de: ['Kunden-Nr', 'Debitorennummer', 'Debitor', 'Firma'],
      fr: ['ID client', 'Numéro client', 'N° client', 'Code client', 'ID compte', 'Compte'],
      es: ['ID de cliente', 'Número de cliente', 'N.º de cliente', 'Código de cliente', 'ID de cuenta', 'Cliente'],
      pt: ['ID do cliente', 'Número do cliente', 'N.º do cliente', 'Código do cliente', 'ID da conta', 'Cliente'],
    }),
    needed('month', 'Month', 'month', 'The month at whose end the amount ran', {
      en: ['month', 'date', 'period', 'snapshotmonth', 'monthend', 'snapshotdate', 'monat', 'mois', 'mes', 'yearmonth'],
      de: ['Zeitraum', 'Periode', 'Abrechnungsmonat', 'Datum', 'Stichtag'],
      fr: ['Période', 'Mois de facturation', 'Date de fin de mois'],
      es: ['Período', 'Periodo', 'Fecha', 'Mes de facturación'],
      pt: ['Mês', 'Período', 'Mês de referência', 'Competência', 'Data'],
    }),
    needed('amount', 'MRR', 'amount', 'Monthly recurring revenue at the month’s end', {
      en: ['mrr', 'amount', 'monthlyrecurringrevenue', 'mrramount', 'betrag', 'monatsbetrag', 'montant', 'importe'],
      de: ['Monatsumsatz', 'Umsatz', 'Monatlicher Umsatz', 'Nettobetrag'],
      fr: ['Revenu mensuel', 'Revenu mensuel récurrent', 'Montant mensuel', 'Montant HT'],
      es: ['Ingresos mensuales', 'Ingreso mensual recurrente', 'Importe mensual', 'Monto'],
      pt: ['Receita mensal', 'Receita mensal recorrente', 'Receita recorrente mensal', 'Valor mensal', 'Valor'],
    }),
    optional('currency', 'Currency', 'currency', 'ISO code of the amount’s currency', {
      en: ['currency', 'currencycode'],
      de: ['Währung', 'Waehrung', 'Währungscode'],
      fr: ['Devise', 'Monnaie', 'Code devise'],
      es: ['Moneda', 'Divisa'],
      pt: ['Moeda', 'Divisa'],
    }),
    optional('plan', 'Plan', 'text', 'The plan; entitlements may be given by plan', {
      en: ['plan', 'planname', 'edition', 'tier'],
      de: ['Tarif', 'Produkt', 'Paket'],
      fr: ['Formule', 'Offre', 'Forfait', 'Produit'],
      es: ['Tarifa', 'Producto', 'Paquete'],
      pt: ['Plano', 'Produto', 'Pacote'],
    }),
  ],
  target: keyedTarget({
    tables: ['mrr_snapshot', 'mrr_term'],
    dirties: 'revenue',
    optional: { plan: 'plan' },
    staging(mapping, fields, currency) {
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
        repeatIs: 'The same account and month stand above: add its amounts up, one row for each account and month',
      }
    },
    targets: ({ source, mapped }) => [
      {
        table: 'mrr_snapshot',
        keys: ['source', 'account_ref', 'month'],
        values: ['arr_cents', 'plan'],
        select: `select '${source}' as source, account_ref, month, arr_cents, plan from stage`,
      },
      ...termTarget(
        {
          table: 'mrr_term',
          keys: ['source', 'account_ref', 'month'],
          terms: moneyTerms,
          select: (columns) => `select '${source}' as source, account_ref, month, ${columns} from stage`,
        },
        mapped,
      ),
    ],
  }),
}
