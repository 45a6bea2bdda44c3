import type { AlertKind } from '../../syncing/alert.ts';

/** Ce que dit chaque sorte d’alerte, et quoi faire ; pour un refus ou un échec suit le diagnostic de sa cause. */
export const alerts = {
  'overdue-soon': { what: '{account} : {orders, plural, one {# synchronisation a} other {# synchronisations ont}} une échéance passée, ou à moins de deux heures ; la plus proche : {nearest}.', remedy: 'Voyez ce qu’elles attendent, la plus proche échéance d’abord.' },
  'account-refused': { what: '{account} : la place de marché refuse {call, select, all {le compte} other {l’appel {call}}} depuis le {since}.', remedy: 'Vérifiez le compte.' },
  'failure': { what: '{account} : une synchronisation échoue pour une cause nouvelle ({cause}).', remedy: 'Voyez son diagnostic.' },
  'queue-old': { what: '{account} : quelque chose pourrait partir depuis le {since}, et n’est pas parti.', remedy: 'Regardez le compte, et le journal du démon.' },
  'orders-not-read': { what: '{account} : les commandes modifiées ne sont plus lues depuis le {since} ; ce qui est accepté n’est plus vérifié.', remedy: 'Vérifiez le compte.' },
  'source-silent': { what: 'Aucun état n’a été appliqué depuis le {since} ; il y a une semaine, il y en eut {weekBefore} ce jour-là.', remedy: 'Voyez si la boutique, ou ce qui envoie les états, le fait encore.' },
  'disk-low': { what: '{gigabytes} Go sont libres sur le disque de la base. Plus aucune commande n’est importée ; les confirmations partent encore.', remedy: 'Faites de la place.' },
  'clock-off': { what: 'L’horloge de cette machine est à {seconds} s de celles des places de marché : rien n’est envoyé.', remedy: 'Réglez-la par NTP.' },
  'store-failing': { what: 'La base de données refuse : rien ne peut être écrit, donc rien n’est envoyé.', remedy: 'Voyez le journal du démon et le disque : suivi doctor.' },
} as const satisfies Record<AlertKind, { readonly what: string; readonly remedy: string }>;
