import type { settings as settingsEnglish, statuses as statusesEnglish } from '../en/guide.ts';

/** Ce qui termine « suivi --help » : les réglages, et comment une commande se termine. */
export const settings = {
  SUIVI_DATABASE_URL: 'Où tout est gardé (file:var/suivi.db)',
  SUIVI_CONFIG_DIR: 'Dossier d’accounts.json et de vos tables (config)',
  SUIVI_LISTEN: 'Où l’API écoute (127.0.0.1:8480)',
  SUIVI_PUBLIC_URL: 'Le début des liens envoyés aux clients',
  SUIVI_TIME_ZONE: 'Le fuseau horaire du marchand (Europe/Paris)',
  SUIVI_SECRET: 'Source de toutes les clés ; créé au premier lancement',
  SUIVI_SECRET_PREVIOUS: 'Ce qu’il était avant',
  SUIVI_ALERT_URL: 'Les alertes y sont déposées',
  SUIVI_RETENTION: 'Combien de temps l’audit est gardé (3y)',
  SUIVI_LOG_LEVEL: 'trace, debug, info, warn, error, fatal, silent (info)',
} as const satisfies Record<keyof typeof settingsEnglish, string>;

export const statuses = {
  done: 'fait',
  someFailed: 'fait, avec des échecs à regarder',
  usage: 'mauvais usage',
  unreachable: 'quelque chose de nécessaire ne peut être joint',
  fault: 'une erreur de Suivi lui-même',
  running: 'une autre instance tourne',
  settings: 'réglages ou schéma inutilisables',
} as const satisfies Record<keyof typeof statusesEnglish, string>;
