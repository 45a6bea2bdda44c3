/** Every problem that the API answers with, and its HTTP status. Codes never change; their words are in words/. */
export const problems = {
  'broken-json': 400,
  'not-utf8': 400,
  'nested-too-deep': 400,
  'body-missing': 400,
  'body-cut': 400,
  'not-a-list': 400,
  'malformed': 400,
  'wrong-parameters': 400,
  'filter-missing': 400,
  'bad-request': 400,
  'token-missing': 401,
  'token-refused': 401,
  'token-may-not': 403,
  'nothing-here': 404,
  'unknown-account': 404,
  'unknown-order': 404,
  'unknown-sync': 404,
  'unknown-parcel': 404,
  'unknown-application': 404,
  'method-not-allowed': 405,
  'left-out': 409,
  'undone-before': 409,
  'body-too-large': 413,
  'too-many-items': 413,
  'too-many-values': 413,
  'not-json': 415,
  'encoded-body': 415,
  'refused': 422,
  'too-many-guesses': 429,
  'own-fault': 500,
  'store-unavailable': 503,
} as const;

export type ProblemCode = keyof typeof problems;

/** What is wrong with the shape of what was sent, beside the faults that the orders room finds. */
export const shapeCodes = ['unknown-member', 'wrong-type', 'null-given', 'not-one-of', 'too-many', 'text-characters', 'not-alone', 'not-taken'] as const;

export type ShapeCode = (typeof shapeCodes)[number];

/** What a value is, for those who sent another. */
export const typeNames = ['text', 'number', 'truth', 'list', 'object', 'null'] as const;

export type TypeName = (typeof typeNames)[number];
