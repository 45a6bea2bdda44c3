import type { components } from 'ebay-api/types/restful/specs/sell_fulfillment_v1_oas3.js';
import type { HttpAnswer } from '../../runtime/http.ts';
import { json } from './reply.ts';

/** eBay's own contract of the Fulfillment API, as types: a field that it does not name does not compile. */
export type EbaySchemas = components['schemas'];

/** The Fulfillment API's errors: what its contract calls them. All are 400 but 30500. */
const fulfillmentErrors = {
  30500: 'System error',
  30700: 'Invalid filter name: {value}',
  30800: 'Invalid filter value {value}',
  30810: 'Invalid date format',
  30820: 'Start date is missing',
  30830: "Time range between start date and end date must be within '2' years.",
  30840: 'Start date should be before end date',
  30850: "Start and end dates can't be in the future",
  30900: 'Exceeded maximum number of order IDs (the current limit is 50)',
  31000: 'Invalid offset: {value}',
  31100: 'Invalid limit: {value}',
  32100: 'Invalid order ID: {value}',
  32110: 'Invalid shipping fulfillment ID: {value}',
  32200: 'Invalid line item id: {value}',
  32210: 'Duplicate line item in the request',
  32300: 'Invalid shipment tracking number or carrier',
  32400: 'Requested user is suspended',
  32500: 'Invalid shipped date',
  32600: 'Invalid input data',
  32800: 'Invalid field group: {value}',
  34100: 'Maximum tracking number for order is exceeded',
  34200: 'Line Items contain Global Shipping Program and non-Global Shipping Program orders',
  34300: 'Mark As Shipped for multiple Global Shipping Program line items is not supported',
  34500: 'Please use PUT operation for updating shipping fulfillment',
} as const;

export type EbayErrorId = keyof typeof fulfillmentErrors;

/** The Fulfillment API says no. `value` is what it did not like, where its text names that. */
export function no(errorId: EbayErrorId, value = '', status = errorId === 30500 ? 500 : 400): HttpAnswer {
  const message = fulfillmentErrors[errorId].replace('{value}', value);
  const category = errorId === 30500 ? 'APPLICATION' : 'REQUEST';
  const error: EbaySchemas['Error'] = { errorId, domain: 'API_FULFILLMENT', category, message, longMessage: message };
  return json(status, { errors: [value === '' ? error : { ...error, parameters: [{ name: 'value', value }] }] });
}

/** eBay's gate in front of all REST APIs. */
function gate(status: number, errorId: number, domain: string, message: string, longMessage: string): HttpAnswer {
  const error: EbaySchemas['Error'] = { errorId, domain, category: 'REQUEST', message, longMessage };
  return json(status, { errors: [error] });
}

export function tokenInvalid(): HttpAnswer {
  return gate(401, 1001, 'OAuth', 'Invalid access token', 'Invalid access token. Check the value of the Authorization HTTP request header.');
}

export function tokenMissing(): HttpAnswer {
  return gate(401, 1002, 'OAuth', 'Missing access token', 'Access token is missing in the Authorization HTTP request header.');
}

/** The token has not the scope, or is an application's where a user's is wanted. */
export function denied(): HttpAnswer {
  return gate(403, 1100, 'ACCESS', 'Access denied', 'Insufficient permissions to fulfill the request.');
}

export function noResource(): HttpAnswer {
  return gate(404, 2002, 'ACCESS', 'Resource not found', 'The specified resource does not exist.');
}

/** The day's calls are used up. Whether eBay names a Retry-After is not documented: none unless asked for. */
export function throttled(retryAfterS: number | null): HttpAnswer {
  const answer = gate(429, 2001, 'ACCESS', 'Too many requests.', 'The request limit has been reached for the resource.');
  return retryAfterS === null ? answer : { ...answer, headers: { ...answer.headers, 'retry-after': String(retryAfterS) } };
}

export function failing(): HttpAnswer {
  return no(30500);
}
