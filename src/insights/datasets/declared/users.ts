import type { DatasetDeclaration } from '../declaration.ts'
import { keyedTarget } from '../importing/dimensions.ts'
import { needed, optional } from './fields.ts'
import { dateChecks, value } from './staging.ts'

export const users: DatasetDeclaration = {
  name: 'users',
  words: { title: 'Users', what: 'who belongs to which account', inText: 'users', isPlural: true },
  source: 'product',
  keys: [],
  alternatives: [],
  // Ids of the product alone: no name and no address of anybody is taken.
  holdsPeopleOutside: false,
  likeness: (has) => has('account'),
  fields: [
    needed('id', 'User id', 'id', 'The id of the user in the product', {
      en: ['userid', 'id', 'memberid', 'personid', 'user', 'benutzerid', 'nutzerid'],
      de: ['Benutzer', 'Nutzer', 'Benutzernummer', 'Anwender', 'Anwender-ID', 'Benutzerkennung'],
      fr: ['ID utilisateur', 'Utilisateur', 'Identifiant utilisateur', 'Membre'],
      es: ['ID de usuario', 'Usuario', 'ID usuario', 'Miembro'],
      pt: ['ID do usuário', 'Usuário', 'ID do utilizador', 'Utilizador', 'Membro'],
    }),
    needed('account', 'Account id', 'id', 'Whose user it is', {
      en: [
        'accountid',
        'companyid',
        'workspaceid',
        'orgid',
        'customerid',
        'tenantid',
        'groupid',
        'account',
        'workspace',
        'organizationid',
        'organization',
        'kundennummer',
        'kundenid',
      ],
      de: ['Kunden-Nr', 'Kunde', 'Mandant', 'Arbeitsbereich', 'Firma', 'Organisation'],
      fr: ['ID client', 'Client', 'Numéro client', 'ID compte', 'Compte', 'Espace de travail', 'Entreprise'],
      es: ['ID de cliente', 'Cliente', 'ID de cuenta', 'Cuenta', 'Espacio de trabajo', 'Empresa', 'Organización'],
      pt: ['ID do cliente', 'Cliente', 'ID da conta', 'Conta', 'Espaço de trabalho', 'Empresa', 'Organização'],
    }),
    optional('createdDate', 'Created', 'date', 'When the user came to be', {
      en: ['createddate', 'created', 'createdat', 'signedupat', 'joined'],
      de: ['Angelegt am', 'Erstellt am', 'Registriert am', 'Erstelldatum', 'Beitrittsdatum'],
      fr: ['Date de création', 'Créé le', "Date d'inscription", 'Inscrit le'],
      es: ['Fecha de creación', 'Creado el', 'Fecha de alta', 'Fecha de registro'],
      pt: ['Data de criação', 'Criado em', 'Data de cadastro', 'Data de registro', 'Data de registo'],
    }),
  ],
  target: keyedTarget({
    tables: ['app_user'],
    dirties: 'accounts',
    optional: { created_date: 'createdDate' },
    staging: (_, fields) => ({
      fields: {
        ext_id: value(fields, 'id'),
        account_ref: value(fields, 'account'),
        created_date: value(fields, 'createdDate', 'date'),
      },
      checks: dateChecks(fields, ['createdDate']),
      key: ['ext_id'],
    }),
    targets: ({ source }) => [
      {
        table: 'app_user',
        keys: ['source', 'ext_id'],
        values: ['account_ref', 'created_date'],
        select: `select '${source}' as source, ext_id, account_ref, created_date from stage`,
      },
    ],
  }),
}
