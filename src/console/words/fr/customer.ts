/** The customer's page of an order. */
export const customer = {
  follow: 'Suivre le colis chez {carrier}',
  followOne: 'Suivre le colis {tracking} chez {carrier}',
  order: 'Commande {order}',
  placed: 'Commande {order}, passée le {at}',
  yourOrder: 'Votre commande',
  nothingYet: 'Elle est bien enregistrée. Son avancement se montrera ici.',
  question: 'Une question ?',
  askShop: 'Répondez simplement au courriel de confirmation de votre commande.',
  askThere: 'Écrivez au vendeur depuis vos commandes, sur {marketplace}.',
  missingTitle: 'Rien à cette adresse',
  missing: 'Ce lien n’est plus valable, ou il a été recopié en partie. Reprenez-le dans le message du vendeur, ou demandez-lui-en un autre.',
  faultTitle: 'Page indisponible',
  fault: 'Nous n’arrivons pas à montrer votre commande pour le moment. Revenez dans quelques minutes.',
  parcel: 'Colis {carrier}',
} as const;
