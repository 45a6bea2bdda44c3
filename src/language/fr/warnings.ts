import type { WarningCode } from '../../planning/preflight.ts';

/** What the merchant should know at the moment of applying. */
export const warnings = {
  'not-imported': 'Cette commande n’est pas encore importée : la synchronisation partira dès qu’elle le sera.',
  'tracking-missing': 'Le numéro de suivi manque : la synchronisation est à compléter, et part dès que vous l’aurez donné.',
  'tracking-required': 'Cette place de marché demande un numéro de suivi : la synchronisation est à compléter tant que le colis n’en a pas.',
  'tracking-elsewhere': '{isFound, select, yes {Le numéro de suivi « {found} »} other {Ce numéro de suivi}} est déjà celui d’un colis d’une autre commande. Vérifiez qu’il n’y a pas d’erreur de ligne.',
  'carrier-missing': 'Le transporteur manque : la synchronisation est à compléter, et part dès que vous l’aurez donné.',
  'carrier-unknown': '{isFound, select, yes {« {found} »} other {Ce transporteur}} n’a pas encore de code auprès de cette place de marché : la confirmation attendra que vous l’ayez relié.',
  'carrier-unverified': 'Le code donné à {isFound, select, yes {« {found} »} other {ce transporteur}} n’a pas encore été vérifié : comparez-le à la liste de la place de marché.',
  'cancel-requested': 'L’acheteur demande l’annulation de cette commande : rien ne part avant votre réponse.',
  'order-cancelled': 'Cette commande est annulée : rien ne sera envoyé.',
  'fulfilled-by-marketplace': 'La place de marché expédie elle-même cette commande : rien ne sera envoyé.',
  'labelled-by-marketplace': 'L’étiquette a été achetée à la place de marché, qui confirme elle-même l’expédition : rien ne sera envoyé.',
  'never-confirmed': 'La place de marché ne sait pas que cette commande est expédiée : tant qu’elle ne l’apprend pas, vous n’êtes pas payé. Appliquez d’abord un état d’expédition.',
  'not-offered': 'Suivi ne sait pas encore faire cette opération auprès de cette place de marché : faites-la directement chez elle.',
  'past-deadline': 'L’échéance d’expédition est passée : la synchronisation partira quand même, au plus tôt.',
  'units-left': '{isFound, select, yes {Il reste {count, plural, one {# unité} other {# unités}} à expédier} other {Il reste des unités à expédier}}, alors que cet état dit toute la commande expédiée.',
  'parcel-keeps-carrier': 'Ce colis était déjà connu avec un autre transporteur, et le garde : « {found} » n’a pas été repris. Si c’est le bon, corrigez le colis.',
  'parcel-known': 'Ce colis était déjà connu : il n’est pas confirmé une seconde fois.',
  'parcel-completed': '{isFound, select, yes {Le numéro de suivi « {found} »} other {Ce numéro de suivi}} complète un colis qui l’attendait.',
  'already-shipped': 'Tout est déjà expédié : il ne reste rien à confirmer.',
  'before-start': 'Cet état date d’avant le début du suivi de ce compte vendeur : rien ne sera envoyé.',
  'observing': 'Ce compte vendeur est en observation : tout est préparé, rien n’est envoyé.',
  'payment-pending': 'Le paiement n’est pas encore confirmé : la synchronisation partira quand il le sera.',
  'payment-refused': 'Le paiement a été refusé : rien ne sera envoyé. N’expédiez pas.',
  'notices-not-available': 'Courriels, SMS et factures ne sont pas encore disponibles : cet état n’en fera partir aucun.',
} as const satisfies Record<WarningCode, string>;
