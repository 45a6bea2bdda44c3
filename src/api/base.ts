/** Where the API begins. */
export const base = '/api/v1';
