export const overview = {
  title: 'Vue d’ensemble',
  todo: 'À faire maintenant',
  nothing: 'Rien n’attend : tout ce qui devait être dit l’a été.',
  causes: 'Échecs et attentes, par cause',
  see: 'Voir les {n, plural, one {# synchronisation} other {# synchronisations}}',
  accounts: 'Comptes',
  noAccounts: 'Aucun compte n’est connecté.',
  lane: '{n, plural, =0 {rien en file} one {# en file} other {# en file}}',
  paused: 'Suspendu',
  refused: 'Accès refusé',
  observing: 'En observation',
  atWork: 'En direct',
} as const;
