import type { DatasetDeclaration, Staging, Fields } from '../declaration.ts'
import { keyedTarget, type TargetOptions } from '../importing/dimensions.ts'
import type { Target } from '../importing/upsert.ts'
import type { Mapping } from '../schemas.ts'
import { needed, optional } from './fields.ts'
import { dateChecks, value } from './staging.ts'

export const accounts: DatasetDeclaration = {
  name: 'accounts',
  words: { title: 'Accounts', what: 'who they are: segment, owner, renewal', inText: 'accounts', isPlural: true },
  source: 'crm',
  keys: ['attributes'],
  alternatives: [],
  // An owner is somebody of the own company.
  holdsPeopleOutside: false,
  likeness: (has) => 0.75 + 0.25 * Math.max(has('name'), has('domain'), has('owner')),
  fields: [
    needed('id', 'Account id', 'id', 'The id of the account in this system', {
      en: [
        'accountid',
        'id',
        'crmid',
        'companyid',
        'customerid',
        'organizationid',
        'orgid',
        'accountnumber',
        'salesforceid',
        'kundennummer',
        'kundenid',
        'kundennr',
        'idclient',
        'idcliente',
      ],
      de: ['Kunden-Nr', 'Debitorennummer', 'Debitor', 'Firmen-ID', 'Account-Nr', 'Mandantennummer'],
      fr: ['Numéro client', 'N° client', 'Code client', 'ID compte', 'Identifiant client', 'Identifiant compte'],
      es: ['Número de cliente', 'N.º de cliente', 'Código de cliente', 'ID de cliente', 'ID de cuenta', 'ID cuenta'],
      pt: ['Número do cliente', 'N.º do cliente', 'Código do cliente', 'ID do cliente', 'ID da conta', 'ID conta'],
    }),
    optional('name', 'Name', 'text', 'What people call the account', {
      en: [
        'name',
        'accountname',
        'companyname',
        'company',
        'customer',
        'customername',
        'account',
        'firma',
        'kundenname',
        'unternehmen',
        'client',
        'entreprise',
        'empresa',
      ],
      de: ['Firmenname', 'Kunde', 'Account-Name', 'Bezeichnung'],
      fr: ['Nom', 'Nom du client', 'Nom du compte', 'Raison sociale', 'Société', 'Compte'],
      es: ['Nombre', 'Nombre del cliente', 'Nombre de la cuenta', 'Razón social', 'Cliente', 'Compañía', 'Cuenta'],
      pt: ['Nome', 'Nome do cliente', 'Nome da conta', 'Razão social', 'Cliente', 'Companhia', 'Conta'],
    }),
    optional('domain', 'Domain', 'domain', 'The company’s web domain; used to propose matches', {
      en: ['domain', 'website', 'companydomain', 'url', 'emaildomain'],
      de: ['Webseite', 'Website', 'Internetseite', 'Homepage', 'Domäne', 'Internetadresse'],
      fr: ['Site web', 'Site internet', 'Domaine', 'Nom de domaine'],
      es: ['Sitio web', 'Página web', 'Dominio', 'Web'],
      pt: ['Site', 'Página web', 'Domínio', 'Website'],
    }),
    optional('parent', 'Parent account id', 'id', 'The id of the parent account in this system', {
      en: ['parentid', 'parentaccountid', 'parentaccount', 'parent'],
      de: ['Übergeordneter Account', 'Muttergesellschaft', 'Konzern-ID', 'Mutter-ID', 'Hauptkunde'],
      fr: ['Compte parent', 'Société mère', 'ID compte parent', 'Maison mère'],
      es: ['Cuenta principal', 'Cuenta matriz', 'Empresa matriz', 'ID de cuenta principal'],
      pt: ['Conta principal', 'Conta pai', 'Empresa mãe', 'Matriz', 'ID da conta principal'],
    }),
    optional('owner', 'Owner', 'text', 'Who looks after the account', {
      en: [
        'owner',
        'accountowner',
        'ownername',
        'csm',
        'csmname',
        'accountmanager',
        'betreuer',
        'kundenbetreuer',
        'responsable',
      ],
      de: [
        'Inhaber',
        'Account-Inhaber',
        'Verantwortlich',
        'Ansprechpartner intern',
        'Zuständig',
        'Vertriebsmitarbeiter',
      ],
      fr: ['Propriétaire', 'Propriétaire du compte', 'Responsable du compte', 'Chargé de compte', 'Gestionnaire'],
      es: ['Propietario', 'Propietario de la cuenta', 'Responsable de la cuenta', 'Gestor de cuenta', 'Gestor'],
      pt: [
        'Proprietário',
        'Proprietário da conta',
        'Responsável',
        'Responsável pela conta',
        'Gestor da conta',
        'Gestor',
      ],
    }),
    optional('ownerEmail', 'Owner e-mail', 'email', 'Where the owner is written to', {
      en: ['owneremail', 'accountowneremail', 'csmemail'],
      de: ['E-Mail des Betreuers', 'Betreuer E-Mail', 'E-Mail Inhaber', 'Inhaber E-Mail'],
      fr: ['E-mail du responsable', 'E-mail du propriétaire', 'Courriel du responsable'],
      es: ['Correo del responsable', 'Correo del propietario', 'Email del responsable', 'Email del propietario'],
      pt: ['E-mail do responsável', 'E-mail do proprietário', 'E-mail do gestor'],
    }),
    optional(
      'renewalDate',
      'Renewal date',
      'date',
      'When the contract renews; else the end of the running subscription',
      {
        en: [
          'renewaldate',
          'renewal',
          'renewson',
          'nextrenewal',
          'contractend',
          'contractenddate',
          'verlangerung',
          'verlangerungam',
          'vertragsende',
          'renouvellement',
        ],
        de: ['Verlängerungsdatum', 'Verlaengerung', 'Nächste Verlängerung', 'Laufzeitende', 'Vertrag bis'],
        fr: [
          'Date de renouvellement',
          'Prochain renouvellement',
          'Échéance',
          'Fin de contrat',
          'Date de fin de contrat',
        ],
        es: ['Fecha de renovación', 'Renovación', 'Próxima renovación', 'Vencimiento', 'Fin de contrato'],
        pt: ['Data de renovação', 'Renovação', 'Próxima renovação', 'Vencimento', 'Fim do contrato'],
      },
    ),
    optional('createdDate', 'Created', 'date', 'When the account came to be', {
      en: ['createddate', 'created', 'createdat', 'customersince'],
      de: ['Angelegt am', 'Erstellt am', 'Erstelldatum', 'Kunde seit', 'Anlagedatum'],
      fr: ['Date de création', 'Créé le', 'Client depuis'],
      es: ['Fecha de creación', 'Creado el', 'Fecha de alta', 'Cliente desde'],
      pt: ['Data de criação', 'Criado em', 'Data de cadastro', 'Cliente desde'],
    }),
    optional('productId', 'Id in the product', 'id', 'The id that the product’s usage events bear for this account', {
      en: ['productid', 'workspaceid', 'productworkspaceid', 'tenantid', 'appid', 'productaccountid', 'instanceid'],
      de: ['Produkt-ID', 'Arbeitsbereich-ID', 'Mandanten-ID', 'Instanz-ID'],
      fr: ['ID produit', 'ID espace de travail', 'Identifiant produit'],
      es: ['ID de producto', 'ID del espacio de trabajo', 'ID de instancia'],
      pt: ['ID do produto', 'ID do espaço de trabalho', 'ID da instância'],
    }),
    optional('billingId', 'Id in billing', 'id', 'The id that billing bears for this account', {
      en: ['billingid', 'stripeid', 'stripecustomerid', 'billingcustomerid', 'chargebeeid'],
      de: ['Rechnungskunde', 'Abrechnungs-ID', 'Rechnungskunden-Nr'],
      fr: ['ID facturation', 'Identifiant de facturation', 'Compte de facturation'],
      es: ['ID de facturación', 'Cuenta de facturación'],
      pt: ['ID de faturamento', 'ID de faturação', 'Conta de cobrança'],
    }),
    optional('validFrom', 'Valid from', 'date', 'From when this row’s attributes hold; else from the import on', {
      en: ['validfrom', 'effectivefrom', 'asof', 'snapshotdate'],
      de: ['Gültig ab', 'Gültig von', 'Stand', 'Stichtag'],
      fr: ['Valable à partir du', 'Valide depuis', 'En vigueur depuis'],
      es: ['Válido desde', 'Vigente desde', 'Fecha de vigencia'],
      pt: ['Válido desde', 'Válido a partir de', 'Vigente desde'],
    }),
  ],
  target: keyedTarget({
    tables: ['account', 'account_alias', 'account_attribute'],
    dirties: 'accounts',
    optional: {
      name: 'name',
      domain: 'domain',
      parent_ext_id: 'parent',
      owner: 'owner',
      owner_email: 'ownerEmail',
      renewal_date: 'renewalDate',
      created_date: 'createdDate',
    },
    staging,
    targets,
  }),
}

function staging(_: Mapping, fields: Fields): Staging {
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
}

function targets({ source, importedOn, attributes }: TargetOptions): Target[] {
  const from = `'${source}' as source`
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
    ...(attributes ? attributeTargets(source, importedOn) : []),
  ]
}

function attributeTargets(source: string, importedOn: string): Target[] {
  const from = `'${source}' as source`
  return [
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
}
