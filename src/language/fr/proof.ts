import type { FindingCode } from '../../syncing/proof.ts';

/** What a proof proves, and what it leaves open: one sentence or two each. */
export const proof = {
  'told': 'L’appel {call} a été consigné le {at}, juste avant de partir : {timing, select, early {{apart} avant l’échéance} other {{apart} après l’échéance}} ({deadline}).',
  'accepted': 'La place de marché a répondu oui le {at}{isDate, select, yes {, le {date} à sa propre horloge} other {}}{isRequest, select, yes {, sous son numéro de requête {requestId}} other {, sans nommer de numéro de requête}}.',
  'seen': 'La place de marché elle-même l’a montré depuis : relecture du {at}{by, select, sweep {, lors de la lecture régulière des commandes modifiées} other {, à la vérification de cette synchronisation}}.',
  'chained': '{entries, plural, one {L’écriture sur laquelle ceci repose est intacte} other {Les # écritures sur lesquelles ceci repose sont intactes}} : {entries, plural, one {son empreinte se retrouve} other {leurs empreintes se retrouvent}} dans la chaîne « {lane} », dont la dernière écriture porte le numéro {head}.',
  'deadline-assumed': 'La commande ne nomme pas d’échéance : on compte deux jours après la commande.',
  'never-told': 'Rien n’a été envoyé pour cette synchronisation.',
  'closed-by-hand': 'Quelqu’un a clos cette synchronisation à la main : le journal dit qui et pourquoi, la place de marché ne le dit pas.',
  'told-by-others': 'Ce que la place de marché montre lui a été dit par quelqu’un d’autre : aucun appel de Suivi ne l’a fait.',
  'refused': 'La place de marché l’a refusé le {at} ({cause}).',
  'no-verdict': 'On ne connaît ni oui ni non pour l’appel du {at} : il a pu être pris en compte, ou non.',
  'not-seen': 'La place de marché ne l’a pas encore montré : un oui seul ne prouve pas que c’est appliqué.',
  'seen-differently': 'À la dernière relecture, la place de marché montrait autre chose.',
  'clocks-differ': 'Les horloges diffèrent de {apart} : les heures de cette machine ne sont pas plus exactes que cela.',
  'bodies-erased': 'La conservation a effacé ce qui a été dit et répondu dans certaines écritures : les heures, les natures et les empreintes restent.',
  'entries-deleted': 'La conservation a supprimé des écritures plus anciennes de cette synchronisation.',
  'entries-broken': 'Certaines écritures ne sont plus ce qu’elles étaient ({entries}) : rien de ce qui repose sur elles n’est prouvé.',
  'own-key': 'La chaîne est tenue ici, sous une clé de cette installation. Pour convaincre un tiers, comparez sa dernière écriture avec une autre, notée ailleurs auparavant : dans le journal technique, dans un export.',
  'carriage': 'Que le colis ait été remis au transporteur, et que son numéro soit le bon, n’est pas montré ici : le transporteur le sait.',
} as const satisfies Record<FindingCode, string>;
