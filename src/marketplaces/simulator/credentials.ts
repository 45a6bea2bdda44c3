/**
 * What an account needs to be let in by the simulated marketplaces. Made up, fixed, and good for nothing else:
 * an account that was set up once finds them again after every restart.
 */
export interface Credentials {
  readonly amazon: AmazonCredentials;
  readonly ebay: EbayCredentials;
}

export interface AmazonCredentials {
  readonly region: 'eu';
  readonly marketplaceId: string;
  readonly sellerId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly refreshToken: string;
}

export interface EbayCredentials {
  readonly site: string;
  readonly appId: string;
  readonly certId: string;
  readonly refreshToken: string;
}

export const simulatedCredentials: Credentials = {
  amazon: {
    region: 'eu',
    marketplaceId: 'A13V1IB3VIYZZH',
    sellerId: 'A1SIMULATEDSELLER',
    clientId: 'amzn1.application-oa2-client.simulated',
    clientSecret: 'amzn1.oa2-cs.v1.simulated-client-secret',
    refreshToken: 'Atzr|simulated-refresh-token',
  },
  ebay: {
    site: 'EBAY_FR',
    appId: 'Simulated-Shop-PRD-000000000-00000000',
    certId: 'PRD-simulated-cert-id',
    refreshToken: 'v^1.1#simulated-refresh-token',
  },
};

/**
 * The one buyer of all simulated orders. Each text can be searched for, to prove that nothing personal was kept.
 * The number is one that France reserves for fiction; the mail domain can never exist.
 */
export const fakeBuyer = {
  name: 'Camille Acheteur-Simulé',
  username: 'camille_simule',
  email: 'camille.acheteur@simule.invalid',
  phone: '+33199000042',
  street: '42 rue des Simulations',
  city: 'Simuville',
  postalCode: '99942',
  country: 'FR',
} as const;
