import { expect, test } from 'vitest'
import { languages } from '../declaration.ts'
import { datasets } from '../declared/list.ts'
import { needDataset } from '../known.ts'
import type { SourceColumn } from '../schemas.ts'
import { guessDatasets, proposeFields, sureFrom } from './propose.ts'

const samples: Record<string, string[]> = {
  id: ['A-1', 'A-2', 'A-3'],
  text: ['north', 'south', 'west'],
  domain: ['ada.example', 'bo.example', 'cy.example'],
  email: ['a@ada.example', 'b@bo.example', 'c@cy.example'],
  date: ['2025-01-31', '2025-02-28', '2025-03-31'],
  time: ['2025-01-31 10:00', '2025-02-28 11:00', '2025-03-31 12:00'],
  month: ['2025-01', '2025-02', '2025-03'],
  amount: ['12.50', '7.25', '9.75'],
  count: ['3', '4', '5'],
  currency: ['EUR', 'USD', 'EUR'],
  share: ['3 %', '5 %', '2 %'],
  flag: ['no', 'yes', 'no'],
}
const column = (name: string, type: string): SourceColumn => ({
  name,
  type: 'VARCHAR',
  samples: samples[type]!,
  empty: 0,
  distinct: type === 'flag' ? 2 : 3,
})

/** A header row of an export, in the order of the fields it stands for. */
type Row = [dataset: string, fields: string, header: string]
const rows: Row[] = [
  [
    'accounts',
    'id name domain parent owner ownerEmail renewalDate createdDate',
    'Account ID;Account Name;Website;Parent Account;Account Owner;Owner Email;Renewal Date;Created Date',
  ],
  [
    'accounts',
    'id name domain owner ownerEmail renewalDate createdDate',
    'Kunden-Nr.;Firma;Webseite;Kundenbetreuer;Betreuer E-Mail;Verlängerungsdatum;Kunde seit',
  ],
  [
    'accounts',
    'id name domain parent owner renewalDate createdDate',
    'N° client;Raison sociale;Site web;Société mère;Propriétaire du compte;Date de renouvellement;Date de création',
  ],
  [
    'accounts',
    'id name domain parent owner renewalDate createdDate',
    'Código de cliente;Razón social;Sitio web;Empresa matriz;Propietario de la cuenta;Fecha de renovación;Fecha de alta',
  ],
  [
    'accounts',
    'id name domain parent owner renewalDate createdDate',
    'Código do cliente;Razão social;Site;Empresa mãe;Proprietário da conta;Data de renovação;Data de cadastro',
  ],
  [
    'subscriptions',
    'id account start end amount currency plan status',
    'Subscription ID;Customer ID;Start Date;End Date;MRR;Currency;Plan;Status',
  ],
  [
    'subscriptions',
    'id account start end amount currency plan status',
    'Vertrags-Nr;Kunden-Nr;Vertragsbeginn;Vertragsende;Monatsbetrag;Währung;Tarif;Zahlungsstatus',
  ],
  [
    'subscriptions',
    'id account start end amount currency plan status',
    'Numéro de contrat;Code client;Date de début;Date de fin;Montant mensuel;Devise;Formule;Statut',
  ],
  [
    'subscriptions',
    'id account start end amount currency plan status',
    'Número de contrato;ID de cliente;Fecha de inicio;Fecha de fin;Importe mensual;Moneda;Tarifa;Estado',
  ],
  [
    'subscriptions',
    'id account start end amount currency plan status',
    'Número do contrato;ID do cliente;Data de início;Data de término;Valor mensal;Moeda;Plano;Situação',
  ],
  ['mrr', 'account month amount currency plan', 'Customer ID;Month;MRR;Currency;Plan'],
  ['mrr', 'account month amount currency plan', 'Kundennummer;Abrechnungsmonat;Monatsumsatz;Währung;Tarif'],
  ['mrr', 'account month amount currency plan', 'ID client;Mois;Revenu mensuel récurrent;Devise;Offre'],
  ['mrr', 'account month amount currency plan', 'ID de cliente;Mes;Ingresos mensuales;Moneda;Producto'],
  ['mrr', 'account month amount currency plan', 'ID do cliente;Mês;Receita mensal;Moeda;Produto'],
  ['users', 'id account createdDate', 'User ID;Workspace ID;Created At'],
  ['users', 'id account createdDate', 'Benutzer;Kunde;Registriert am'],
  ['users', 'id account createdDate', "Identifiant utilisateur;Compte;Date d'inscription"],
  ['users', 'id account createdDate', 'ID de usuario;Cuenta;Fecha de registro'],
  ['users', 'id account createdDate', 'ID do usuário;Conta;Data de cadastro'],
  ['usage', 'time user event eventId', 'Timestamp;User ID;Event Name;Event ID'],
  ['usage', 'time user event eventId', 'Zeitpunkt;Benutzer;Ereignis;Ereignis-ID'],
  ['usage', 'time user event eventId', "Horodatage;Utilisateur;Événement;ID de l'événement"],
  ['usage', 'time user event eventId', 'Fecha y hora;Usuario;Evento;ID del evento'],
  ['usage', 'time user event eventId', 'Data e hora;Usuário;Evento;ID do evento'],
  ['usage', 'time account feature count', 'Tag;Kunden-Nr;Funktion;Anzahl'],
  ['usage', 'time account feature count', "Jour;Client;Fonctionnalité;Nombre d'utilisations"],
  ['usage', 'time account feature count', 'Día;Cliente;Funcionalidad;Cantidad'],
  ['usage', 'time account feature count', 'Dia;Cliente;Funcionalidade;Quantidade'],
  ['entitlements', 'plan feature from to', 'Plan;Feature;Valid From;Valid To'],
  ['entitlements', 'plan feature from to', 'Tarif;Funktion;Gültig ab;Gültig bis'],
  ['entitlements', 'plan feature from to', "Formule;Fonctionnalité;Date de début;Valable jusqu'au"],
  ['entitlements', 'plan feature from to', 'Tarifa;Funcionalidad;Desde;Hasta'],
  ['entitlements', 'plan feature from to', 'Plano;Funcionalidade;Data de início;Data de fim'],
]

test.each(rows)('%s (%s) is known by the header %s, each column surely for its field', (dataset, fields, header) => {
  const declared = needDataset(datasets, dataset)
  const names = fields.split(' ')
  const columns = header
    .split(';')
    .map((name, i) => column(name, declared.fields.find((f) => f.name === names[i])!.type))
  const proposed = proposeFields(declared, columns)
  const found = new Map(proposed.map((p) => [p.field, p]))
  expect(names.map((name) => found.get(name)?.source.column)).toEqual(header.split(';'))
  expect(proposed.filter((p) => p.confidence < sureFrom)).toEqual([])
  // A list of who used what on which day may be one of who may use what; a person chooses.
  const guesses = guessDatasets(datasets, columns).slice(0, names.includes('count') ? 2 : 1)
  expect(guesses.map((g) => g.dataset)).toContain(dataset)
})

test('every field of every dataset goes by a name in each of the five languages, and no name stands for two fields at once', () => {
  const bare = (name: string) =>
    name
      .normalize('NFKD')
      .toLowerCase()
      .replaceAll(/[^a-z0-9]/g, '')
  const told = datasets.flatMap(({ name, fields }) => [
    ...fields.flatMap((f) =>
      languages.filter((language) => !f.headers[language]?.length).map((l) => `${name}.${f.name} has none in ${l}`),
    ),
    ...fields.flatMap((f) =>
      languages
        .filter((l) => l !== 'en')
        .flatMap((l) => f.headers[l] ?? [])
        .filter((header) =>
          fields.some((o) => o.name !== f.name && Object.values(o.headers).flat().map(bare).includes(bare(header))),
        )
        .map((header) => `${name}: “${header}” stands for ${f.name} and another field`),
    ),
  ])
  expect(told).toEqual([])
})
