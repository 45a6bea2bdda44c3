import type { HttpAnswer } from '../../runtime/http.ts';
import { empty, json } from './reply.ts';

/**
 * What the simulated Amazon says when it says no. Texts marked "seen" are Amazon's own, as sellers quoted them in public
 * threads or as its documentation prints them; for the others no text of Amazon's is known, and only the status and the
 * form of the body are Amazon's. Nobody should tell those apart by their wording.
 */
function no(status: number, code: string, message: string, details = ''): HttpAnswer {
  return json(status, { errors: [{ code, message, details }] });
}

/** 400, whose code is `InvalidInput` in every thread that quotes one. */
export function invalid(message: string, details = ''): HttpAnswer {
  return no(400, 'InvalidInput', message, details);
}

/** Seen. `details` is empty where a role or the seller's authorization is missing. */
export function denied(details: string): HttpAnswer {
  return no(403, 'Unauthorized', 'Access to requested resource is denied.', details);
}

export const tokenMissing = 'Access token is missing in the request header.';
export const tokenExpired = 'The access token you provided has expired.';
export const tokenUnknown = 'The access token you provided is revoked, malformed or invalid.';

/** Seen. Amazon documents no Retry-After. */
export function throttled(retryAfterS: number | null): HttpAnswer {
  const answer = no(429, 'QuotaExceeded', 'You exceeded your quota for the requested resource.');
  return retryAfterS === null ? answer : { ...answer, headers: { ...answer.headers, 'retry-after': String(retryAfterS) } };
}

/** Seen. */
export function failing(): HttpAnswer {
  return no(500, 'InternalFailure', 'We encountered an internal error. Please try again.');
}

/** The status is documented, the text is ours. */
export function notFound(what: string): HttpAnswer {
  return no(404, 'NotFound', `The ${what} was not found.`);
}

/** Seen. */
export function wrongType(fields: readonly string[]): HttpAnswer {
  return invalid(`The input you have submitted is not valid. Please check the fields with invalid type [${fields.join(', ')}].`);
}

/** Ours, in the manner of the one before. */
export function unknownField(fields: readonly string[]): HttpAnswer {
  return invalid(`The input you have submitted is not valid. Please check the fields that are not known [${fields.join(', ')}].`);
}

/** Seen, both for a missing and for a non-numeric one. */
export const referenceInvalid = 'PackageReferenceId: is invalid, must be a positive numeric value.';

/** Seen. */
export function orderItemInvalid(id: string): HttpAnswer {
  return invalid(`OrderItemId ${id} is invalid, please obtain the value through the getOrderItems API or Manage Orders page`);
}

/** Seen. */
export const packageToUpdateNotFound =
  'Failed to create package due to not finding a matching package or order already fulfilled. ' +
  'ErrorMessage(errorCode=GeneralError, errorDescription=Unable to find package to update for order (), errorMetric=PackageToUpdateNotFound, packageIndex=null)';

/** Amazon's yes to a shipment. */
export function noContent(): HttpAnswer {
  return empty(204);
}
