/** What stands at the end of `suivi --help`: the settings, and how a command ends. */
export const settings = {
  SUIVI_DATABASE_URL: 'Where everything is kept (file:var/suivi.db)',
  SUIVI_CONFIG_DIR: 'Folder of accounts.json and of your own tables (config)',
  SUIVI_LISTEN: 'Where the API listens (127.0.0.1:8480)',
  SUIVI_PUBLIC_URL: 'The beginning of the links sent to customers',
  SUIVI_TIME_ZONE: 'The merchant’s time zone (Europe/Paris)',
  SUIVI_SECRET: 'All keys are derived from it; the first start makes one',
  SUIVI_SECRET_PREVIOUS: 'What it was before',
  SUIVI_ALERT_URL: 'Alerts are posted there',
  SUIVI_RETENTION: 'How long the audit is kept (3y)',
  SUIVI_LOG_LEVEL: 'trace, debug, info, warn, error, fatal, silent (info)',
} as const;

export const statuses = {
  done: 'done',
  someFailed: 'done, with failures to look at',
  usage: 'wrong usage',
  unreachable: 'something needed cannot be reached',
  fault: 'a fault of Suivi’s own',
  running: 'another instance runs',
  settings: 'settings or schema cannot be used',
} as const;
