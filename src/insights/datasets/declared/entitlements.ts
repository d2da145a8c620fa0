import type { DatasetDeclaration, Fields, Staging } from '../declaration.ts'
import { keyedTarget } from '../importing/dimensions.ts'
import type { Mapping } from '../schemas.ts'
import { needed, optional } from './fields.ts'
import { dateChecks, value } from './staging.ts'

export const entitlements: DatasetDeclaration = {
  name: 'entitlements',
  words: { title: 'Entitlements', what: 'who may use which feature', inText: 'entitlements', isPlural: true },
  source: 'billing',
  keys: [],
  alternatives: [{ fields: ['account', 'plan'], what: 'say who may use it' }],
  holdsPeopleOutside: false,
  likeness: (has) => Math.max(has('account'), has('plan')),
  fields: [
    needed('feature', 'Feature', 'text', 'The feature that may be used', {
      en: ['feature', 'featurename', 'module', 'entitlement'],
      de: ['Funktion', 'Modul', 'Berechtigung', 'Leistungsmerkmal'],
      fr: ['Fonctionnalité', 'Fonction', 'Droit', 'Nom de la fonctionnalité'],
      es: ['Funcionalidad', 'Función', 'Módulo', 'Característica', 'Derecho'],
      pt: ['Funcionalidade', 'Função', 'Módulo', 'Recurso', 'Direito'],
    }),
    optional('account', 'Account id', 'id', 'Who may use it: an account or a plan', {
      en: ['accountid', 'customerid', 'companyid', 'account', 'orgid'],
      de: ['Kunden-Nr', 'Kundennummer', 'Kunden-ID', 'Kunde', 'Debitorennummer'],
      fr: ['ID client', 'Numéro client', 'N° client', 'Client', 'ID compte', 'Compte'],
      es: ['ID de cliente', 'Número de cliente', 'Cliente', 'ID de cuenta', 'Cuenta'],
      pt: ['ID do cliente', 'Número do cliente', 'Cliente', 'ID da conta', 'Conta'],
    }),
    optional('plan', 'Plan', 'text', 'Whose subscribers may use it', {
      en: ['plan', 'planname', 'edition', 'tier', 'package'],
      de: ['Tarif', 'Paket', 'Produkt', 'Tarifname'],
      fr: ['Formule', 'Offre', 'Forfait'],
      es: ['Tarifa', 'Paquete', 'Nombre del plan'],
      pt: ['Plano', 'Pacote', 'Nome do plano'],
    }),
    optional('from', 'From', 'date', 'From when', {
      en: ['from', 'start', 'startdate', 'validfrom'],
      de: ['Von', 'Ab', 'Gültig ab', 'Gültig von', 'Beginn', 'Startdatum'],
      fr: ['Date de début', 'Début', 'Depuis', 'À partir du', 'Valable à partir du'],
      es: ['Fecha de inicio', 'Inicio', 'Desde', 'Válido desde'],
      pt: ['Data de início', 'Início', 'Desde', 'Válido desde'],
    }),
    optional('to', 'To', 'date', 'First day it no longer holds', {
      en: ['to', 'end', 'enddate', 'validto', 'until'],
      de: ['Bis', 'Gültig bis', 'Ende', 'Enddatum'],
      fr: ['Date de fin', 'Fin', "Jusqu'au", "Valable jusqu'au"],
      es: ['Fecha de fin', 'Fin', 'Hasta', 'Válido hasta'],
      pt: ['Data de fim', 'Data de término', 'Fim', 'Até', 'Válido até'],
    }),
  ],
  target: keyedTarget({
    tables: ['entitlement'],
    dirties: 'entitlements',
    optional: { to_date: 'to' },
    staging,
    targets: ({ source }) => [
      {
        table: 'entitlement',
        keys: ['source', 'account_ref', 'plan', 'feature', 'from_date'],
        values: ['to_date'],
        select: `select '${source}' as source, account_ref, plan, feature, from_date, to_date from stage`,
      },
    ],
  }),
}

function staging(_: Mapping, fields: Fields): Staging {
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
