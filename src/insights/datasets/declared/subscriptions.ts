import type { DatasetDeclaration, Fields, Staging } from '../declaration.ts'
import { keyedTarget } from '../importing/dimensions.ts'
import { annualised, centsOf } from '../mapping/convert.ts'
import type { Mapping } from '../schemas.ts'
import { needed, optional } from './fields.ts'
import { dateChecks, value } from './staging.ts'
import { moneyTerms, termTarget } from './terms.ts'

export const subscriptions: DatasetDeclaration = {
  name: 'subscriptions',
  words: {
    title: 'Subscriptions',
    what: 'what accounts pay, and until when',
    inText: 'subscriptions',
    isPlural: true,
  },
  source: 'billing',
  keys: ['amountIs', 'endIsInclusive'],
  alternatives: [],
  holdsPeopleOutside: false,
  likeness: () => 1,
  fields: [
    needed('id', 'Subscription id', 'id', 'The id of the subscription or contract', {
      en: [
        'subscriptionid',
        'id',
        'contractid',
        'contractnumber',
        'subid',
        'opportunityid',
        'abonummer',
        'vertragsnummer',
        'abo',
        'subscription',
        'contract',
        'vertrag',
        'abonnement',
      ],
      de: ['Vertrags-Nr', 'Vertrags-ID', 'Abo-ID', 'Abo-Nr', 'Abonnement-ID', 'Auftragsnummer'],
      fr: ['ID abonnement', 'Numéro de contrat', 'N° de contrat', 'N° abonnement', 'Contrat', 'ID contrat'],
      es: ['ID de suscripción', 'Número de contrato', 'N.º de contrato', 'Suscripción', 'Contrato', 'ID de contrato'],
      pt: ['ID da assinatura', 'Número do contrato', 'N.º do contrato', 'Assinatura', 'Contrato', 'ID do contrato'],
    }),
    needed('account', 'Account id', 'id', 'Whose subscription it is', {
      en: [
        'accountid',
        'customerid',
        'companyid',
        'customer',
        'account',
        'orgid',
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
    needed('start', 'Start', 'date', 'First day that counts', {
      en: [
        'start',
        'beginn',
        'vertragsbeginn',
        'debut',
        'inicio',
        'startdate',
        'startedat',
        'contractstart',
        'from',
        'begin',
        'currentperiodstart',
        'contractstartdate',
        'subscriptionstart',
        'subscriptionstartdate',
      ],
      de: ['Startdatum', 'Laufzeitbeginn', 'Gültig ab', 'Vertragsstart', 'Von'],
      fr: ['Date de début', 'Début du contrat', 'Date de début de contrat', 'Du'],
      es: ['Fecha de inicio', 'Inicio del contrato', 'Fecha de alta', 'Desde'],
      pt: ['Data de início', 'Início do contrato', 'Início da vigência', 'De'],
    }),
    optional('end', 'End', 'date', 'First day that no longer counts; empty: still running', {
      en: [
        'end',
        'enddate',
        'endedat',
        'canceledat',
        'cancelledat',
        'contractend',
        'to',
        'until',
        'expires',
        'ende',
        'vertragsende',
        'fin',
        'contractenddate',
        'subscriptionend',
        'subscriptionenddate',
      ],
      de: ['Enddatum', 'Laufzeitende', 'Gültig bis', 'Gekündigt zum', 'Bis'],
      fr: ['Date de fin', 'Fin du contrat', 'Date de fin de contrat', 'Échéance', 'Résilié le', 'Au'],
      es: ['Fecha de fin', 'Fin del contrato', 'Fecha de vencimiento', 'Fecha de baja', 'Hasta'],
      pt: ['Data de término', 'Data de fim', 'Fim do contrato', 'Fim da vigência', 'Término', 'Até'],
    }),
    needed('amount', 'Amount', 'amount', 'Recurring amount; say whether per month, per year or in total', {
      en: [
        'betrag',
        'monatsbetrag',
        'montant',
        'importe',
        'mrr',
        'arr',
        'amount',
        'tcv',
        'totalvalue',
        'monthlyamount',
        'annualamount',
        'contractvalue',
        'acv',
        'price',
        'mrramount',
      ],
      de: ['Jahresbetrag', 'Vertragswert', 'Preis', 'Umsatz', 'Jahreswert', 'Nettobetrag'],
      fr: ['Montant mensuel', 'Montant annuel', 'Valeur du contrat', 'Prix', 'Montant HT'],
      es: ['Importe mensual', 'Importe anual', 'Monto', 'Valor del contrato', 'Precio', 'Cuota'],
      pt: ['Valor', 'Valor mensal', 'Valor anual', 'Valor do contrato', 'Preço', 'Montante', 'Mensalidade'],
    }),
    optional('currency', 'Currency', 'currency', 'ISO code of the amount’s currency', {
      en: ['currency', 'currencycode', 'currencyisocode', 'wahrung', 'devise', 'moneda'],
      de: ['Waehrung', 'Währungscode', 'Währungskürzel'],
      fr: ['Monnaie', 'Code devise'],
      es: ['Divisa', 'Código de moneda'],
      pt: ['Moeda', 'Divisa', 'Código da moeda'],
    }),
    optional('plan', 'Plan', 'text', 'The plan; entitlements may be given by plan', {
      en: ['plan', 'planname', 'product', 'edition', 'tier', 'package'],
      de: ['Tarif', 'Produkt', 'Paket', 'Tarifname', 'Produktname'],
      fr: ['Formule', 'Offre', 'Forfait', 'Produit', 'Abonnement souscrit'],
      es: ['Tarifa', 'Producto', 'Paquete', 'Nombre del plan'],
      pt: ['Plano', 'Produto', 'Pacote', 'Nome do plano'],
    }),
    optional(
      'status',
      'Payment status',
      'text',
      'past_due, unpaid, overdue or delinquent says that the amount is owed',
      {
        en: ['status', 'paymentstatus', 'subscriptionstatus', 'state', 'collectionstatus'],
        de: ['Zahlungsstatus', 'Vertragsstatus', 'Abostatus'],
        fr: ['Statut', 'Statut de paiement', 'État'],
        es: ['Estado', 'Estado de pago', 'Estado del contrato'],
        pt: ['Estado', 'Situação', 'Status do pagamento', 'Situação do contrato'],
      },
    ),
    optional('escalator', 'Agreed rise per year', 'share', 'A rise that the contract holds already: 5 % or 0.05', {
      en: ['escalator', 'annualescalator', 'uplift', 'annualuplift', 'priceescalator', 'indexation'],
      de: ['Preisanpassung', 'Preissteigerung', 'Indexierung', 'Jährliche Erhöhung'],
      fr: ['Indexation annuelle', 'Révision de prix', 'Augmentation annuelle'],
      es: ['Incremento anual', 'Subida anual', 'Indexación'],
      pt: ['Reajuste', 'Reajuste anual', 'Aumento anual', 'Indexação'],
    }),
    optional('oneOff', 'One-off', 'flag', 'Yes for a charge that does not recur: it is no ARR', {
      en: ['oneoff', 'onetime', 'isoneoff', 'isonetime', 'nonrecurring'],
      de: ['Einmalig', 'Einmalzahlung', 'Einmalbetrag'],
      fr: ['Ponctuel', 'Paiement unique', 'Non récurrent'],
      es: ['Único', 'Pago único', 'No recurrente', 'Puntual'],
      pt: ['Único', 'Pagamento único', 'Não recorrente', 'Avulso'],
    }),
  ],
  target: keyedTarget({
    tables: ['subscription', 'subscription_term'],
    dirties: 'revenue',
    optional: { end_date: 'end', plan: 'plan' },
    staging,
    targets: ({ source, mapped }) => [
      {
        table: 'subscription',
        keys: ['source', 'ext_id'],
        values: ['account_ref', 'start_date', 'end_date', 'arr_cents', 'plan'],
        select: `select '${source}' as source, ext_id, account_ref, start_date, end_date, arr_cents, plan from stage`,
      },
      ...termTarget(
        {
          table: 'subscription_term',
          keys: ['source', 'ext_id'],
          terms: { status: 'status', escalator: 'escalator', one_off: 'oneOff', ...moneyTerms },
          select: (columns) => `select '${source}' as source, ext_id, ${columns} from stage`,
        },
        mapped,
      ),
    ],
  }),
}

const words = (...all: string[]) => all.map((word) => `'${word}'`).join(', ')
const ended = words(
  'canceled',
  'cancelled',
  'ended',
  'expired',
  'terminated',
  'churned',
  'inactive',
  'gekündigt',
  'beendet',
  'résilié',
  'cancelado',
  'encerrado',
)
/** What was never paid, or is not yet. What is owed counts: `unpaid` and `past_due` are debts. */
const unpaid = words(
  'trial',
  'trialing',
  'trialling',
  'in trial',
  'draft',
  'void',
  'voided',
  'incomplete',
  'incomplete_expired',
  'paused',
)

function staging(mapping: Mapping, fields: Fields, currency: string): Staging {
  const { cents, own, code, rate, checks } = centsOf(mapping, fields, currency)
  const start = value(fields, 'start', 'date')
  const given = value(fields, 'end', 'date')
  const end = mapping.endIsInclusive ? `cast(${given} + interval 1 day as date)` : given
  const isTotal = mapping.amountIs === 'total'
  const endText = fields.get('end')?.text ?? 'null'
  const perYear = (amount: string) =>
    isTotal ? annualised(amount, start, end) : mapping.amountIs === 'mrr' ? `12 * ${amount}` : amount
  const escalator = fields.get('escalator')
  const status = fields.get('status')
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
      ...(status
        ? [
            {
              when: `lower(${status.value}) in (${ended}) and ${given} is null`,
              reason: 'Status says that it ended, and End is empty: it would run for ever',
              field: 'status',
              text: status.text,
            },
            {
              when: `lower(${status.value}) in (${unpaid})`,
              reason: 'Status says that it is no revenue: leave the row out, or say what the word means by “values”',
              field: 'status',
              text: status.text,
            },
          ]
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
