import type { UnusableCode } from '../../../store/unusable.ts';

/** Pourquoi la base, une sauvegarde ou le verrou ne peut servir, et que faire. */
export const unusable: Readonly<Record<UnusableCode, string>> = {
  'damaged': '{file} est abîmée ou n’est pas une base SQLite ({what}) : restaurez la dernière sauvegarde avec suivi restore FICHIER ; celles des sept dernières nuits sont dans {backups}',
  'backup-damaged': '{file} est abîmée ou n’est pas une base SQLite ({what}) : ne la restaurez pas, prenez une sauvegarde plus ancienne',
  'not-writable': '{file} ne peut être écrite ({what}) : voyez si cet utilisateur peut écrire là, et si le volume n’est pas en lecture seule',
  'not-there': '{file} ne peut être ouverte ({what}) : voyez si elle existe et si cet utilisateur peut écrire là ; suivi migrate la crée',
  'not-opened': '{file} ne peut être ouverte : {what}',
  'not-durable': '{file} : SQLite n’écrirait pas jusqu’au disque (synchronous n’est pas FULL)',
  'newer': '{file} vient d’une version plus récente (elle a {what}) : lancez cette version, ou restaurez une sauvegarde faite par celle-ci',
  'older': '{file} est plus ancienne que cette version (il lui manque {what}) : lancez suivi migrate, ou le démon',
  'no-suivi': '{file} ne contient pas de données de Suivi : voyez si c’est le bon fichier',
  'restore-unfinished': '{file} : une restauration a été interrompue ({what} est là) : relancez suivi restore FICHIER ; ce qui était là auparavant est à côté, sous le nom before-restore',
  'lock-damaged': '{file} ne peut servir de verrou à la base ({what}) : il ne contient rien d’utile ; assurez-vous qu’aucun Suivi ne travaille sur cette base, et supprimez-le',
  'lock-full': '{file} ne peut servir de verrou à la base ({what}) : le disque est plein, faites de la place',
  'lock-refused': '{file} ne peut servir de verrou à la base ({what}) : voyez si cet utilisateur peut écrire là',
  'server-old': '{file} est PostgreSQL {what} : Suivi demande la version 14 ou une plus récente',
  'server-refuses': '{file} refuse l’utilisateur ou le mot de passe de SUIVI_DATABASE_URL ({what})',
  'server-no-database': '{file} n’existe pas ({what}) : créez-la (create database), avec cet utilisateur pour propriétaire',
  'server-no-rights': '{file} : cet utilisateur ne peut y créer de tables ({what}) : faites-en le propriétaire de la base',
  'server-unusable': '{file} ne peut servir : {what}',
  'server-half-copied': '{file} est une copie inachevée : relancez suivi db copy, qui la continue',
};
