import type { DatasetDeclaration } from '../declaration.ts'
import { usageTarget } from '../importing/usage.ts'
import { needed, optional } from './fields.ts'

export const usage: DatasetDeclaration = {
  name: 'usage',
  words: { title: 'Usage', what: 'events or daily counts', inText: 'usage', isPlural: false },
  source: 'product',
  keys: [],
  alternatives: [
    { fields: ['account', 'user', 'subscription'], what: 'say who used it' },
    { fields: ['event', 'feature'], what: 'say what was used', isExclusive: true },
  ],
  // A user stands there by the product's id alone.
  holdsPeopleOutside: false,
  likeness: (has) =>
    Math.max(has('event'), has('feature')) * Math.max(has('account'), has('user'), has('subscription')),
  fields: [
    needed('time', 'Time', 'time', 'When it happened; a day for pre-counted rows', {
      en: [
        'time',
        'timestamp',
        'eventtime',
        'occurredat',
        'createdat',
        'date',
        'day',
        'ts',
        'eventdate',
        'receivedat',
        'sentat',
        'originaltimestamp',
        'datum',
        'zeit',
        'zeitpunkt',
        'zeitstempel',
      ],
      de: ['Uhrzeit', 'Tag', 'Datum und Uhrzeit', 'Ereigniszeit'],
      fr: ['Horodatage', 'Date et heure', 'Heure', 'Jour', "Date de l'événement"],
      es: ['Fecha y hora', 'Marca de tiempo', 'Fecha', 'Hora', 'Día', 'Fecha del evento'],
      pt: ['Data e hora', 'Carimbo de data/hora', 'Data', 'Hora', 'Dia', 'Data do evento'],
    }),
    optional('account', 'Account id', 'id', 'Who used it: an account, a user or a subscription', {
      en: [
        'accountid',
        'companyid',
        'workspaceid',
        'orgid',
        'customerid',
        'tenantid',
        'groupid',
        'account',
        'organizationid',
      ],
      de: ['Kunden-Nr', 'Kundennummer', 'Kunden-ID', 'Kunde', 'Mandant', 'Arbeitsbereich'],
      fr: ['ID client', 'Numéro client', 'Client', 'ID compte', 'Compte', 'Espace de travail'],
      es: ['ID de cliente', 'Número de cliente', 'Cliente', 'ID de cuenta', 'Cuenta', 'Espacio de trabajo'],
      pt: ['ID do cliente', 'Número do cliente', 'Cliente', 'ID da conta', 'Conta', 'Espaço de trabalho'],
    }),
    optional('user', 'User id', 'id', 'The user, where known', {
      en: ['userid', 'user', 'memberid', 'distinctid', 'actorid'],
      de: ['Benutzer', 'Benutzer-ID', 'Nutzer', 'Nutzer-ID', 'Anwender'],
      fr: ['Utilisateur', 'ID utilisateur', 'Identifiant utilisateur'],
      es: ['Usuario', 'ID de usuario', 'ID usuario'],
      pt: ['Usuário', 'ID do usuário', 'Utilizador', 'ID do utilizador'],
    }),
    optional('subscription', 'Subscription id', 'id', 'The subscription, where usage is keyed by it', {
      en: ['subscriptionid', 'subid', 'contractid', 'subscription', 'contract', 'abo', 'abonummer', 'vertragsnummer'],
      de: ['Vertrags-Nr', 'Vertrags-ID', 'Abo-ID', 'Vertrag', 'Abonnement'],
      fr: ['ID abonnement', 'Abonnement', 'Numéro de contrat', 'Contrat'],
      es: ['ID de suscripción', 'Suscripción', 'Número de contrato', 'Contrato'],
      pt: ['ID da assinatura', 'Assinatura', 'Número do contrato', 'Contrato'],
    }),
    optional('event', 'Event name', 'text', 'The raw event name; rules turn it into a feature', {
      en: ['event', 'eventname', 'eventtype', 'action', 'name', 'ereignis'],
      de: ['Aktion', 'Ereignisname', 'Ereignistyp', 'Aktivität'],
      fr: ['Événement', "Nom de l'événement", "Type d'événement", 'Activité'],
      es: ['Evento', 'Nombre del evento', 'Tipo de evento', 'Acción', 'Actividad'],
      pt: ['Evento', 'Nome do evento', 'Tipo de evento', 'Ação', 'Atividade'],
    }),
    optional('feature', 'Feature', 'text', 'Where the file names features rather than events', {
      en: ['feature', 'featurename', 'module'],
      de: ['Funktion', 'Modul', 'Leistungsmerkmal'],
      fr: ['Fonctionnalité', 'Fonction', 'Nom de la fonctionnalité'],
      es: ['Funcionalidad', 'Función', 'Módulo', 'Característica'],
      pt: ['Funcionalidade', 'Função', 'Módulo', 'Recurso'],
    }),
    optional('count', 'Count', 'count', 'How many events a pre-counted row stands for', {
      en: ['count', 'events', 'eventcount', 'n', 'quantity', 'total', 'uses', 'anzahl', 'nombre'],
      de: ['Menge', 'Anzahl Ereignisse', 'Nutzungen', 'Aufrufe'],
      fr: ['Quantité', "Nombre d'événements", "Nombre d'utilisations", 'Utilisations'],
      es: ['Cantidad', 'Número de eventos', 'Recuento', 'Usos'],
      pt: ['Quantidade', 'Número de eventos', 'Contagem', 'Usos'],
    }),
    optional('eventId', 'Event id', 'id', 'Unique id of the event; makes repeated exports harmless', {
      en: ['eventid', 'messageid', 'insertid', 'uuid', 'id'],
      de: ['Ereignis-ID', 'Nachrichten-ID'],
      fr: ['ID événement', "ID de l'événement", "Identifiant de l'événement"],
      es: ['ID de evento', 'ID del evento'],
      pt: ['ID do evento', 'Identificador do evento'],
    }),
  ],
  target: usageTarget,
}
